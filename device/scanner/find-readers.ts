import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPosDescriptor, reportReaderOf } from './hid-pos-layout.ts';
import { type NamedKind, stableNames } from './stable-names.ts';

/** Lists what is plugged in and could be a reader, each once and by its most stable name. It opens none of them. */
export interface FoundReader {
  readonly type: 'serial' | 'keyboard' | 'hid-pos';
  readonly path: string;
}

/** By port, USB alone: what is built in (a Pi's picture processors, a PC's own keyboard) is no reader. */
const ON_USB = '-usb(v\\d)?-';

const SERIAL: NamedKind = {
  ids: { folder: 'dev/serial/by-id', pattern: /./ },
  ports: { folder: 'dev/serial/by-path', pattern: new RegExp(ON_USB) },
  sysClass: 'tty',
};
const KEYBOARD: NamedKind = {
  ids: { folder: 'dev/input/by-id', pattern: /-event-kbd$/ },
  ports: { folder: 'dev/input/by-path', pattern: new RegExp(`${ON_USB}.*-event-kbd$`) },
  sysClass: 'input',
};
const CAMERA: NamedKind = {
  ids: { folder: 'dev/v4l/by-id', pattern: /-video-index0$/ },
  ports: { folder: 'dev/v4l/by-path', pattern: new RegExp(`${ON_USB}.*-video-index0$`) },
  sysClass: 'video4linux',
};
/** Names of the package's udev rule, device/os/udev. */
const HID_POS: NamedKind = {
  ids: { folder: 'dev/menwei', pattern: /^hid-pos-(?!at-)/ },
  ports: { folder: 'dev/menwei', pattern: /^hid-pos-at-/ },
  sysClass: 'hidraw',
};

/** @param root `/`, or a copy of it in tests */
export async function findReaders(root = '/'): Promise<FoundReader[]> {
  const found: FoundReader[] = [];
  for (const [type, kind] of [['serial', SERIAL] as const, ['keyboard', KEYBOARD] as const])
    for (const path of await namesOf(root, kind)) found.push({ type, path });
  for (const path of await posNames(root)) found.push({ type: 'hid-pos', path });
  return found;
}

/** USB cameras; the Pi's own has no device to name. */
export async function findCameras(root = '/'): Promise<string[]> {
  return namesOf(root, CAMERA);
}

async function namesOf(root: string, kind: NamedKind): Promise<string[]> {
  return [...(await stableNames(root, kind)).values()].sort();
}

/** Where the rule is not installed a scanner has the kernel's name alone, which another may have after the next start. */
async function posNames(root: string): Promise<string[]> {
  const scanners: string[] = [];
  for (const node of await readdir(join(root, 'sys/class/hidraw')).catch(() => [] as string[]))
    if (await isPosScanner(join(root, 'sys/class/hidraw', node))) scanners.push(node);
  const names = await stableNames(root, HID_POS, scanners);
  return scanners.map((node) => names.get(node) ?? `/dev/${node}`).sort();
}

async function isPosScanner(folder: string): Promise<boolean> {
  const descriptor = await readFile(join(folder, 'device/report_descriptor')).catch(() => undefined);
  return descriptor !== undefined && (isPosDescriptor(descriptor) || reportReaderOf(descriptor).ok);
}
