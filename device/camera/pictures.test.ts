import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraCommand } from './camera-command.ts';
import { frameCutter } from './camera-process.ts';
import { createDecoder } from './decoder.ts';
import { pgm, pictureSize } from './pgm.ts';
import { machineClock, pictureOf, png } from './testing.ts';

const SIZE = { width: 320, height: 240 };

describe('what a file claims to be', () => {
  it('is read from PGM, PNG and JPEG', () => {
    const picture = pictureOf('X1ABC', SIZE);
    expect(pictureSize(pgm(picture.grey, SIZE))).toEqual(SIZE);
    expect(pictureSize(png(picture))).toEqual(SIZE);
    const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b0800f001400101110000', 'hex');
    expect(pictureSize(jpeg)).toEqual(SIZE);
  });

  it('is nothing for other bytes, however they begin, and never a fault', () => {
    expect(pictureSize(Buffer.from('GIF89a'))).toBeUndefined();
    const starts = fc.constantFrom('', '89504e470d0a1a0a', 'ffd8ff', '50350a', 'ffd8ffe0');
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 80 }), (start, rest) => {
        pictureSize(Buffer.concat([Buffer.from(start, 'hex'), rest]));
      }),
      { numRuns: 500 },
    );
  });
});

describe('asking a camera', () => {
  it('is a program with arguments, never a shell', () => {
    const usb = cameraCommand({ id: 'c', source: 'ffmpeg', path: '/dev/video2; reboot', ...SIZE });
    expect(usb.file).toBe('ffmpeg');
    expect(usb.args).toContain('/dev/video2; reboot');
    expect(usb.args).toContain('320x240');
    expect(usb.frameBytes).toBe(320 * 240);
  });

  it('makes a USB camera that gives another size than asked for fit the picture, whole', () => {
    const usb = cameraCommand({ id: 'c', source: 'ffmpeg', ...SIZE });
    expect(usb.args.join(' ')).toContain(
      '-vf scale=320:240:force_original_aspect_ratio=decrease,pad=320:240:-1:-1',
    );
  });

  it('takes one and a half bytes a pixel from the Pi’s own camera, of which the first is grey', () => {
    const pi = cameraCommand({ id: 'c', source: 'rpicam', width: 640, height: 480, framesPerSecond: 10 });
    expect([pi.file, pi.frameBytes]).toEqual(['rpicam-vid', 640 * 480 * 1.5]);
    expect(pi.args.join(' ')).toContain('--width 640 --height 480 --framerate 10');
  });

  it('cuts frames wherever the pipe was chunked', () => {
    const size = { width: 4, height: 2 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (cuts) => {
        const all = Uint8Array.from({ length: 12 * 6 }, (_, at) => at);
        const frames: number[] = [];
        const push = frameCutter({ frameBytes: 12, size, rowBytes: 4, left: 0 }, (grey) =>
          frames.push(grey[0] ?? -1, grey.length),
        );
        for (let at = 0, turn = 0; at < all.length; turn += 1) {
          const step = cuts[turn % cuts.length] ?? 1;
          push(all.subarray(at, at + step));
          at += step;
        }
        expect(frames).toEqual([0, 8, 12, 8, 24, 8, 36, 8, 48, 8, 60, 8]);
      }),
    );
  });
});

/** The drivers of a Pi's camera pad each row of YUV 4:2:0 to so many bytes: bcm2835-isp (Pi 4) and pisp_be (Pi 5). */
describe.each([
  ['a Pi 4', 64],
  ['a Pi 5', 128],
])('the Pi’s own camera on %s', (_, padTo) => {
  it.each([
    [800, 600],
    [720, 480],
    [1080, 720],
    [801, 601],
    [1919, 1079],
    [161, 121],
  ])('gives whole frames of %i × %i, row for row, and nothing of the padding', (width, height) => {
    const command = cameraCommand({ id: 'c', source: 'rpicam', width, height });
    const frames: Uint8Array[] = [];
    const push = frameCutter(command, (grey) => frames.push(grey.slice()));
    const played = [1, 2].map((number) => playRpicam(command.args, padTo, number));
    for (const { bytes } of played)
      for (let at = 0; at < bytes.length; at += 65_536) push(bytes.subarray(at, at + 65_536));
    expect(frames.map(({ length }) => length)).toEqual([width * height, width * height]);
    for (const [at, grey] of frames.entries())
      expect(firstWrongRow(grey, { width, height }, played[at]?.seen ?? neverSeen)).toBe(-1);
  });

  it('reads a code in 800 × 600', async () => {
    const size = { width: 800, height: 600 };
    const command = cameraCommand({ id: 'c', source: 'rpicam', ...size });
    const asked = askedSize(command.args);
    const { grey } = pictureOf('X1ABC', asked);
    let frame = new Uint8Array();
    const push = frameCutter(command, (cut) => {
      frame = cut.slice();
    });
    push(paddedYuv(asked, padTo, (x, y) => grey[y * asked.width + x] ?? 0));
    const decoder = createDecoder({ clock: machineClock }, { budgetMs: 10_000 });
    const outcome = await decoder.decode(pgm(frame, size));
    await decoder.stop();
    expect(outcome).toMatchObject({ type: 'text', text: 'X1ABC' });
  });
});

type Pixel = (x: number, y: number) => number;

const JUNK = 0xee;
const neverSeen: Pixel = () => -1;

function askedSize(args: readonly string[]) {
  const after = (name: string) => Number(args[args.indexOf(name) + 1]);
  return { width: after('--width'), height: after('--height') };
}

/** What rpicam-vid writes for one frame of the size it is asked for: its whole buffer, padding and all. */
function playRpicam(args: readonly string[], padTo: number, number: number) {
  const seen: Pixel = (x, y) => (x * 7 + y * 13 + number * 5) % 200;
  return { bytes: paddedYuv(askedSize(args), padTo, seen), seen };
}

function paddedYuv(size: { width: number; height: number }, padTo: number, pixel: Pixel): Uint8Array {
  const rowBytes = Math.ceil(size.width / padTo) * padTo;
  const bytes = new Uint8Array((rowBytes * size.height * 3) / 2).fill(JUNK);
  for (let y = 0; y < size.height; y += 1)
    for (let x = 0; x < size.width; x += 1) bytes[y * rowBytes + x] = pixel(x, y);
  return bytes;
}

/** Wherever in the row the picture's part of it was taken from, it is the same in all rows and from the middle. */
function firstWrongRow(grey: Uint8Array, { width, height }: typeof SIZE, seen: Pixel): number {
  const left = Array.from({ length: 128 }, (_, at) => at).find((at) =>
    Array.from({ length: width }, (__, x) => x).every((x) => grey[x] === seen(at + x, 0)),
  );
  if (left === undefined) return 0;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) if (grey[y * width + x] !== seen(left + x, y)) return y;
  return -1;
}
