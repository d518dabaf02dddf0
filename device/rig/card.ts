import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A card that scripts/image made, from outside: its partitions, and what the firmware of a Raspberry Pi would read on the first. */

export type Partition = 'boot' | 'root' | 'data';
const NUMBERS: Readonly<Record<Partition, number>> = { boot: 0, root: 1, data: 2 };
const SECTOR_BYTES = 512;
/** Of a master boot record: four entries of sixteen bytes, each with its first sector and how many there are (UEFI 2.10, 5.2.1). */
const ENTRIES_AT = 446;
const ENTRY_BYTES = 16;

/** In bytes. */
export function extentOf(
  card: string,
  partition: Partition,
): { readonly at: number; readonly bytes: number } {
  const record = Buffer.alloc(SECTOR_BYTES);
  const file = openSync(card, 'r');
  try {
    readSync(file, record, 0, SECTOR_BYTES, 0);
  } finally {
    closeSync(file);
  }
  const entry = ENTRIES_AT + NUMBERS[partition] * ENTRY_BYTES;
  const sectors = (offset: number) => record.readUInt32LE(entry + offset) * SECTOR_BYTES;
  return { at: sectors(8), bytes: sectors(12) };
}

/** With the partition mounted in a folder, to be written to; needs root and a loop device. */
export function mounted<T>(card: string, partition: Partition, use: (folder: string) => T): T {
  const { at, bytes } = extentOf(card, partition);
  const folder = mkdtempSync(join(tmpdir(), 'menwei-card-'));
  try {
    execFileSync('mount', ['-o', `loop,offset=${at},sizelimit=${bytes}`, card, folder]);
    try {
      return use(folder);
    } finally {
      execFileSync('umount', [folder]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Firmware {
  readonly kernel: string;
  readonly initramfs: string;
  readonly deviceTree: string;
  readonly commandLine: string;
}

/**
 * What a board's firmware hands the kernel (Raspberry Pi documentation, config.txt), copied into `folder`. Model filters and overlays
 * are not followed: QEMU's board has none of what they are for.
 */
export function firmwareOf(card: string, board: string, folder: string): Firmware {
  mkdirSync(folder, { recursive: true });
  const image = `${card}@@${extentOf(card, 'boot').at}`;
  const taken = (name: string) => {
    execFileSync('mcopy', ['-n', '-o', '-i', image, `::${name}`, folder]);
    return join(folder, name);
  };
  const config = readFileSync(taken('config.txt'), 'utf8');
  const named = (setting: RegExp) => {
    const [, name] = setting.exec(config) ?? [];
    if (name === undefined) throw new Error(`config.txt of ${card} says nothing of ${setting.source}`);
    return taken(name);
  };
  return {
    kernel: named(/^kernel=(\S+)/m),
    initramfs: named(/^initramfs (\S+)/m),
    deviceTree: taken(`${board}.dtb`),
    commandLine: readFileSync(taken('cmdline.txt'), 'utf8').trim(),
  };
}
