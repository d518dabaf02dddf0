import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraCommand } from './camera-command.ts';
import { frameCutter } from './camera-process.ts';
import { pgm, pictureSize } from './pgm.ts';
import { pictureOf, png } from './testing.ts';

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

  it('takes one and a half bytes a pixel from the Pi’s own camera, of which the first is grey', () => {
    const pi = cameraCommand({ id: 'c', source: 'rpicam', ...SIZE, framesPerSecond: 10 });
    expect([pi.file, pi.frameBytes]).toEqual(['rpicam-vid', 320 * 240 * 1.5]);
    expect(pi.args.join(' ')).toContain('--framerate 10');
  });

  it('cuts frames wherever the pipe was chunked', () => {
    const size = { width: 4, height: 2 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (cuts) => {
        const all = Uint8Array.from({ length: 12 * 6 }, (_, at) => at);
        const frames: number[] = [];
        const push = frameCutter({ frameBytes: 12, size }, (grey) => frames.push(grey[0] ?? -1, grey.length));
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
