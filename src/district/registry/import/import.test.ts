import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../../../test/twins/broker.ts';
import { type Postgres, startPostgres } from '../../../../test/twins/postgres.ts';
import type { PersonBody } from '../../../wire/index.ts';
import { COMMUNITY, type Desk, living, openDesk, somebody } from '../testing.ts';
import { type ImportOptions, importTable, type ImportReport } from './import.ts';
import { IMPORT_PROBLEMS_TOLD_MAX, IMPORT_ROWS_MAX } from './limits.ts';
import { readTable } from './table-file.ts';
import { workbook } from './testing.ts';

const HEADING = '姓名,证件类型,证件号码,性别,电话,楼栋,单元,房号,车牌,与户主关系';
const lineOf = ({ name, document, phone }: PersonBody, door: string, more = '') =>
  `${name},居民身份证,${document.number},,${phone},21栋,1单元,${door}${more === '' ? ',,' : more}`;
const csv = (...lines: readonly string[]) => `${[HEADING, ...lines].join('\r\n')}\r\n`;
const utf8 = (text: string) => new Uint8Array(Buffer.from(text));

const folder = mkdtempSync(join(tmpdir(), 'menwei-import-'));
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('an import on %s', (engine, newPlace) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(newPlace(), join(folder, engine));
  });
  afterAll(() => desk.database.destroy());

  const take = async (file: Uint8Array, more: Partial<ImportOptions> = {}) => {
    const table = await readTable(file);
    if (!table.ok) throw new Error(table.error.en);
    const done = await importTable(table.value, {
      database: desk.database,
      parts: desk.registry.parts(),
      clock: realClock,
      community: COMMUNITY,
      today: '2026-11-22',
      dryRun: false,
      skipBad: false,
      ...more,
    });
    if (!done.ok) throw new Error(done.error.en);
    return done.value;
  };
  const isThere = async (person: PersonBody) =>
    (await desk.persons.search({ by: 'document', number: person.document.number })).length === 1;

  test('enters everybody, with room, relation and plate in their one form', async () => {
    const [one, other] = [somebody(), somebody()];
    const report = await take(utf8(csv(lineOf(one, '101', ',陕A12345,户主'), lineOf(other, '101室'))));
    expect(report).toEqual({ rows: 2, entered: 2, known: 0, bad: 0, applied: true, problems: [], more: 0 });
    const [view] = await desk.persons.search({ by: 'document', number: one.document.number });
    expect(view?.residences).toMatchObject([{ room: '21-1-101', order: 0, state: 'valid' }]);
    const shown = await desk.persons.reveal(view?.person ?? -1, 'test', () => Promise.resolve());
    expect(shown).toMatchObject({ value: { plate: '陕A12345', relation: 'head', phone: one.phone } });
  });

  test('the same list twice changes nothing', async () => {
    const file = utf8(csv(lineOf(somebody(), '102'), lineOf(somebody(), '103')));
    expect(await take(file)).toMatchObject({ entered: 2, known: 0 });
    const before = await desk.registry.residents(10_000);
    expect(await take(file)).toMatchObject({ entered: 0, known: 2, bad: 0, applied: true });
    expect(await desk.registry.residents(10_000)).toEqual(before);
  });

  test('one bad row and nothing is entered; told are row, column and remedy, never what stands there', async () => {
    const [good, bad] = [somebody(), somebody()];
    const wrong = `${bad.document.number.slice(0, 17)}${bad.document.number.endsWith('X') ? '1' : 'X'}`;
    const report = await take(
      utf8(csv(lineOf(good, '104'), lineOf({ ...bad, document: { ...bad.document, number: wrong } }, '104'))),
    );
    expect(report).toMatchObject({ rows: 2, bad: 1, applied: false });
    expect(report.problems).toMatchObject([{ row: 3, field: 'documentNumber' }]);
    expect(JSON.stringify(report)).not.toContain(wrong);
    expect(await isThere(good)).toBe(false);
  });

  test('--skip-bad takes the good rows; --dry-run tells the same and takes nothing', async () => {
    const [good, bad] = [somebody(), somebody({ phone: '123' })];
    const file = utf8(csv(lineOf(bad, '105'), '', lineOf(good, '105')));
    const dry = await take(file, { dryRun: true, skipBad: true });
    expect(dry).toMatchObject({
      rows: 2,
      entered: 1,
      bad: 1,
      applied: false,
      problems: [{ row: 2, field: 'phone' }],
    });
    expect(await isThere(good)).toBe(false);
    expect(await take(file, { skipBad: true })).toEqual({ ...dry, applied: true });
    expect(await isThere(good)).toBe(true);
    expect(await isThere(bad)).toBe(false);
  });

  test('what the district knows otherwise is told and left as it is', async () => {
    const [changed, moved, renamed, twice] = [somebody(), somebody(), somebody(), somebody()];
    await take(utf8(csv(lineOf(changed, '106'), lineOf(moved, '106'), lineOf(renamed, '106'))));
    const report = await take(
      utf8(
        csv(
          lineOf({ ...changed, phone: '15499999999' }, '106'),
          lineOf(moved, '107'),
          lineOf({ ...renamed, name: '测试另' }, '106'),
          lineOf(twice, '108'),
          lineOf(twice, '109'),
        ),
      ),
      { skipBad: true },
    );
    expect(report.problems.map(({ row, field }) => [row, field])).toEqual([
      [2, 'documentNumber'],
      [3, 'door'],
      [4, 'documentNumber'],
      [6, 'documentNumber'],
    ]);
    expect(report).toMatchObject({ entered: 1, bad: 4 });
    expect((await desk.persons.search({ by: 'phone', phone: '15499999999' })).length).toBe(0);
  });

  test('the ninth of a household is told', async () => {
    const lines = Array.from({ length: 9 }, () => lineOf(somebody(), '110'));
    expect(await take(utf8(csv(...lines)))).toMatchObject({
      bad: 1,
      applied: false,
      problems: [{ row: 10, field: 'door' }],
    });
  });

  const many = (count: number, room: number) =>
    utf8(csv(...Array.from({ length: count }, (_, at) => lineOf(somebody(), String(room + at)))));

  test('one thousand and two hundred rows of one file are entered whole', async () => {
    expect(await take(many(1_200, 1_000))).toMatchObject({ entered: 1_200, bad: 0, applied: true });
  });

  test('of twelve hundred rows one bad one at the end keeps all of them out, and the ninth of a household is seen across steps', async () => {
    const eight = Array.from({ length: 8 }, () => lineOf(somebody(), '111'));
    const between = Array.from({ length: 1_200 }, (_, at) => lineOf(somebody(), String(3_000 + at)));
    const before = await desk.registry.residents(10_000);
    const report = await take(utf8(csv(...eight, ...between, lineOf(somebody(), '111'))));
    expect(report).toMatchObject({ rows: 1_209, entered: 1_208, bad: 1, applied: false });
    expect(report.problems).toMatchObject([{ row: 1_210, field: 'door' }]);
    expect(await desk.registry.residents(10_000)).toEqual(before);
  });

  test('one that is stopped in the middle says how far it came, and the same list again goes on', async () => {
    const file = many(1_200, 5_000);
    const parts = desk.registry.parts();
    let entered = 0;
    const random: typeof parts.random = {
      bytes: (length) => {
        if (entered >= 1_000) throw new Error('the machine goes down');
        return parts.random.bytes(length);
      },
    };
    const progress = ({ done }: { done: number }) => {
      entered = done;
    };
    await expect(take(file, { parts: { ...parts, random }, progress })).rejects.toThrow(
      /stopped after 1000 of 1200 people.*same list again/,
    );
    expect(await take(file)).toMatchObject({ entered: 200, known: 1_000, bad: 0, applied: true });
  });

  test('what somebody changed since the list was looked through is told like a bad row', async () => {
    const [first, other] = [somebody(), somebody()];
    let isLookedThrough = false;
    const clock: typeof realClock = {
      ...realClock,
      after: (_delayMs, then) => {
        const meanwhile = isLookedThrough
          ? undefined
          : desk.persons.add(living({ ...other, name: '测试别人' }));
        isLookedThrough = true;
        void Promise.resolve(meanwhile).then(() => then());
        return () => undefined;
      },
    };
    const report = await take(utf8(csv(lineOf(first, '112'), lineOf(other, '113'))), { clock });
    expect(report).toMatchObject({ entered: 1, bad: 1, applied: true, problems: [{ row: 3 }] });
  });
});

