import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyScene, pictureOf } from '../../../device/camera/testing.ts';
import { readerTest } from '../commands/reader-test.ts';
import { pictureInText, textSizeOf } from './camera-picture.ts';

const SIZE = { width: 320, height: 240 };
const SECRET = 'X1SECRET0123456789';
const folder = mkdtempSync(join(tmpdir(), 'menwei-aim-'));
const [showing, blind, complaining] = ['showing', 'blind', 'complaining'].map((name) => join(folder, name));
const hasPython = await promisify(execFile)('python3', ['-c', 'import pty']).then(
  () => true,
  () => false,
);

/** Writes a frame about 25 times a second, and ends with its reader. */
const cameraProgram = (frame: string) => `#!/bin/sh\nwhile cat '${frame}' 2>/dev/null; do sleep 0.04; done\n`;

beforeAll(() => {
  for (const [program = '', picture] of [
    [showing, pictureOf(SECRET, SIZE, 6)],
    [blind, emptyScene(SIZE)],
  ] as const) {
    writeFileSync(`${program}.frame`, picture.grey);
    writeFileSync(program, cameraProgram(`${program}.frame`));
    chmodSync(program, 0o700);
  }
  writeFileSync(complaining ?? '', "#!/bin/sh\nprintf '\\033[2Jno such \\007camera' >&2\nexit 1\n");
  chmodSync(complaining ?? '', 0o700);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function test(...args: readonly string[]) {
  const [output, error] = [new PassThrough(), new PassThrough()];
  const code = await readerTest(args, { input: Readable.from([]), output, error });
  return { code, answer: String(output.read() ?? ''), shown: String(error.read() ?? '') };
}

describe('menwei reader test --camera', () => {
  it.each([
    [['--camera']],
    [['--camera', '']],
    [['--camera', 'rpicam', '--size', '1280']],
    [['--camera', 'rpicam', '--size', '99999x99999']],
    [['--camera', 'rpicam', '--wait', '0']],
    [['--camera', 'rpicam', '--stdin']],
  ])('does not understand %j', async (args) => {
    const { code, shown } = await test(...args);
    expect([code, shown.startsWith('usage:')]).toEqual([2, true]);
  });

  it('says what is wrong with what was named, and never echoes it', async () => {
    for (const camera of [join(folder, 'absent'), folder, join(folder, 'showing.frame')]) {
      const { code, shown } = await test('--camera', camera);
      expect([code, shown.includes(folder)]).toEqual([2, false]);
      expect(shown).toMatch(/^camera: .+; look with: ls/);
    }
  });

  it('ends with the first code where nobody watches, and tells what to change but not what was read', async () => {
    const { code, answer } = await test('--camera', showing ?? '', '--size', '320x240', '--wait', '60');
    expect(code).toBe(0);
    expect(answer).toContain('摄像头可读码 / The camera reads codes.');
    expect(answer).not.toContain('SECRET');
  });

  it('finds no code in an empty scene, and says so in figures too', async () => {
    const { code, answer } = await test(
      '--camera',
      blind ?? '',
      '--size',
      '320x240',
      '--wait',
      '4',
      '--json',
    );
    const verdict = JSON.parse(answer) as { usable: boolean; advice: string[]; measures: { mean: number } };
    expect([code, verdict.usable, verdict.advice]).toEqual([1, false, ['no-code']]);
    expect(verdict.measures.mean).toBeCloseTo(120 / 255, 2);
  });

  it('tells what a camera program that fails said, as plain text', async () => {
    const { code, answer } = await test('--camera', complaining ?? '', '--wait', '3');
    expect([code, answer.includes('check its cable: [2Jno such  camera')]).toEqual([1, true]);
  });

  it.skipIf(!hasPython)(
    'shows live in a terminal what it sees, until a key is pressed',
    async () => {
      const cli = join(import.meta.dirname, '../cli.ts');
      const pseudoTerminal = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
      const command = [
        process.execPath,
        cli,
        'reader',
        'test',
        '--camera',
        showing ?? '',
        '--size',
        '320x240',
      ];
      const child = spawn('python3', ['-c', pseudoTerminal, ...command], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let screen = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const hadRead = screen.includes('code read');
        screen += text;
        if (!hadRead && screen.includes('code read')) child.stdin.write('q');
      });
      const code = await new Promise<number | null>((resolve) => {
        child.on('close', resolve);
      });
      expect(code).toBe(0);
      // The terminal's other screen is left again; the answer stands on the first.
      const [live = '', after = ''] = (screen.split('\u001b[?1049h')[1] ?? '').split('\u001b[?1049l');
      expect(live).toContain('▀');
      expect(live).toContain('清晰度 / sharpness');
      expect(after).toContain('The camera reads codes.');
      expect(screen).not.toContain('SECRET');
    },
    60_000,
  );
});

describe('a frame as text', () => {
  it('keeps the frame’s shape within the room there is', () => {
    expect(textSizeOf({ width: 1280, height: 720 }, { columns: 80, rows: 100 })).toEqual({
      columns: 80,
      rows: 22,
    });
    expect(textSizeOf({ width: 1280, height: 720 }, { columns: 500, rows: 18 })).toEqual({
      columns: 64,
      rows: 18,
    });
    expect(textSizeOf({ width: 1280, height: 720 }, { columns: 1, rows: 1 })).toEqual({
      columns: 1,
      rows: 1,
    });
  });

  it('has a line a row, and frames the code', () => {
    const plain = pictureInText(emptyScene(SIZE), { columns: 40, rows: 15 }, undefined);
    expect(plain).toHaveLength(15);
    expect(plain[0]?.match(/▀/g)).toHaveLength(40);
    const corners = [
      { x: 100, y: 60 },
      { x: 200, y: 60 },
      { x: 200, y: 160 },
      { x: 100, y: 160 },
    ];
    const framed = pictureInText(emptyScene(SIZE), { columns: 40, rows: 15 }, corners).join('');
    expect(framed.match(/▀/g)).toHaveLength(600);
    expect(framed).toContain('38;5;46');
    expect(plain.join('')).not.toContain('38;5;46');
  });

  it('stays within its lines when corners lie outside, or are no numbers', () => {
    const corners = [
      { x: -1e9, y: 5 },
      { x: Number.NaN, y: 1e9 },
    ];
    const lines = pictureInText(emptyScene(SIZE), { columns: 10, rows: 4 }, corners);
    expect(lines.join('').match(/▀/g)).toHaveLength(40);
  });
});
