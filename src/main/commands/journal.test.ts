import { DatabaseSync } from 'node:sqlite';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../../base/index.ts';
import type { Journal } from '../../journal/index.ts';
import { type JournalFolder, journalFolder, testDraft } from '../../journal/testing.ts';
import type { CommandModule } from '../command.ts';
import * as journalExport from './journal-export.ts';
import * as journalList from './journal-list.ts';
import * as journalVerify from './journal-verify.ts';

let place: JournalFolder;
let gate: Journal;
beforeEach(() => {
  place = journalFolder();
  gate = place.open();
});
afterEach(() => {
  gate.close();
  place.remove();
});

function streams() {
  const [output, error] = [new PassThrough(), new PassThrough()];
  output.setEncoding('utf8');
  error.setEncoding('utf8');
  return { input: Readable.from([]), output, error };
}

async function said(command: CommandModule, ...args: string[]) {
  const io = streams();
  const code = await command.run([...args, '--data', place.folder], io);
  return { code, output: String(io.output.read() ?? ''), error: String(io.error.read() ?? '') };
}

describe('journal list', () => {
  it('prints a row a line, oldest first, while the gate runs', async () => {
    gate.append([testDraft(7), testDraft(8, { party: [1, 2], reason: 'two words' })], [], 'code');
    const { code, output } = await said(journalList);
    expect(code).toBe(0);
    expect(output.split('\n')).toEqual([
      '1 2026-03-01T08:00:00.000Z synced system reason=journal-opened',
      '2 2026-03-01T08:00:07.000Z synced granted direction=in index=7 kind=1 lane=north reader=north-1',
      '3 2026-03-01T08:00:08.000Z synced granted direction=in index=8 kind=1 lane=north party=1,2 reader=north-1 reason="two words"',
      '',
    ]);
  });

  it('prints JSON as the wire has it, from a row on', async () => {
    gate.append([testDraft(7), testDraft(8)], [], 'code');
    const { output } = await said(journalList, '--json', '--from', '3');
    expect(
      output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { seq: 3, index: 8, hash: gate.head?.hash, previousHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  it('follows the gate until whoever reads has left', async () => {
    const io = streams();
    const done = journalList.run(['--follow', '--data', place.folder], io);
    await expect.poll(() => String(io.output.read() ?? '')).toContain('journal-opened');
    gate.append([testDraft(7)], [], 'code');
    await expect.poll(() => String(io.output.read() ?? '')).toContain('index=7');
    io.output.end();
    expect(await done).toBe(0);
  });

  it('never lets a row move the cursor of a terminal', async () => {
    gate.append([testDraft(1, { reason: '\u001b[2J\u2028\u202e' })], [], 'code');
    const { output } = await said(journalList);
    expect(output.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}]/u);
    expect(output.split('\n')).toHaveLength(3);
  });

  it.each([
    [['--from', '0'], 2],
    [['--from', 'x'], 2],
    [['--unknown'], 2],
    [['--config', 'x.yaml'], 2],
  ])('does not understand %j', async (args, code) => {
    expect((await said(journalList, ...args)).code).toBe(code);
  });

  it('says that there is no journal', async () => {
    const io = streams();
    expect(await journalList.run(['--data', `${place.folder}/none`], io)).toBe(1);
    expect(String(io.error.read())).toContain('cannot be read as a journal');
  });
});

describe('journal verify', () => {
  it('says that the chain is whole, and to which row', async () => {
    gate.append([testDraft(1), testDraft(2)], [], 'code');
    const { code, output } = await said(journalVerify);
    expect(code).toBe(0);
    expect(output).toBe(`whole from row 1 to 3, journal ${gate.head?.id}, hash ${gate.head?.hash}\n`);
  });

  it('names the first row that does not hold', async () => {
    gate.append([testDraft(1), testDraft(2), testDraft(3)], [], 'code');
    const other = new DatabaseSync(place.file);
    other.exec("UPDATE row SET content = replace(content, 'north', 'south') WHERE seq >= 3");
    other.close();
    const { code, output } = await said(journalVerify);
    expect(code).toBe(1);
    expect(output).toBe('damaged, first bad row 3: row 3 is not what was written\n');
    const list = await said(journalList);
    expect(list.code).toBe(1);
    expect(list.error).toContain('row 3');
  });

  it('tells of journals that were set aside', async () => {
    gate.startAnew({ at: wallMs(Date.parse('2026-03-02T00:00:00Z')), clock: 'synced' });
    const { code, error } = await said(journalVerify);
    expect(code).toBe(0);
    expect(error).toContain('was set aside as damaged on 2026-03-02T00:00:00.000Z');
  });
});

describe('journal export', () => {
  it('writes one JSON list', async () => {
    gate.append([testDraft(1)], [], 'code');
    const { output } = await said(journalExport, '--format', 'json');
    expect(JSON.parse(output)).toMatchObject([{ seq: 1 }, { seq: 2, index: 1 }]);
    const none = await said(journalExport, '--format', 'json', '--from', '9');
    expect(JSON.parse(none.output)).toEqual([]);
  });

  it('writes CSV whose every record has every column', async () => {
    gate.append([testDraft(1, { reason: 'a "quoted", cell', party: [4, 5] })], [], 'code');
    const { output } = await said(journalExport, '--format', 'csv');
    const [header, first, second, rest] = output.split('\r\n');
    expect(header?.split(',')).toHaveLength(21);
    expect(first?.split(',')).toHaveLength(21);
    expect(second).toContain('"a ""quoted"", cell"');
    expect(second).toContain(',4 5,');
    expect(rest).toBe('');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1', '|calc', '\r=1'])(
    'a spreadsheet never calculates %j',
    async (reason) => {
      gate.append([testDraft(1, { reason, actor: reason })], [], 'code');
      const { output } = await said(journalExport, '--format', 'csv', '--from', '2');
      const cells = [
        ...output.slice(output.indexOf('\r\n') + 2).matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g),
      ].map(([, cell]) => cell);
      const risky = cells.filter((cell) => /^"?\s*[=+\-@|＝]/u.test(cell ?? ''));
      expect(risky).toEqual([]);
      expect(output).toContain(`'${reason}`);
    },
  );

  it('asks for a format', async () => {
    expect((await said(journalExport)).code).toBe(2);
    expect((await said(journalExport, '--format', 'xml')).code).toBe(2);
  });
});
