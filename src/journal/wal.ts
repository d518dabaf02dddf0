import { readFileSync } from 'node:fs';
import { Damage } from './faults.ts';

/**
 * Tells a torn tail of SQLite's write-ahead log from damage in the middle of it. SQLite itself cuts the log at the first
 * frame that does not hold, which is right for a torn tail and would silently lose rows that were durable for a flipped bit.
 *
 * header 32: magic, format, page size, sequence, salt ×2, checksum ×2     (https://sqlite.org/fileformat2.html#walformat)
 * frame  24: page, size after commit (0 = none), salt ×2, checksum ×2     then the page
 *
 * A transaction is only begun once the one before it is durable. So whole frames behind a commit that lies at or after the
 * first bad frame prove that the bad one had been durable.
 */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
/** Longest log that is looked at: many times what one checkpoint interval leaves. */
const WAL_BYTES_MAX = 256 * 1024 * 1024;

type Sums = readonly [number, number];

/** @throws Damage when frames that had been durable do not hold any more */
export function checkWal(file: string): void {
  const wal = bytesOf(`${file}-wal`);
  if (wal === undefined || wal.length < HEADER_BYTES + FRAME_HEADER_BYTES) return;
  const view = new DataView(wal.buffer, wal.byteOffset, wal.byteLength);
  // A log that was lengthened but never written, as a power cut leaves it: nothing in it was durable.
  if (wal.subarray(0, HEADER_BYTES).every((byte) => byte === 0)) return;
  const log = headerOf(view);
  if (log === undefined) throw new Damage("the write-ahead log's header is not what was written");
  checkFrames(view, log);
}

interface Log {
  readonly littleEndian: boolean;
  readonly frameBytes: number;
  readonly salts: Sums;
  readonly sums: Sums;
}

function headerOf(view: DataView): Log | undefined {
  const magic = view.getUint32(0);
  if ((magic & 0xffff_fffe) >>> 0 !== MAGIC) return undefined;
  const littleEndian = (magic & 1) === 0;
  const sums = checksum(view, { from: 0, to: 24, littleEndian }, [0, 0]);
  if (!same(sums, pair(view, 24))) return undefined;
  return { littleEndian, frameBytes: FRAME_HEADER_BYTES + view.getUint32(8), salts: pair(view, 16), sums };
}

function checkFrames(view: DataView, log: Log): void {
  let before = log.sums;
  let bad = false;
  let commitSinceBad = false;
  for (let at = HEADER_BYTES; at + log.frameBytes <= view.byteLength; at += log.frameBytes) {
    const stored = pair(view, at + 16);
    const holds = same(pair(view, at + 8), log.salts) && same(frameSums(view, at, { log, before }), stored);
    if (bad && holds && commitSinceBad)
      throw new Damage('the write-ahead log has a bad frame before good ones');
    bad = bad || !holds;
    commitSinceBad = commitSinceBad || (bad && view.getUint32(at + 4) !== 0);
    before = stored;
  }
}

function frameSums(view: DataView, at: number, context: { log: Log; before: Sums }): Sums {
  const { littleEndian, frameBytes } = context.log;
  const head = checksum(view, { from: at, to: at + 8, littleEndian }, context.before);
  return checksum(view, { from: at + FRAME_HEADER_BYTES, to: at + frameBytes, littleEndian }, head);
}

/** https://sqlite.org/fileformat2.html#walcksm */
function checksum(
  view: DataView,
  span: { readonly from: number; readonly to: number; readonly littleEndian: boolean },
  start: Sums,
): Sums {
  let [first, second] = start;
  for (let at = span.from; at < span.to; at += 8) {
    first = (first + view.getUint32(at, span.littleEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, span.littleEndian) + first) >>> 0;
  }
  return [first, second];
}

function pair(view: DataView, at: number): Sums {
  return [view.getUint32(at), view.getUint32(at + 4)];
}

function same(left: Sums, right: Sums): boolean {
  return left[0] === right[0] && left[1] === right[1];
}

function bytesOf(file: string): Uint8Array | undefined {
  try {
    const bytes = readFileSync(file);
    return bytes.length > WAL_BYTES_MAX ? undefined : bytes;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
