import type { Chance } from './chance.ts';
import { type Plane, planeOf } from './plane.ts';

/** What a lens, a moving hand and a sensor do to a picture. */

/** @param deviation in pixels */
export function outOfFocus(plane: Plane, deviation: number): Plane {
  const reach = Math.max(1, Math.ceil(deviation * 3));
  const bell = Float32Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * deviation * deviation)),
  );
  const sum = bell.reduce((total, weight) => total + weight, 0);
  const weights = bell.map((weight) => weight / sum);
  return alongColumns(alongRows(plane, weights), weights);
}

function alongRows({ width, height, levels }: Plane, weights: Float32Array): Plane {
  const target = planeOf(width, height);
  const reach = (weights.length - 1) / 2;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let tap = -reach; tap <= reach; tap += 1) {
        const from = x + tap < 0 ? 0 : x + tap >= width ? width - 1 : x + tap;
        sum += (levels[y * width + from] ?? 0) * (weights[tap + reach] ?? 0);
      }
      target.levels[y * width + x] = sum;
    }
  }
  return target;
}

function alongColumns({ width, height, levels }: Plane, weights: Float32Array): Plane {
  const target = planeOf(width, height);
  const reach = (weights.length - 1) / 2;
  for (let y = 0; y < height; y += 1) {
    for (let tap = -reach; tap <= reach; tap += 1) {
      const from = Math.min(height - 1, Math.max(0, y + tap)) * width;
      const weight = weights[tap + reach] ?? 0;
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x;
        target.levels[at] = (target.levels[at] ?? 0) + (levels[from + x] ?? 0) * weight;
      }
    }
  }
  return target;
}

/** The hand moved by so many pixels while the shutter was open. */
export function movedWhileOpen(plane: Plane, pixels: number, angle: number): Plane {
  const { width, height, levels } = plane;
  const target = planeOf(width, height);
  const steps = Math.max(2, Math.ceil(pixels * 2));
  for (let step = 0; step < steps; step += 1) {
    const along = (step / (steps - 1) - 0.5) * pixels;
    const [dx, dy] = [Math.round(along * Math.cos(angle)), Math.round(along * Math.sin(angle))];
    for (let y = 0; y < height; y += 1) {
      const from = Math.min(height - 1, Math.max(0, y + dy)) * width;
      for (let x = 0; x < width; x += 1) {
        const column = Math.min(width - 1, Math.max(0, x + dx));
        const at = y * width + x;
        target.levels[at] = (target.levels[at] ?? 0) + (levels[from + column] ?? 0) / steps;
      }
    }
  }
  return target;
}

export function withNoise({ width, height, levels }: Plane, chance: Chance, deviation: number): Plane {
  return { width, height, levels: levels.map((level) => level + chance.normal() * deviation) };
}

/** Little light and much gain: few photons a pixel, the amplifier's own noise, and all of it made brighter again. */
export function inLittleLight({ width, height, levels }: Plane, chance: Chance): Plane {
  const [light, gain] = [chance.uniform(0.07, 0.13), chance.uniform(3, 5)];
  const dark = levels.map((level) => {
    const photons = Math.max(0, level) * light * PHOTONS_A_LEVEL;
    const caught = Math.max(0, photons + Math.sqrt(photons) * chance.normal());
    return Math.min(255, Math.max(0, caught / PHOTONS_A_LEVEL + chance.normal() * 2.2)) * gain;
  });
  return { width, height, levels: dark };
}

const PHOTONS_A_LEVEL = 1.6;

/** As a sensor gives it: whole levels, and nothing beyond black and white. */
export function grey({ levels }: Plane): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(levels).buffer);
}
