import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readerList } from './reader-list.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'menwei-list-'));
});
afterEach(() => rm(root, { recursive: true }));

async function list(args: readonly string[] = []) {
  const [output, error] = [new PassThrough(), new PassThrough()];
  const code = await readerList(args, { input: Readable.from([]), output, error }, root);
  return { code, answer: String(output.read() ?? ''), said: String(error.read() ?? '') };
}

async function file(path: string, content: string | Buffer = ''): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), content);
}

it('shows each reader and camera by the name to configure, and warns of one that may change', async () => {
  await file('dev/serial/by-id/usb-scan-if00');
  await file('dev/v4l/by-id/usb-cam-video-index0');
  await file('sys/class/hidraw/hidraw0/device/report_descriptor', Buffer.from('058c0902', 'hex'));
  const { code, answer } = await list();
  expect(code).toBe(0);
  expect(answer).toContain('serial    /dev/serial/by-id/usb-scan-if00\n');
  expect(answer).toContain('camera    /dev/v4l/by-id/usb-cam-video-index0\n');
  expect(answer).toMatch(/hid-pos {3}\/dev\/hidraw0\n.*70-menwei\.rules/);
  expect(JSON.parse((await list(['--json'])).answer)).toEqual([
    { type: 'serial', path: '/dev/serial/by-id/usb-scan-if00' },
    { type: 'hid-pos', path: '/dev/hidraw0' },
    { type: 'camera', path: '/dev/v4l/by-id/usb-cam-video-index0' },
  ]);
});

it('says that nothing is plugged in, and what it does not understand', async () => {
  expect(await list()).toMatchObject({ code: 1, answer: expect.stringContaining('No reader found') });
  expect(await list(['--all'])).toMatchObject({
    code: 2,
    answer: '',
    said: expect.stringContaining('usage'),
  });
});
