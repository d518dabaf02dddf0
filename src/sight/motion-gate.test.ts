import { describe, expect, it } from 'vitest';
import { createMotionGate } from './motion-gate.ts';

const SIZE = { width: 320, height: 240 };
const scene = new Uint8Array(SIZE.width * SIZE.height).fill(120);

/** Something held up: a square, a tenth of the frame wide, in the middle. */
const heldUp = (level: number) =>
  scene.map((behind, at) => {
    const [x, y] = [at % SIZE.width, Math.floor(at / SIZE.width)];
    return Math.abs(x - 160) < 16 && Math.abs(y - 120) < 16 ? level : behind;
  });

/** @param most levels to either side */
function noise(most: number): (from: Uint8Array) => Uint8Array {
  let seed = 1;
  return (from) =>
    from.map((level) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return level + ((seed >> 8) % (2 * most + 1)) - most;
    });
}

function passesOf(frames: (nowMs: number) => Uint8Array, fromMs: number, toMs: number): number {
  const gate = createMotionGate(SIZE);
  let passed = 0;
  for (let nowMs = 0; nowMs < toMs; nowMs += 50)
    if (gate.passes(frames(nowMs), nowMs) && nowMs >= fromMs) passed += 1;
  return passed;
}

describe('the motion gate', () => {
  it('lets the first frames through, then a still scene once in ten seconds', () => {
    const gate = createMotionGate(SIZE);
    const passed: number[] = [];
    for (let nowMs = 0; nowMs < 40_000; nowMs += 50) if (gate.passes(scene, nowMs)) passed.push(nowMs);
    expect(passed[0]).toBe(0);
    const late = passed.filter((atMs) => atMs >= 2_500);
    expect(late).toHaveLength(3);
  });

  it('lets a frame with something new through at once, and those behind it for a while', () => {
    const gate = createMotionGate(SIZE);
    for (let nowMs = 0; nowMs < 5_000; nowMs += 50) gate.passes(scene, nowMs);
    const code = heldUp(220);
    expect(gate.passes(code, 5_010)).toBe(true);
    expect(gate.passes(code, 5_060)).toBe(true);
    expect(gate.passes(code, 6_400)).toBe(true);
    expect(gate.passes(code, 6_600)).toBe(false);
  });

  it.each([
    ['by day', 7],
    ['by night, when it is strong', 30],
  ])('overlooks the noise of a webcam %s', (_, most) => {
    const noisy = noise(most);
    expect(passesOf(() => noisy(scene), 3_000, 9_000)).toBe(0);
  });

  it('sees a lit screen in the noise of a night', () => {
    const noisy = noise(20);
    const night = scene.map(() => 40);
    const screen = heldUp(200).map((level) => (level === 120 ? 40 : level));
    expect(passesOf((nowMs) => noisy(nowMs < 5_000 ? night : screen), 4_900, 5_100)).toBe(2);
  });

  it('lets everything through while the light is switched or the camera is moved', () => {
    const brighter = scene.map((level) => level + 60);
    expect(passesOf((nowMs) => (nowMs < 5_000 ? scene : brighter), 4_900, 5_100)).toBe(2);
  });

  it('looks at frames of any size, down to one pixel', () => {
    for (const size of [
      { width: 1, height: 1 },
      { width: 9, height: 17 },
    ])
      expect(createMotionGate(size).passes(new Uint8Array(size.width * size.height), 0)).toBe(true);
  });
});
