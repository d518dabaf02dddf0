import type { Chance } from './chance.ts';
import { levelAt, type Plane } from './plane.ts';
import type { Phone } from './scene.ts';

/** A phone in space before the camera, and its picture through a pinhole. */
export interface Pose {
  /** Middle of the code, and its side were it seen straight on, in pixels of the scene. */
  readonly x: number;
  readonly y: number;
  readonly side: number;
  /** From the scene to the phone's own pixels, row by row: the inverse of a homography. */
  readonly back: readonly number[];
}

interface View {
  readonly width: number;
  readonly height: number;
  readonly condition: string;
}

/** Focal length, in widths of the picture: an ordinary webcam. */
const FOCAL = 2.2;

export function placeOf(chance: Chance, phone: Phone, { width, height, condition }: View): Pose {
  const share = condition === 'far' ? chance.uniform(0.24, 0.3) : chance.uniform(0.42, 0.62);
  const side = share * height;
  const scale = side / phone.side;
  const x = width / 2 + chance.uniform(-0.12, 0.12) * width;
  const y = height / 2 + chance.uniform(-0.08, 0.08) * height;
  const [right, down] = axes(anglesOf(chance, condition));
  const focal = FOCAL * width;
  const middle = [phone.picture.width / 2, phone.middle] as const;
  // A point (u, v) of the phone lies at scale · ((u − mu) · right + (v − mv) · down), the code's middle a focal length away.
  const column = (axis: Axis, at: number) => axis[at as 0 | 1 | 2] * scale;
  const shift = (at: number) => -(column(right, at) * middle[0] + column(down, at) * middle[1]);
  const depth = [column(right, 2), column(down, 2), shift(2) + focal] as const;
  const rowOf = (at: number, offset: number) =>
    [column(right, at), column(down, at), shift(at)].map(
      (value, of) => value * focal + offset * (depth[of] ?? 0),
    );
  return { x, y, side, back: inverse([...rowOf(0, x), ...rowOf(1, y), ...depth]) };
}

type Axis = readonly [x: number, y: number, z: number];

function anglesOf(chance: Chance, condition: string): Axis {
  const degrees = (low: number, high: number) => (chance.uniform(low, high) * Math.PI) / 180;
  if (condition === 'perspective')
    return [degrees(25, 42) * chance.sign(), degrees(15, 32) * chance.sign(), degrees(-25, 25)];
  return [degrees(-12, 12), degrees(-12, 12), condition === 'turned' ? degrees(-180, 180) : degrees(-10, 10)];
}

/** Where the phone's right and its lower edge point after being tilted, swung and turned. */
function axes([tilt, swing, turn]: Axis): readonly [right: Axis, down: Axis] {
  const placed = ([x, y, z]: Axis): Axis => {
    const [y1, z1] = [y * Math.cos(tilt) - z * Math.sin(tilt), y * Math.sin(tilt) + z * Math.cos(tilt)];
    const [x2, z2] = [x * Math.cos(swing) + z1 * Math.sin(swing), z1 * Math.cos(swing) - x * Math.sin(swing)];
    return [x2 * Math.cos(turn) - y1 * Math.sin(turn), x2 * Math.sin(turn) + y1 * Math.cos(turn), z2];
  };
  return [placed([1, 0, 0]), placed([0, 1, 0])];
}

function inverse(matrix: readonly number[]): number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = matrix;
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** How bright a screen looks from place to place of the scene. */
export type Grid = (x: number, y: number) => number;

/** Each pixel of the scene is the mean of so many by so many places of the phone. */
const FINENESS = 2;

/** Draws the phone over the scene. */
export function show(phone: Plane, scene: Plane, { back, grid }: Pose & { readonly grid?: Grid }): void {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = back;
  const levelOf = (x: number, y: number, behind: number) => {
    const depth = g * x + h * y + i;
    const u = (a * x + b * y + c) / depth;
    const v = (d * x + e * y + f) / depth;
    if (u < 0 || v < 0 || u > phone.width - 1 || v > phone.height - 1) return behind;
    return levelAt(phone, u, v) * (grid?.(x, y) ?? 1);
  };
  for (let y = 0, at = 0; y < scene.height; y += 1) {
    for (let x = 0; x < scene.width; x += 1, at += 1) {
      const behind = scene.levels[at] ?? 0;
      let sum = 0;
      for (let part = 0; part < FINENESS * FINENESS; part += 1) {
        const right = ((part % FINENESS) + 0.5) / FINENESS - 0.5;
        const down = (Math.floor(part / FINENESS) + 0.5) / FINENESS - 0.5;
        sum += levelOf(x + right, y + down, behind);
      }
      scene.levels[at] = sum / (FINENESS * FINENESS);
    }
  }
}
