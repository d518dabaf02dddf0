/** Holds the documents to what is there: a promise names its test, a link leads somewhere, a table says what the code does. */
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOMS } from './import-table.ts';
import { REPOSITORY, repositoryFiles, type SourceFile } from './places.ts';

const files = repositoryFiles();
const documents = files.filter(({ path }) => /^(docs\/.*|[A-Z]+)\.md$/.test(path));

function textOf(path: string): string {
  return files.find((file) => file.path === path)?.text ?? '';
}

function exists(path: string): boolean {
  return existsSync(join(REPOSITORY, path));
}

/** Cells of each row of a document's tables. */
function rowsOf(path: string): string[][] {
  return [...textOf(path).matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(' | '));
}

function testsNamedIn(text: string): string[] {
  return [...text.matchAll(/[\w./-]+\.test\.tsx?/g)].map(([path]) => path);
}

describe('the threats', () => {
  const threats = rowsOf('docs/threats.md').filter(([number = '']) => /^T\d+$/.test(number));

  it('are told from T1 to T26', () => {
    expect(threats.map(([number]) => number)).toEqual(Array.from({ length: 26 }, (_, at) => `T${at + 1}`));
  });

  it.each(threats)('%s, %s: names the test that holds it, or says that none does', (_, _threat, ...rest) => {
    const held = rest.at(-1) ?? '';
    expect(testsNamedIn(held).length > 0 || /\*Not held yet:\*/.test(held)).toBe(true);
  });
});

describe('the documents', () => {
  it.each(['docs/threats.md', 'docs/reliability.md'])('%s names only tests that are there', (path) => {
    const named = testsNamedIn(textOf(path));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((test) => !exists(test))).toEqual([]);
  });

  it.each(documents)('$path links only to what is there', (document) => {
    expect(deadLinks(document)).toEqual([]);
  });

  it.each(documents)('$path names only commands that there are', ({ text }) => {
    const table = textOf('src/main/command-table.ts');
    const isCommand = (words: string[]) =>
      [1, 2].some((count) => table.includes(`words: ['${words.slice(0, count).join("', '")}']`));
    const named = [...text.matchAll(/scripts\/menwei ((?:[a-z]+ ?){1,2})/g)].map(([, words = '']) =>
      words.trim(),
    );
    expect(named.filter((words) => !isCommand(words.split(' ')))).toEqual([]);
  });

  it('give decisions numbers without a gap, and list them', () => {
    const decisions = documents
      .map(({ path }) => posix.basename(path))
      .filter((name) => /^\d{3}-/.test(name));
    expect(decisions.map((name) => Number(name.slice(0, 3))).sort((a, b) => a - b)).toEqual(
      decisions.map((_, at) => at + 1),
    );
    const index = textOf('docs/decisions/README.md');
    expect(decisions.filter((name) => !index.includes(`(${name})`))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const rooms = rowsOf('docs/architecture.md')
    .filter(({ length }) => length === 3)
    .map(([room = '', , may = '']) => ({ room: /^`(.+)`$/.exec(room)?.[1] ?? '', may }))
    .filter(({ room, may }) => room !== '' && !may.startsWith('everything'));

  it('has a row for each room that there is', () => {
    const built = Object.keys(ROOMS).filter((room) =>
      exists(room.includes('/') || room === 'config' ? room : `src/${room}`),
    );
    const told = new Set(rooms.map(({ room }) => room));
    expect(built.filter((room) => !told.has(room) && !told.has(room.replace(/\/.*/, '/*')))).toEqual([]);
  });

  it.each(rooms)('$room may import what the table of this test says', ({ room, may }) => {
    const rule = ROOMS[room] ?? ROOMS[room === 'ui/*' ? 'ui/display' : 'device/door'];
    const { values, types } = importsIn(may);
    expect({ values: values.sort(), types: types.sort() }).toEqual({
      values: [...(rule?.values ?? [])].sort(),
      types: [...(rule?.types ?? [])].sort(),
    });
  });
});

/** `base, types of code and wire` as the lists of test/house/import-table.ts. */
function importsIn(cell: string): { values: string[]; types: string[] } {
  const plain = cell
    .replace('journal and its reading side', 'journal, journal/reading')
    .replace("journal's reading side", 'journal/reading')
    .replace("crypto's browser half", 'crypto/browser');
  const [values = '', types = ''] = plain.split(/(?:^|, )types of /);
  const names = (text: string) => text.split(/, | and /).filter((name) => name !== '' && name !== 'nothing');
  return { values: names(values), types: names(types) };
}

function deadLinks({ path, text }: SourceFile): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link.replace(/#.*/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .filter((link) => !exists(posix.join(posix.dirname(path), link)));
}
