import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

/**
 * The data disk of the virtual Pi. A power cut is played from the log of what the guest wrote and flushed: what was flushed is
 * on the disk; of what was not, a part chosen at random is. Ending QEMU alone would keep all of it, in this machine's memory.
 */
export interface DataDisk {
  readonly image: string;
  /** Written by QEMU while the machine runs (block driver blklogwrites). */
  readonly log: string;
}

export interface CutOutcome {
  readonly writes: number;
  readonly flushes: number;
  /** Writes after the last flush, and how many of them are on the disk all the same. */
  readonly unflushed: number;
  readonly kept: number;
}

const SIZE_MIB = 96;
/** Documentation/admin-guide/device-mapper/log-writes.rst */
const MAGIC = 0x6a736677736872n;
const FLUSH = 1n;
const DISCARD = 4n;
const SECTOR = 512;

/** @param content files that lie on it at first */
export function makeDisk(content: string, image: string, sizeMib = SIZE_MIB): void {
  rmSync(image, { force: true });
  tool('mke2fs', '-q', '-t', 'ext4', '-m', '0', '-d', content, image, `${sizeMib}M`);
}

/**
 * Turns `before`, a copy from before the boot, into the disk after a power cut.
 * @param below random
 * @param upTo the cut comes after so many entries of the log; after all of them if absent
 */
export function cutDisk(
  disk: { readonly before: string; readonly log: string; readonly upTo?: number },
  below: (count: number) => number,
): CutOutcome {
  const entries = logEntries(disk.log).slice(0, disk.upTo);
  const lastFlush = entries.findLastIndex(({ flags }) => (flags & FLUSH) === FLUSH);
  const image = openSync(disk.before, 'r+');
  const log = openSync(disk.log, 'r');
  let kept = 0;
  try {
    for (const [at, entry] of entries.entries()) {
      const isLost = at > lastFlush && below(2) === 0;
      if (isLost || entry.bytes === 0) continue;
      if (at > lastFlush) kept += 1;
      copyRange({ log, image, entry });
    }
  } finally {
    closeSync(image);
    closeSync(log);
  }
  const flushes = entries.filter(({ flags }) => (flags & FLUSH) === FLUSH).length;
  const unflushed = entries.slice(lastFlush + 1).filter(({ bytes }) => bytes > 0).length;
  return { writes: entries.filter(({ bytes }) => bytes > 0).length, flushes, unflushed, kept };
}

/** How many entries the log has now; what was told before this is called had to be among them. */
export function logLength(file: string): number {
  const fd = openSync(file, 'r');
  try {
    const head = bytesAt(fd, 0, 32);
    return head.length < 32 ? 0 : Number(head.readBigUInt64LE(16));
  } finally {
    closeSync(fd);
  }
}

interface Entry {
  readonly toByte: number;
  readonly bytes: number;
  readonly flags: bigint;
  /** Where its data lies in the log. */
  readonly at: number;
  readonly isZero: boolean;
}

function logEntries(file: string): Entry[] {
  const fd = openSync(file, 'r');
  try {
    const head = bytesAt(fd, 0, 32);
    if (head.length < 32 || head.readBigUInt64LE(0) !== MAGIC) return [];
    const count = Number(head.readBigUInt64LE(16));
    const sector = head.readUInt32LE(24) || SECTOR;
    const end = fstatSync(fd).size;
    const entries: Entry[] = [];
    let at = sector;
    for (let each = 0; each < count && at + 32 <= end; each += 1) {
      const one = bytesAt(fd, at, 32);
      const flags = one.readBigUInt64LE(16);
      const isZero = (flags & DISCARD) === DISCARD;
      const bytes = Number(one.readBigUInt64LE(8)) * sector;
      entries.push({
        toByte: Number(one.readBigUInt64LE(0)) * sector,
        bytes,
        flags,
        at: at + sector,
        isZero,
      });
      at += sector + (isZero ? 0 : bytes);
    }
    return entries;
  } finally {
    closeSync(fd);
  }
}

function copyRange({
  log,
  image,
  entry,
}: {
  readonly log: number;
  readonly image: number;
  readonly entry: Entry;
}): void {
  const data = entry.isZero ? Buffer.alloc(entry.bytes) : bytesAt(log, entry.at, entry.bytes);
  writeSync(image, data, 0, data.length, entry.toByte);
}

function bytesAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, at));
}

/** Mends the file system as a boot would, on a copy, and takes a folder out of it. The disk itself stays as it is. */
export function takeOut(image: string, from: string, to: string): void {
  const copy = `${image}.read`;
  copyFileSync(image, copy);
  try {
    mend(copy);
    tool('debugfs', '-R', `rdump ${from} ${to}`, copy);
  } finally {
    rmSync(copy, { force: true });
  }
}

/** e2fsck says 1 when it replayed the file system's own journal or mended a little; more is a broken disk. */
function mend(image: string): void {
  try {
    tool('e2fsck', '-p', image);
  } catch (fault) {
    if ((fault as { status?: number }).status !== 1) throw fault;
  }
}

function tool(file: string, ...args: readonly string[]): void {
  execFileSync(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}
