import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { somebody } from '../../district/registry/testing.ts';
import { dispatch } from '../command-table.ts';

let folder: string;
let config: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menwei-import-command-'));
  config = join(folder, 'district.yaml');
  const settings = [
    'district: d-1',
    'dataDir: data',
    'timeZone: Asia/Shanghai',
    'communities:',
    '  - id: 7',
    '  - id: 8',
  ];
  await writeFile(config, settings.join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function said(...args: readonly string[]): Promise<{ code: number; output: string; error: string }> {
  const [output, error] = [collect(), collect()];
  const io = { input: (async function* () {})(), output: output.stream, error: error.stream };
  const code = await dispatch(['district', ...args, '--config', config], io);
  return { code, output: output.text(), error: error.text() };
}

function collect(): { stream: Writable; text: () => string } {
  const pieces: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      pieces.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => pieces.join('') };
}

const listOf = async (name: string, ...rows: readonly string[]) => {
  const file = join(folder, name);
  await writeFile(file, ['姓名,证件号码,电话,房间', ...rows].join('\r\n'));
  return file;
};

describe('menwei district import', () => {
  const [one, other] = [somebody(), somebody()];
  const rowOf = ({ name, document, phone }: typeof one, door: string) =>
    `${name},${document.number},${phone},1-1-${door}`;

  test('tells first what it would do, then does it, then finds everybody there', async () => {
    const file = await listOf('good.csv', rowOf(one, '101'), rowOf(other, '102'));
    const dry = await said('import', file, '--community', '7', '--dry-run');
    expect(dry).toEqual({
      code: 0,
      output: '2 rows: 2 would be entered, 0 known before, 0 bad\n',
      error: '',
    });
    expect((await said('import', file, '--community', '7')).output).toBe(
      '2 rows: 2 entered, 0 known before, 0 bad\n',
    );
    expect((await said('import', file, '--community', '7')).output).toBe(
      '2 rows: 0 entered, 2 known before, 0 bad\n',
    );
  });

  test('a bad row: nothing entered, row and column told in both languages, nothing of the cell', async () => {
    const bad = { ...somebody(), phone: '12345' };
    const file = await listOf('bad.csv', rowOf(somebody(), '103'), rowOf(bad, '104'));
    const { code, output, error } = await said('import', file, '--community', '7');
    expect(code).toBe(1);
    expect(output).toMatch(/^2 rows: nothing entered, 0 known before, 1 bad\n.*--skip-bad/);
    expect(error).toMatch(/^row 3: 电话: must have 11 digits.*\n {2}第 3 行：电话：应为/);
    expect(error + output).not.toContain('12345');
    expect(error + output).not.toContain(bad.document.number);
    expect(await said('import', file, '--community', '7', '--skip-bad')).toMatchObject({
      code: 0,
      output: '2 rows: 1 entered, 0 known before, 1 bad\n',
    });
  });

  test('a file, a community or words that are not understood are told with what to do', async () => {
    const file = await listOf('again.csv');
    expect(await said('import', file)).toMatchObject({
      code: 1,
      error: expect.stringContaining('name one of 7, 8') as string,
    });
    expect(await said('import', file, '--community', '9')).toMatchObject({
      code: 1,
      error: expect.stringContaining('not one of this district') as string,
    });
    expect(await said('import', join(folder, 'missing.csv'), '--community', '7')).toMatchObject({
      code: 1,
      error: expect.stringContaining('ENOENT') as string,
    });
    expect(await said('import', file, '--community', '7')).toMatchObject({
      code: 1,
      error: expect.stringContaining('no rows') as string,
    });
    expect(await said('import', '--skip')).toMatchObject({
      code: 2,
      error: expect.stringContaining('usage') as string,
    });
  });
});

describe('menwei district seed', () => {
  test('fills a district, once unless it is told to', async () => {
    expect(await said('seed', '--residents', '50')).toMatchObject({
      code: 1,
      error: expect.stringContaining('--add') as string,
    });
    const { code, output } = await said(
      'seed',
      '--residents',
      '50',
      '--gates',
      '2',
      '--seed',
      's-1',
      '--add',
    );
    expect(code).toBe(0);
    expect(output).toMatch(/^50 residents, \d+ phones and 2 gates in [\d.]+ s, seed s-1\n$/);
    expect(await said('seed', '--residents', '40000', '--add')).toMatchObject({
      code: 1,
      error: expect.stringContaining('places') as string,
    });
    expect(await said('seed', '--residents', 'many')).toMatchObject({ code: 2 });
  });
});
