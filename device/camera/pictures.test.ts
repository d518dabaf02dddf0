import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraCommand } from './camera-command.ts';
import { frameCutter } from './camera-process.ts';
import { VIEWS, viewOf } from './enhance.ts';
import { createMotionGate } from './motion-gate.ts';
import { pgm, pictureSize } from './pgm.ts';
import { emptyScene, pictureOf, png } from './testing.ts';

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

describe('the motion gate', () => {
  const empty = emptyScene(SIZE).grey;
  const code = pictureOf('X1ABC', SIZE).grey;

  it('lets the first frame through, then a still scene once a second', () => {
    const gate = createMotionGate(SIZE);
    const passed: number[] = [];
    for (let nowMs = 0; nowMs < 10_000; nowMs += 50) if (gate.passes(empty, nowMs)) passed.push(nowMs);
    const late = passed.filter((atMs) => atMs >= 2_500);
    expect(passed[0]).toBe(0);
    expect(late.length).toBeGreaterThanOrEqual(7);
    expect(late.length).toBeLessThanOrEqual(8);
  });

  it('lets a frame with something new through at once, and those behind it for a while', () => {
    const gate = createMotionGate(SIZE);
    for (let nowMs = 0; nowMs < 5_000; nowMs += 50) gate.passes(empty, nowMs);
    expect(gate.passes(code, 5_010)).toBe(true);
    expect(gate.passes(code, 5_060)).toBe(true);
    expect(gate.passes(code, 6_400)).toBe(true);
  });

  it('overlooks the noise of a webcam', () => {
    const gate = createMotionGate(SIZE);
    let seed = 1;
    const noisy = () =>
      empty.map((level) => {
        seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
        return level + (seed % 15) - 7;
      });
    for (let nowMs = 0; nowMs < 3_000; nowMs += 50) gate.passes(noisy(), nowMs);
    let passed = 0;
    for (let nowMs = 3_000; nowMs < 5_000; nowMs += 50) if (gate.passes(noisy(), nowMs)) passed += 1;
    expect(passed).toBeLessThanOrEqual(2);
  });
});

describe('views of a frame', () => {
  it('keep its size, and change it where there is something to see', () => {
    const { grey } = pictureOf('X1ABC', SIZE);
    for (const view of VIEWS) expect(viewOf(grey, SIZE, view)).toHaveLength(grey.length);
    expect(viewOf(grey, SIZE, 'raw')).toBe(grey);
    expect(viewOf(grey, SIZE, 'smooth')).not.toEqual(grey);
    expect(viewOf(emptyScene(SIZE).grey, SIZE, 'sharp')).toEqual(emptyScene(SIZE).grey);
  });

  it('smooth by the mean of nine, and sharpen away from it', () => {
    const size = { width: 3, height: 3 };
    const dot = Uint8Array.of(0, 0, 0, 0, 90, 0, 0, 0, 0);
    expect(viewOf(dot, size, 'smooth')[4]).toBe(10);
    expect(viewOf(dot, size, 'sharp')[4]).toBe(250);
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
