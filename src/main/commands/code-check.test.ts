import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { codeCheck } from './code-check.ts';

const day = join(import.meta.dirname, '../../../test/vectors/code-v1-day.json');

interface Case {
  readonly name: string;
  readonly text: string;
  readonly kind?: number;
  readonly fields?: unknown;
  readonly refusal?: string;
}

const vectors = JSON.parse(readFileSync(day, 'utf8')) as { valid: Case[]; refused: Case[] } & Record<
  string,
  unknown
>;
const folder = mkdtempSync(join(tmpdir(), 'menwei-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function contextWith(change: Record<string, unknown>): string {
  const path = join(folder, `${Object.keys(change).join('-')}.json`);
  writeFileSync(path, JSON.stringify({ ...vectors, ...change }));
  return path;
}

async function check(input: readonly (string | Uint8Array)[], args = ['--context', day]) {
  const [output, error] = [new PassThrough(), new PassThrough()];
  output.setEncoding('utf8');
  const answers: string[] = [];
  output.on('data', (text: string) => answers.push(text));
  const code = await codeCheck(args, { input: Readable.from(input), output, error });
  const lines = answers.join('').split('\n').slice(0, -1);
  return { code, answers: lines.map((line) => JSON.parse(line)), explained: String(error.read() ?? '') };
}

const asLines = (texts: readonly string[]) => texts.map((text) => `${JSON.stringify(text)}\n`).join('');
const firstValid = vectors.valid[0]?.text ?? '';

describe('code check', () => {
  it('answers every published code as published, in order', async () => {
    const cases = [...vectors.valid, ...vectors.refused];
    const { code, answers } = await check([asLines(cases.map(({ text }) => text))]);
    expect(code).toBe(0);
    expect(answers).toHaveLength(cases.length);
    for (const [at, expected] of cases.entries()) {
      if (expected.refusal === undefined) {
        expect(answers[at]).toEqual({ verdict: 'valid', kind: expected.kind, fields: expected.fields });
      } else {
        expect(answers[at], expected.name).toMatchObject({ verdict: 'refused', refusal: expected.refusal });
      }
    }
  });

  it('judges each code alone: the same one twice is valid twice', async () => {
    const { answers } = await check([asLines([firstValid, firstValid])]);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['valid', 'valid']);
  });

  it('names the line that is no JSON string, judges the others, and ends with 1', async () => {
    const { code, answers } = await check([`${asLines([firstValid])}X1\n7\n\n${asLines(['hello'])}`]);
    expect(code).toBe(1);
    expect(answers).toMatchObject([
      { verdict: 'valid' },
      { error: 'line 2: is not a JSON string' },
      { error: 'line 3: is JSON, but not a string' },
      { error: 'line 4: is not a JSON string' },
      { verdict: 'refused', refusal: 'not-a-code' },
    ]);
  });

  it('takes a last line without a line feed, Windows line ends, and bytes cut anywhere', async () => {
    const bytes = Buffer.from(`${JSON.stringify('字')}\r\n${JSON.stringify(firstValid)}`);
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    const { code, answers } = await check(pieces);
    expect(code).toBe(0);
    expect(answers).toMatchObject([{ refusal: 'not-a-code' }, { verdict: 'valid' }]);
  });

  it('answers nothing to nothing', async () => {
    expect(await check([])).toEqual({ code: 0, answers: [], explained: '' });
  });

  it('answers texts of a megabyte and lone surrogates like any other', async () => {
    const { code, answers } = await check([
      `${asLines(['X1'.repeat(500_000), '7'.repeat(7_089)])}"\\ud800"\n`,
    ]);
    expect(code).toBe(0);
    expect(answers).toMatchObject([
      { refusal: 'malformed' },
      { refusal: 'not-a-code' },
      { refusal: 'not-a-code' },
    ]);
  });

  it('keeps pace with whoever reads the answers', async () => {
    const lines = 3_000;
    let waiting = 0;
    let most = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write: (chunk: Buffer, _, done) => {
        waiting += chunk.length;
        most = Math.max(most, waiting);
        setImmediate(() => {
          waiting -= chunk.length;
          done();
        });
      },
    });
    let given = 0;
    const source = Readable.from(
      (function* () {
        for (; given < lines; given += 1) yield asLines(['no code']);
      })(),
    );
    expect(await codeCheck(['--context', day], { input: source, output: slow, error: slow })).toBe(0);
    expect(given).toBe(lines);
    expect(most).toBeLessThan(1_000);
  });

  it.each([
    ['open', undefined],
    ['guard', 'needs-guard'],
    ['refuse', 'assurance-too-low'],
  ])('applies the printed-card rule "%s"', async (printedCard, refusal) => {
    const policy = { ...(vectors['policy'] as object), printedCard };
    const card = vectors.valid.find(({ kind }) => kind === 5)?.text ?? '';
    const { answers } = await check([asLines([card])], ['--context', contextWith({ policy })]);
    expect(answers[0]?.refusal).toBe(refusal);
  });

  it('lists every problem of a context by its field', async () => {
    const path = contextWith({ now: -1, community: 'x', keyset: [{ kid: 256 }] });
    const { code, answers, explained } = await check([asLines([firstValid])], ['--context', path]);
    expect({ code, answers }).toEqual({ code: 1, answers: [] });
    for (const field of ['now', 'community', 'keyset.0.kid', 'keyset.0.public']) {
      expect(explained).toContain(`${path}: ${field}: `);
    }
  });

  it('says which key stands there twice', async () => {
    const keyset = (vectors['keyset'] as unknown[]).slice(0, 1);
    const path = contextWith({ keyset: [...keyset, ...keyset] });
    const { explained } = await check([], ['--context', path]);
    expect(explained).toContain('keyset.1.kid: is there already');
  });

  it('does not believe a listed key that breaks the rules', async () => {
    const [key, ...others] = vectors['keyset'] as { public: string }[];
    const weak = { ...key, public: `01${'00'.repeat(31)}` };
    const { code, answers } = await check(
      [asLines([firstValid])],
      ['--context', contextWith({ keyset: [weak, ...others], about: 'weak' })],
    );
    expect(code).toBe(0);
    expect(answers[0]).toEqual({ verdict: 'refused', refusal: 'bad-signature', kind: 1 });
  });

  it.each([[[]], [['--context']], [['--file', day]], [['--context', day, 'more']]])(
    'does not understand %j',
    async (args) => {
      const { code, explained } = await check([], args);
      expect(code).toBe(2);
      expect(explained).toContain('usage: menwei code check --context FILE');
    },
  );

  it('says so when the context cannot be read or is no JSON', async () => {
    const missing = await check([], ['--context', join(folder, 'nowhere.json')]);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.explained).toContain('cannot be read (ENOENT)');
    const path = join(folder, 'text.json');
    writeFileSync(path, 'no json');
    expect((await check([], ['--context', path])).explained).toContain('is not JSON');
  });
});
