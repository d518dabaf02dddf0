import { deflateSync } from 'node:zlib';
import { crc32 } from 'node:zlib';
import { encode } from 'jpeg-js';
import { concat, utf8 } from '../../../base/index.ts';

/** Pictures for tests: of an oval before a plain ground, or of a size that is only said. */
export function testJpeg(width = 400, height = 500): Uint8Array {
  return new Uint8Array(encode({ width, height, data: Buffer.from(pixels(width, height)) }, 80).data);
}

export function testPng(width = 400, height = 500): Uint8Array {
  const rgba = pixels(width, height);
  const rows = Array.from({ length: height }, (_, row) =>
    concat(Uint8Array.of(0), rgba.subarray(row * width * 4, (row + 1) * width * 4)),
  );
  return pngOf({ width, height, data: new Uint8Array(deflateSync(concat(...rows))) });
}

/** @param data deflated, whatever the header says */
export function pngOf(
  { width, height, data }: { width: number; height: number; data: Uint8Array },
  more: readonly Uint8Array[] = [],
): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  return concat(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', header),
    ...more,
    pngChunk('IDAT', data),
    pngChunk('IEND', new Uint8Array()),
  );
}

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const named = concat(utf8(type), data);
  const [length, sum] = [new Uint8Array(4), new Uint8Array(4)];
  new DataView(length.buffer).setUint32(0, data.length);
  new DataView(sum.buffer).setUint32(0, crc32(named));
  return concat(length, named, sum);
}

/** A lossless WebP of two pixels by one, as libwebp writes it, in a file with what else is given. */
export function testWebp(more: readonly Uint8Array[] = [], flags?: number): Uint8Array {
  const image = riffChunk('VP8L', VP8L);
  const canvas = Uint8Array.of(flags ?? 0, 0, 0, 0, 1, 0, 0, 0, 0, 0);
  const chunks = flags === undefined ? [image, ...more] : [riffChunk('VP8X', canvas), ...more, image];
  const body = concat(utf8('WEBP'), ...chunks);
  return concat(utf8('RIFF'), little(body.length), body);
}

export function riffChunk(type: string, data: Uint8Array): Uint8Array {
  return concat(utf8(type), little(data.length), data, new Uint8Array(data.length % 2));
}

const VP8L = Uint8Array.from(Buffer.from('2f01000000078890fdf18301880800', 'hex'));

function little(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function pixels(width: number, height: number): Uint8Array {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const [x, y] = [(column / width - 0.5) / 0.28, (row / height - 0.45) / 0.32];
      const isFace = x * x + y * y < 1;
      const isBody = row > height * 0.8 && Math.abs(column / width - 0.5) < 0.4;
      const colour = isFace ? [224, 180, 150] : isBody ? [60, 90, 120] : [235, 240, 242];
      rgba.set(colour, (row * width + column) * 4);
    }
  return rgba;
}