describe('the file of an import', () => {
  const rowsOf = async (file: Uint8Array) => {
    const table = await readTable(file);
    return table.ok ? table.value : table.error;
  };
  const [text, table] = [
    '姓名,房号\n测试,"8,1"\n',
    [
      ['姓名', '房号'],
      ['测试', '8,1'],
    ],
  ];

  test('UTF-8, with and without a byte order mark', async () => {
    expect(await rowsOf(utf8(text))).toEqual(table);
    expect(await rowsOf(utf8(`\ufeff${text}`))).toEqual(table);
  });

  test('GB18030, as Chinese Excel writes it', async () => {
    // 姓名,房号 and 测试,81 in GB 18030-2022.
    const bytes = Buffer.from('d0d5c3fb2cb7bfbac50ab2e2cad42c38310a', 'hex');
    expect(await rowsOf(new Uint8Array(bytes))).toEqual([
      ['姓名', '房号'],
      ['测试', '81'],
    ]);
  });

  test('UTF-16 and tabs, as Excel’s “Unicode text”; semicolons', async () => {
    expect(await rowsOf(new Uint8Array(Buffer.from('\ufeff姓名\t房号\r\n测试\t8\r\n', 'utf16le')))).toEqual([
      ['姓名', '房号'],
      ['测试', '8'],
    ]);
    expect(await rowsOf(utf8('姓名;房号\n测试;8\n'))).toEqual([
      ['姓名', '房号'],
      ['测试', '8'],
    ]);
  });

  test('XLSX, numbers as they stand', async () => {
    const file = workbook([
      ['姓名', '证件号码', '电话'],
      ['测试', '34052419800101001X', 15_400_000_001],
    ]);
    expect(await rowsOf(file)).toEqual([
      ['姓名', '证件号码', '电话'],
      ['测试', '34052419800101001X', '15400000001'],
    ]);
  });

  test.each([
    ['nothing', new Uint8Array(), /empty/],
    ['neither text', new Uint8Array([0xff, 0xff, 0x81, 0x20]), /encoding/],
    ['zero bytes', utf8('a,b\u0000c'), /no text/],
    ['a quote in the middle', utf8('姓名,房号\n测"试",8\n'), /quotes/],
    ['a quote that is never closed', utf8(`姓名,房号\n"测试,8\n${'x\n'.repeat(20_000)}`), /quote is missing/],
    ['a broken archive', new Uint8Array([0x50, 0x4b, 3, 4, 1, 2, 3]), /no whole XLSX/],
    ['more rows than are taken', utf8('a\n'.repeat(IMPORT_ROWS_MAX + 2)), /more than 100000 rows/],
    ['ten million lines', utf8('a\n'.repeat(10_000_000)), /more than 100000 rows/],
    ['more columns than are taken', utf8(','.repeat(64)), /more than 64 columns/],
    ['more bytes than are taken', new Uint8Array(32 * 1_048_576 + 1), /more than 32 MB/],
  ])('%s is told in words', async (_what, file, words) => {
    const told = await rowsOf(file);
    expect('en' in told ? told.en : '').toMatch(words);
  });

  test('an archive that unpacks to a gigabyte, or claims a cell a million rows down, is not unpacked by the reader', async () => {
    const bomb = workbook([['x']], { sheet: Buffer.alloc(300 * 1_048_576, 0x20) });
    expect(bomb.length).toBeLessThan(1_048_576);
    expect(await rowsOf(bomb)).toMatchObject({ en: expect.stringMatching(/unpacks/) as string });
    const lying = workbook([['x']], { sheet: Buffer.alloc(8 * 1_048_576, 0x20), claimed: 10 });
    expect(await rowsOf(lying)).toMatchObject({ en: expect.stringMatching(/unpacks|no whole/) as string });
    for (const place of ['A1048576', 'XFD2', '&#65;1', 'a1'])
      expect(await rowsOf(workbook([['x']], { place }))).toMatchObject({
        en: expect.stringMatching(/unpacks/) as string,
      });
  });

  test('any bytes are rows or a problem, never a fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, asArchive) => {
        const file = asArchive ? new Uint8Array([0x50, 0x4b, 3, 4, ...bytes]) : bytes;
        const read = await readTable(file);
        expect(typeof read.ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the columns of an import', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(':memory:', join(folder, 'columns'));
  });
  afterAll(() => desk.database.destroy());
  const take = async (rows: readonly (readonly string[])[]) =>
    importTable(rows, {
      database: desk.database,
      parts: desk.registry.parts(),
      clock: realClock,
      community: COMMUNITY,
      today: '2026-11-22',
      dryRun: true,
      skipBad: true,
    });
  const reported = async (rows: readonly (readonly string[])[]): Promise<ImportReport> => {
    const done = await take(rows);
    if (!done.ok) throw new Error(done.error.en);
    return done.value;
  };

  test('are named in Chinese or English, with stars and remarks', async () => {
    const { name, document } = somebody();
    expect(
      await reported([
        ['*姓 名（必填）', '身份证号', '住址'],
        [name, document.number, '8-2-2702'],
      ]),
    ).toMatchObject({ entered: 1 });
    expect(
      await reported([
        ['Name', 'ID number', 'Building', 'Door'],
        [name, document.number, '8', '2702'],
      ]),
    ).toMatchObject({ entered: 1 });
  });

  test('that are missing or there twice are named', async () => {
    expect(await take([['姓名', '电话']])).toMatchObject({
      error: { row: 1, en: expect.stringContaining('证件号码、楼栋、房号') as string },
    });
    expect(await take([['姓名', 'name', '证件号', '住址']])).toMatchObject({
      error: { en: expect.stringContaining('twice') as string },
    });
    expect(
      await take([
        ['姓名', '证件号', '住址'],
        ['', ' '],
      ]),
    ).toMatchObject({ error: { en: expect.stringContaining('no rows') as string } });
    expect(await take([])).toMatchObject({ ok: false });
  });

  test('a number that a spreadsheet has rounded is told as that', async () => {
    const { problems } = await reported([
      ['姓名', '证件号', '住址'],
      [somebody().name, '3.40524198001010E+17', '8-1'],
    ]);
    expect(problems).toMatchObject([
      { row: 2, field: 'documentNumber', en: expect.stringContaining('lost its last digits') as string },
    ]);
  });

  test('words in cells that mean nothing are told, each with its column', async () => {
    const { name, document } = somebody();
    const heading = [
      '姓名',
      '证件类型',
      '证件号',
      '性别',
      '出生日期',
      '电话',
      '住址',
      '车牌',
      '关系',
      '行动不便',
      '居住至',
      '告知书版本',
      '同意日期',
    ];
    const { problems } = await reported([
      heading,
      [name, '', document.number, '?', '?', '?', '?', '?', '?', '?', '?', '1', '?'],
    ]);
    expect(problems.map(({ field }) => field).sort()).toEqual(
      [
        'birthDate',
        'consentDate',
        'lastDay',
        'needsMoreTime',
        'phone',
        'plate',
        'relation',
        'room',
        'sex',
      ].sort(),
    );
    expect(
      (await reported([heading, [name, '学生证', document.number, ...'       '.split('')]])).problems,
    ).toMatchObject([{ field: 'room' }, { field: 'documentType' }]);
  });

  test('a thousand problems are told, the others counted', async () => {
    const rows = Array.from({ length: IMPORT_PROBLEMS_TOLD_MAX + 5 }, () => [
      '测试',
      randomBytes(4).toString('hex'),
      '8-1',
    ]);
    const report = await reported([['姓名', '证件号', '住址'], ...rows]);
    expect(report).toMatchObject({ bad: IMPORT_PROBLEMS_TOLD_MAX + 5, more: 5 });
    expect(report.problems).toHaveLength(IMPORT_PROBLEMS_TOLD_MAX);
  });
});
