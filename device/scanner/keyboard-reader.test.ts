import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reader } from '../../src/ports/index.ts';
import { keyboardReader, keyEvents } from './keyboard-reader.ts';
import { keyCaps } from './layouts.ts';
import { realClock, rememberingSink, until } from './testing.ts';

const codeOf = new Map([...keyCaps('us')].map(([code, cap]) => [cap.plain, code]));

function record(code: number, value: number, type = 1): Buffer {
  const bytes = Buffer.alloc(24);
  const microseconds = BigInt(Math.round(performance.now() * 1_000));
  bytes.writeBigInt64LE(microseconds / 1_000_000n, 0);
  bytes.writeBigInt64LE(microseconds % 1_000_000n, 8);
  bytes.writeUInt16LE(type, 16);
  bytes.writeUInt16LE(code, 18);
  bytes.writeInt32LE(value, 20);
  return bytes;
}

function keys(text: string): Buffer {
  const codes = [...text].map((character) => (character === '\n' ? 28 : (codeOf.get(character) ?? 0)));
  return Buffer.concat(codes.flatMap((code) => [record(code, 1), record(code, 0), record(0, 0, 0)]));
}

describe('the event record', () => {
  it('is 24 bytes of a 64-bit kernel', () => {
    const [event] = keyEvents(
      Buffer.from('0300000000000000e803000000000000' + '0100' + '2d00' + '01000000', 'hex'),
    );
    expect(event).toEqual({ atMs: 3_001, type: 1, code: 45, value: 1 });
  });
});

/** A named pipe stands in for the event device: it carries the same records, and its writer can go away. */
describe('a keyboard reader', () => {
  let folder: string;
  let path: string;
  let pipe: FileHandle | undefined;
  let reader: Reader;

  async function plug(): Promise<FileHandle> {
    execFileSync('mkfifo', [path]);
    pipe = await open(path, 'r+');
    return pipe;
  }

  async function unplug(): Promise<void> {
    await unlink(path);
    await pipe?.close();
    pipe = undefined;
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'menwei-keys-'));
    path = join(folder, 'event-kbd');
    reader = keyboardReader({ id: 'desk', path, idleMs: 150, grab: false }, { clock: realClock });
  });

  afterEach(async () => {
    await reader.stop();
    await pipe?.close();
    pipe = undefined;
    await rm(folder, { recursive: true });
  });

  it('reads codes, also where a record arrives in two pieces', async () => {
    const device = await plug();
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    const bytes = keys('x1abc\nx3def\n');
    await device.write(bytes.subarray(0, 100));
    await device.write(bytes.subarray(100));
    await until(() => sink.texts.length === 2, 'two texts');
    expect(sink.texts).toEqual(['x1abc', 'x3def']);
  });

  it('drops and counts what a full queue cannot take', async () => {
    const device = await plug();
    const sink = rememberingSink(1);
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    await device.write(keys('x1a\nx1b\nx1c\n'));
    await until(() => sink.drops.length === 2, 'two drops');
    expect(sink.texts).toEqual(['x1a']);
    expect(sink.drops).toEqual(['queue-full', 'queue-full']);
  });

  it('throws away a scan that stops in the middle', async () => {
    const device = await plug();
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    await device.write(keys('x1ab'));
    await until(() => sink.drops.length === 1, 'the drop');
    await device.write(keys('x1cd\n'));
    await until(() => sink.texts.length === 1, 'the next text');
    expect(sink.drops).toEqual(['timed-out']);
    expect(sink.texts).toEqual(['x1cd']);
  });

  it('comes back after unplugging', async () => {
    await plug();
    const sink = rememberingSink();
    await reader.start(sink);
    await until(() => reader.health().state === 'ready', 'ready');
    await unplug();
    await until(() => reader.health().state === 'lost', 'lost');
    const device = await plug();
    await until(() => reader.health().state === 'ready', 'ready again');
    await device.write(keys('x1\n'));
    await until(() => sink.texts.length === 1, 'a text');
    expect(sink.states).toEqual(['ready', 'lost', 'ready']);
  });

  it('does not believe a device that it cannot have for itself alone', async () => {
    await plug();
    const sink = rememberingSink();
    const grabbing = keyboardReader({ id: 'desk', path }, { clock: realClock });
    await grabbing.start(sink);
    await until(() => grabbing.health().state === 'lost', 'lost');
    expect(grabbing.health().detail).toContain('for the gate alone');
    await grabbing.stop();
  });
});
