import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reader } from '../../src/ports/index.ts';
import { openOptionsOf, serialReader } from './serial-reader.ts';
import { block, type PseudoTerminal, pseudoTerminal, realClock, rememberingSink, until } from './testing.ts';

const probe = await pseudoTerminal();
await probe?.hangUp();

/** The text of a code of kind 2 is 279 characters long. */
const code = (number: number) => `X2${String(number).padStart(6, '0')}${'V'.repeat(271)}`;

describe.skipIf(probe === undefined)('a serial reader on a pseudo-terminal', () => {
  let folder: string;
  let path: string;
  let terminals: PseudoTerminal[];
  let reader: Reader;

  async function plug(): Promise<PseudoTerminal> {
    const terminal = await pseudoTerminal();
    if (terminal === undefined) throw new Error('no pseudo-terminal');
    terminals.push(terminal);
    await symlink(terminal.path, path);
    return terminal;
  }

  async function unplug(terminal: PseudoTerminal): Promise<void> {
    await unlink(path);
    await terminal.hangUp();
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'menwei-serial-'));
    path = join(folder, 'reader');
    terminals = [];
    reader = serialReader({ id: 'front', path, baudRate: 115_200, idleMs: 60 }, { clock: realClock });
  });

  afterEach(async () => {
    await reader.stop();
    for (const terminal of terminals) await terminal.hangUp();
    await rm(folder, { recursive: true });
  });

  it('hands on each line with its reader', async () => {
    const terminal = await plug();
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    terminal.write('X1ABC\r\nX3DEF\r\n');
    await until(() => sink.texts.length === 2, 'two texts');
    expect(sink.texts).toEqual(['X1ABC', 'X3DEF']);
    expect(sink.take()?.reader).toBe('front');
    expect(sink.states).toEqual(['ready']);
  });

  it('does not cut a text in two because this thread was busy while the rest came', async () => {
    const terminal = await plug();
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    terminal.write('X1FIRST');
    await new Promise((resolve) => setTimeout(resolve, 30));
    terminal.write('SECOND');
    await block(120);
    await until(() => sink.texts.length > 0, 'a text');
    expect(sink.texts).toEqual(['X1FIRSTSECOND']);
  });

  it('takes a text without a line end after silence', async () => {
    const terminal = await plug();
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    terminal.write('X1ABC');
    await until(() => sink.texts.length === 1, 'the text');
    terminal.write('X1DEF');
    await until(() => sink.texts.length === 2, 'the next text');
    expect(sink.texts).toEqual(['X1ABC', 'X1DEF']);
  });

  it('loses no line of 2,000 that come at full speed while the queue is full', async () => {
    const terminal = await plug();
    const sink = rememberingSink(1);
    const lines = Array.from({ length: 2_000 }, (_, number) => code(number));
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    terminal.write(lines.map((line) => `${line}\r`).join(''));
    await until(() => sink.depth === 1, 'a full queue');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sink.texts).toHaveLength(1);
    while (sink.texts.length < lines.length) {
      sink.take();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(lines.findIndex((line, at) => line !== sink.texts[at])).toBe(-1);
    expect(sink.drops).toEqual([]);
  });

  it('gives up a text that is too long and reads the next', async () => {
    const terminal = await plug();
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    terminal.write(`${'A'.repeat(5_000)}\rX1OK\r`);
    await until(() => sink.texts.length === 1, 'the next text');
    expect(sink.texts).toEqual(['X1OK']);
    expect(sink.drops).toEqual(['too-long']);
  });

  it('waits for a reader that is not there, and survives unplugging in the middle of a code', async () => {
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'lost', 'lost');
    expect(reader.health().detail).toContain('plug the reader in');
    const first = await plug();
    await until(() => reader.health().state === 'ready', 'ready');
    first.write('X1ABC\rX1HAL');
    await until(() => sink.texts.length === 1, 'the first text');
    await unplug(first);
    await until(() => reader.health().state === 'lost', 'lost again');
    const second = await plug();
    await until(() => reader.health().state === 'ready', 'ready again');
    second.write('X1DEF\r');
    await until(() => sink.texts.includes('X1DEF'), 'a text after replugging');
    expect(sink.states).toEqual(['lost', 'ready', 'lost', 'ready']);
    expect(sink.texts.filter((text) => text.startsWith('X1HAL') && text !== 'X1HAL')).toEqual([]);
  });

  it('notices that its node is gone though the line stays silent', async () => {
    const terminal = await plug();
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    await unlink(path);
    await until(() => reader.health().state === 'lost', 'lost');
    await symlink(terminal.path, path);
    await until(() => reader.health().state === 'ready', 'ready again');
  });

  it('stops while the queue is full', async () => {
    const terminal = await plug();
    const sink = rememberingSink(1);
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    terminal.write('X1A\rX1B\rX1C\r');
    await until(() => sink.depth === 1, 'a full queue');
    await reader.stop();
    expect(sink.texts.length + sink.drops.length).toBe(3);
  });

  /** Of what a line is set to, a pseudo-terminal keeps these; it has eight bits and no parity always (drivers/tty/pty.c). */
  it.each([
    [{}, ['-cstopb', '-crtscts', '-parodd']],
    [{ stopBits: 2 }, ['cstopb', '-crtscts', '-parodd']],
    [{ rtscts: true }, ['-cstopb', 'crtscts', '-parodd']],
    [{ parity: 'odd', dataBits: 7 }, ['-cstopb', '-crtscts', 'parodd']],
  ] as const)('sets the line as it is told: %j', async (line, flags) => {
    const terminal = await plug();
    reader = serialReader({ id: 'front', path, idleMs: 60, ...line }, { clock: realClock });
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    const shown = execFileSync('stty', ['-F', path, '-a'], { encoding: 'utf8' }).split(/[\s;]+/);
    expect(flags.filter((flag) => !shown.includes(flag))).toEqual([]);
    terminal.write('X1ABC\r');
    await until(() => sink.texts.length === 1, 'the text');
    expect(sink.texts).toEqual(['X1ABC']);
  });
});

describe('what a serial port is opened with', () => {
  const path = '/dev/ttyAMA0';

  it('is 9,600 baud, eight bits, no parity, one stop bit and no handshaking, unless told otherwise', () => {
    const usual = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1, rtscts: false };
    expect(openOptionsOf({ id: 'front', path })).toMatchObject({ path, ...usual });
  });

  it('is what the configuration says', () => {
    const told = { baudRate: 19_200, dataBits: 7, parity: 'even', stopBits: 2, rtscts: true } as const;
    expect(openOptionsOf({ id: 'front', path, ...told })).toMatchObject(told);
  });
});
