import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hidPosReader, reportDescriptorAt } from './hid-pos-reader.ts';
import { block, realClock, rememberingSink, until } from './testing.ts';

function report(data: string, more = false): Buffer {
  // A pipe keeps no borders between reports, so each fills the largest read.
  const bytes = Buffer.alloc(4_096);
  bytes[0] = 2;
  bytes[1] = data.length;
  bytes.write(`]Q1${data}`, 2, 'latin1');
  bytes[bytes.length - 1] = more ? 1 : 0;
  return bytes;
}

it('reads reports from its node, waits for the queue, and drops a text without its rest', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'menwei-pos-'));
  const path = join(folder, 'hidraw0');
  execFileSync('mkfifo', [path]);
  const pipe = await open(path, 'r+');
  const reader = hidPosReader({ id: 'pos', path, gapMs: 100 }, { clock: realClock });
  const sink = rememberingSink(1);
  await reader.start(sink);
  await until(() => reader.health().state === 'ready', 'ready');
  for (const data of ['X1A', 'X1B', 'X1C', 'X1D']) await pipe.write(report(data));
  await until(() => sink.depth === 1, 'a full queue');
  while (sink.texts.length < 4) {
    sink.take();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(sink.texts).toEqual(['X1A', 'X1B', 'X1C', 'X1D']);
  await pipe.write(report('X1HALF', true));
  await until(() => sink.drops.length === 1, 'the drop');
  expect(sink.drops).toEqual(['timed-out']);
  await reader.stop();
  await pipe.close();
  await rm(folder, { recursive: true });
});

it('does not drop a text because this thread was busy while its rest came', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'menwei-pos-'));
  const path = join(folder, 'hidraw0');
  execFileSync('mkfifo', [path]);
  const pipe = await open(path, 'r+');
  const reader = hidPosReader({ id: 'pos', path, gapMs: 400 }, { clock: realClock });
  const sink = rememberingSink();
  await reader.start(sink);
  await until(() => reader.health().state === 'ready', 'ready');
  await pipe.write(report('X1FIRST', true));
  await new Promise((resolve) => setTimeout(resolve, 250));
  writeSync(pipe.fd, report('SECOND'));
  await block(300);
  await until(() => sink.texts.length + sink.drops.length > 0, 'a text');
  expect([sink.texts, sink.drops]).toEqual([['X1FIRSTSECOND'], []]);
  await reader.stop();
  await pipe.close();
  await rm(folder, { recursive: true });
});

/** Report 7: two bytes of the maker's, then 32 of data without a length. */
const OTHER = '058c0902a1018507150026ff0075080666ff9502090109028102058c952009fe8102c0';
const KEYBOARD = '05010906a101050775089506190029658100c0';

async function readFrom(descriptor: string | undefined, reports: readonly Buffer[]) {
  const folder = await mkdtemp(join(tmpdir(), 'menwei-pos-'));
  const path = join(folder, 'hidraw0');
  execFileSync('mkfifo', [path]);
  const pipe = await open(path, 'r+');
  const descriptorOf = () =>
    Promise.resolve(descriptor === undefined ? undefined : Buffer.from(descriptor, 'hex'));
  const reader = hidPosReader({ id: 'pos', path, gapMs: 100 }, { clock: realClock, descriptorOf });
  const sink = rememberingSink();
  await reader.start(sink);
  for (const bytes of reports) await pipe.write(bytes);
  const end = async () => {
    await reader.stop();
    await pipe.close();
    await rm(folder, { recursive: true });
  };
  return { reader, sink, end };
}

it('takes the data from where the device’s own descriptor says', async () => {
  const other = Buffer.alloc(4_096);
  other[0] = 7;
  other.write('swX1OTHER', 1, 'latin1');
  const status = Buffer.alloc(4_096, 1);
  const { sink, end } = await readFrom(OTHER, [status, other]);
  await until(() => sink.texts.length > 0, 'the text');
  expect([sink.texts, sink.drops]).toEqual([['X1OTHER'], []]);
  await end();
});

it.each([
  ['the system tells no descriptor', undefined],
  ['the descriptor leaves open where the data lies', '058c0902a1010903150026ff00750895408102c0'],
])('takes the data from where most scanners have it when %s', async (_, descriptor) => {
  const { sink, end } = await readFrom(descriptor, [report('X1ABC')]);
  await until(() => sink.texts.length > 0, 'the text');
  expect(sink.texts).toEqual(['X1ABC']);
  await end();
});

it.each([
  ['a keyboard', KEYBOARD, 'no-data'],
  ['a descriptor that does not hold together', '058c0902a1', 'truncated'],
])('reads nothing of %s, and says what it found', async (_, descriptor, why) => {
  const { reader, sink, end } = await readFrom(descriptor, [report('X1ABC')]);
  await until(() => reader.health().state === 'lost', 'lost');
  expect(reader.health().detail).toMatch(
    new RegExp(`no scanner in point-of-sale mode \\(${why}\\).*reader list`),
  );
  expect(sink.texts).toEqual([]);
  await end();
});

it('looks a device’s descriptor up by its number, and none for what is no device', async () => {
  const root = await mkdtemp(join(tmpdir(), 'menwei-sys-'));
  // /dev/null is 1:3 on every Linux (Documentation/admin-guide/devices.txt).
  const place = join(root, 'dev/char/1:3/device');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'report_descriptor'), Buffer.from(OTHER, 'hex'));
  expect(await reportDescriptorAt('/dev/null', root)).toEqual(Buffer.from(OTHER, 'hex'));
  expect(await reportDescriptorAt('/dev/zero', root)).toBeUndefined();
  expect(await reportDescriptorAt(join(place, 'report_descriptor'), root)).toBeUndefined();
  await rm(root, { recursive: true });
});
