import { deflateSync } from 'node:zlib';
import { correction, generate, mode } from 'lean-qr';
import { monotonicMs, wallMs } from '../../src/base/index.ts';
import type { Clock, DropReason, ReaderHealth, Scan, ScanSink } from '../../src/ports/index.ts';
import type { GreyPicture, PictureSize } from '../../src/sight/index.ts';

export type { GreyPicture } from '../../src/sight/index.ts';

/** For this room's tests: pictures of codes, the machine's clock, and a queue that remembers. */

export const machineClock: Clock = {
  wall: () => wallMs(Date.now()),
  monotonic: () => monotonicMs(Number(process.hrtime.bigint()) / 1e6),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A code as a phone shows it, black on white with its quiet zone, in the middle of a grey scene. */
export function pictureOf(text: string, size: PictureSize, moduleSize = 4): GreyPicture {
  const data = /^[\dA-Z $%*+\-./:]*$/.test(text) ? mode.alphaNumeric(text) : text;
  const symbol = generate(data, { minCorrectionLevel: correction.M });
  const grey = new Uint8Array(size.width * size.height).fill(120);
  const side = (symbol.size + 8) * moduleSize;
  const left = Math.floor((size.width - side) / 2);
  const top = Math.floor((size.height - side) / 2);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const isBlack = symbol.get(Math.floor(x / moduleSize) - 4, Math.floor(y / moduleSize) - 4);
      grey[(top + y) * size.width + left + x] = isBlack ? 20 : 235;
    }
  }
  return { grey, size };
}

export function emptyScene(size: PictureSize): GreyPicture {
  return { grey: new Uint8Array(size.width * size.height).fill(120), size };
}

/** PNG, eight bits of grey. */
export function png({ grey, size }: GreyPicture): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.width, 0);
  header.writeUInt32BE(size.height, 4);
  header[8] = 8;
  const rows = Buffer.alloc((size.width + 1) * size.height);
  for (let y = 0; y < size.height; y += 1) {
    rows.set(grey.subarray(y * size.width, (y + 1) * size.width), y * (size.width + 1) + 1);
  }
  const magic = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    magic,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** PNG, ISO/IEC 15948 annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

export interface RememberingSink extends ScanSink {
  readonly scans: Scan[];
  readonly drops: DropReason[];
  readonly states: ReaderHealth['state'][];
  /** Makes room for one more. */
  take(): void;
}

export function rememberingSink(capacity = Number.POSITIVE_INFINITY): RememberingSink {
  const scans: Scan[] = [];
  const drops: DropReason[] = [];
  const states: ReaderHealth['state'][] = [];
  const waiting: (() => void)[] = [];
  let depth = 0;
  return {
    scans,
    drops,
    states,
    offer(scan) {
      if (depth >= capacity) return false;
      depth += 1;
      scans.push(scan);
      return true;
    },
    room: () => (depth < capacity ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    dropped: (reason) => drops.push(reason),
    changed: (health) => states.push(health.state),
    take() {
      depth -= 1;
      for (const wake of waiting.splice(0)) wake();
    },
  };
}

export async function until(condition: () => boolean, what: string, limitMs = 9_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
