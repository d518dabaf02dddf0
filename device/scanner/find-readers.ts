import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Lists what is plugged in and could be a reader, for the set-up page and the doctor. It opens none of them. */
export interface FoundReader {
  readonly type: 'serial' | 'keyboard' | 'hid-pos';
  readonly path: string;
}

/** Usage Page (8C), bar code scanner: the first item of such a report descriptor (USB HID Point of Sale Usage Tables). */
const POS_USAGE_PAGE = Uint8Array.of(0x05, 0x8c);

/** @param root `/`, or a copy of it in tests */
export async function findReaders(root = '/'): Promise<FoundReader[]> {
  const serial = await list(join(root, 'dev/serial/by-id'));
  const input = await list(join(root, 'dev/input/by-id'));
  const raw = await list(join(root, 'sys/class/hidraw'));
  const found: FoundReader[] = serial.map((name) => ({ type: 'serial', path: `/dev/serial/by-id/${name}` }));
  for (const name of input) {
    if (name.endsWith('-event-kbd')) found.push({ type: 'keyboard', path: `/dev/input/by-id/${name}` });
  }
  for (const name of raw) {
    if (await isPosScanner(join(root, 'sys/class/hidraw', name))) {
      found.push({ type: 'hid-pos', path: `/dev/${name}` });
    }
  }
  return found;
}

async function isPosScanner(folder: string): Promise<boolean> {
  try {
    const descriptor = await readFile(join(folder, 'device/report_descriptor'));
    return POS_USAGE_PAGE.every((byte, at) => descriptor[at] === byte);
  } catch {
    return false;
  }
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}
