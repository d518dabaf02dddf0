import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { SETUP_TEXT } from '../../../device/scanner/index.ts';
import { readerTest, symbolForTerminal } from './reader-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'menwei-reader-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function test(args: readonly string[], input: AsyncIterable<string | Uint8Array> = Readable.from([])) {
  const [output, error] = [new PassThrough(), new PassThrough()];
  const code = await readerTest(args, { input, output, error });
  return { code, answer: String(output.read() ?? ''), shown: String(error.read() ?? '') };
}

async function* typed(text: string, stepMs: number): AsyncGenerator<string> {
  for (const character of text) {
    yield character;
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
}

const verdictOf = (answer: string) =>
  JSON.parse(answer) as { usable: boolean; findings: { fault: string }[] };
const faultsOf = (answer: string) => verdictOf(answer).findings.map(({ fault }) => fault);

describe('menwei reader test', () => {
  it.each([
    [[]],
    [['--stdin', '--serial', '/dev/x']],
    [['--stdin', '--layout', 'dvorak']],
    [['--stdin', '--wait', '0']],
    [['--serial', '/dev/x', '--baud', 'fast']],
    [['--serial', '/dev/x', '--line', '9N1']],
    [['--serial', '/dev/x', '--line', '8S1']],
    [['--nonsense']],
  ])('does not understand %j', async (args) => {
    expect((await test(args)).code).toBe(2);
  });

  it('shows the symbol and finds a good reader good', async () => {
    const { code, answer, shown } = await test(['--stdin'], Readable.from([`${SETUP_TEXT}\r`]));
    expect(code).toBe(0);
    expect(answer).toContain('The reader will read codes.');
    expect(shown).toContain('▀');
  });

  it('tells what is wrong in both languages, and never what was read', async () => {
    const secret = 'X1SECRET0123456789';
    const { code, answer } = await test(['--stdin'], Readable.from([`${secret}\r`]));
    expect(code).toBe(1);
    expect(answer).toContain('读码器需要设置 / The reader must be set up.');
    expect(answer).not.toContain('SECRET');
  });

  it('finds Caps Lock, doubled output and a missing line end in what is piped in', async () => {
    const swapped = [...SETUP_TEXT].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
    const caps = await test(['--stdin', '--json'], Readable.from([`${swapped.join('')}\n`]));
    expect([caps.code, faultsOf(caps.answer)]).toEqual([0, ['caps-lock']]);
    const doubled = await test(['--stdin', '--json'], Readable.from([`${SETUP_TEXT}\n${SETUP_TEXT}\n`]));
    expect(faultsOf(doubled.answer)).toEqual(['doubled-text']);
    const bare = await test(['--stdin', '--json'], Readable.from([SETUP_TEXT]));
    expect([bare.code, faultsOf(bare.answer)]).toEqual([1, ['no-line-end']]);
  });

  it('measures how fast a reader types into the terminal', async () => {
    const { code, answer } = await test(['--stdin', '--json'], typed(`${SETUP_TEXT}\r`, 12));
    expect([code, faultsOf(answer)]).toEqual([0, ['slow']]);
  });

  it('says that nothing came', async () => {
    const silent = new PassThrough();
    const { code, answer } = await test(['--stdin', '--json', '--wait', '1'], silent);
    expect([code, faultsOf(answer)]).toEqual([1, ['nothing-read']]);
  });

  it('opens a serial line as the manual of the scanner writes it', async () => {
    const line = ['--line', '7e2', '--rtscts'];
    const { code, answer } = await test([
      '--serial',
      join(folder, 'nothing'),
      ...line,
      '--json',
      '--wait',
      '1',
    ]);
    expect([code, faultsOf(answer)]).toEqual([1, ['nothing-read']]);
  });

  it('listens to a device of its own', async () => {
    const path = join(folder, 'hidraw');
    execFileSync('mkfifo', [path]);
    const device = await open(path, 'r+');
    const report = Buffer.alloc(64);
    report[0] = 2;
    report[1] = SETUP_TEXT.length;
    report.write(`]Q1${SETUP_TEXT}`, 2, 'latin1');
    const running = test(['--hid', path, '--json', '--wait', '5']);
    await device.write(report);
    const { code, answer } = await running;
    expect([code, verdictOf(answer)]).toEqual([0, { usable: true, findings: [] }]);
    await device.close();
  });
});

describe('the symbol on a terminal', () => {
  it('is square, with its quiet zone, black on white', () => {
    const lines = symbolForTerminal('XSETUP').split('\n');
    // ESC [30;107m … ESC [0m around 21 + 8 modules, two rows a line.
    const widths = new Set(lines.map((line) => line.length - '\u001b[30;107m'.length - '\u001b[0m'.length));
    expect([...widths]).toEqual([29]);
    expect(lines).toHaveLength(15);
    expect(lines[0]).not.toMatch(/[▀▄█]/);
  });
});
