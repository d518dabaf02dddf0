import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findReaders } from './find-readers.ts';
import { hidPosReader } from './hid-pos-reader.ts';
import { realClock, rememberingSink, until } from './testing.ts';

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

it('finds what is plugged in and could be a reader', async () => {
  const root = await mkdtemp(join(tmpdir(), 'menwei-find-'));
  for (const folder of ['dev/serial/by-id', 'dev/input/by-id', 'sys/class/hidraw/hidraw0/device']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await mkdir(join(root, 'sys/class/hidraw/hidraw1/device'), { recursive: true });
  await writeFile(join(root, 'dev/serial/by-id/usb-scan-if00'), '');
  await writeFile(join(root, 'dev/input/by-id/usb-scan-event-kbd'), '');
  await writeFile(join(root, 'dev/input/by-id/usb-scan-event-mouse'), '');
  await writeFile(
    join(root, 'sys/class/hidraw/hidraw0/device/report_descriptor'),
    Buffer.from('05010906', 'hex'),
  );
  await writeFile(
    join(root, 'sys/class/hidraw/hidraw1/device/report_descriptor'),
    Buffer.from('058c0902', 'hex'),
  );
  expect(await findReaders(root)).toEqual([
    { type: 'serial', path: '/dev/serial/by-id/usb-scan-if00' },
    { type: 'keyboard', path: '/dev/input/by-id/usb-scan-event-kbd' },
    { type: 'hid-pos', path: '/dev/hidraw1' },
  ]);
  await rm(root, { recursive: true });
  expect(await findReaders(root)).toEqual([]);
});
