import type { Chance } from './chance.ts';

/** A grey picture in floating point, and what can be drawn on one. Levels are 0 … 255 and may lie outside until the end. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly levels: Float32Array;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function planeOf(width: number, height: number, level = 0): Plane {
  return { width, height, levels: new Float32Array(width * height).fill(level) };
}

export function drawBox({ width, height, levels }: Plane, box: Box, level: number): void {
  const [left, right] = [Math.max(0, Math.round(box.x)), Math.min(width, Math.round(box.x + box.width))];
  const [top, bottom] = [Math.max(0, Math.round(box.y)), Math.min(height, Math.round(box.y + box.height))];
  if (right <= left) return;
  for (let y = top; y < bottom; y += 1) levels.fill(level, y * width + left, y * width + right);
}

export function drawDisc({ width, height, levels }: Plane, box: Box, level: number): void {
  const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
  for (let y = Math.max(0, Math.floor(box.y)); y < Math.min(height, box.y + box.height); y += 1) {
    const share = ((y - middleY) * 2) / box.height;
    const half = (box.width / 2) * Math.sqrt(Math.max(0, 1 - share * share));
    const [left, right] = [
      Math.max(0, Math.round(middleX - half)),
      Math.min(width, Math.round(middleX + half)),
    ];
    if (right > left) levels.fill(level, y * width + left, y * width + right);
  }
}

export interface Stroke {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly thickness: number;
}

export function drawStroke(plane: Plane, { from, to, thickness }: Stroke, level: number): void {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const steps = Math.ceil(Math.hypot(dx, dy));
  const half = thickness / 2;
  for (let step = 0; step <= steps; step += 1) {
    const share = steps === 0 ? 0 : step / steps;
    const [x, y] = [from[0] + dx * share - half, from[1] + dy * share - half];
    drawDisc(plane, { x, y, width: thickness, height: thickness }, level);
  }
}

/** Small upright strokes side by side, as lettering looks from some way off. */
export function drawLettering(
  plane: Plane,
  chance: Chance,
  { level, ...box }: Box & { readonly level: number },
): void {
  const step = box.height * 0.7;
  for (let x = box.x; x < box.x + box.width; x += step) {
    if (chance.uniform(0, 1) < 0.15) continue;
    const thickness = Math.max(1, box.height * 0.14);
    const corner = (): [number, number] => [
      x + chance.uniform(0, step * 0.7),
      box.y + chance.whole(3) * 0.5 * box.height,
    ];
    for (let strokes = 0; strokes < 3; strokes += 1)
      drawStroke(plane, { from: corner(), to: corner(), thickness }, level);
  }
}

/** Level between pixels; the edge goes on outside. */
export function levelAt({ width, height, levels }: Plane, x: number, y: number): number {
  // No arrays: this is called for every pixel.
  const left = Math.floor(x);
  const top = Math.floor(y);
  const x0 = within(left, width);
  const x1 = within(left + 1, width);
  const y0 = within(top, height) * width;
  const y1 = within(top + 1, height) * width;
  const shareX = x - left;
  const upper = (levels[y0 + x0] ?? 0) * (1 - shareX) + (levels[y0 + x1] ?? 0) * shareX;
  const lower = (levels[y1 + x0] ?? 0) * (1 - shareX) + (levels[y1 + x1] ?? 0) * shareX;
  return upper + (lower - upper) * (y - top);
}

export function stretched(plane: Plane, width: number, height: number): Plane {
  const target = planeOf(width, height);
  for (let y = 0, at = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1, at += 1)
      target.levels[at] = levelAt(
        plane,
        ((x + 0.5) * plane.width) / width - 0.5,
        ((y + 0.5) * plane.height) / height - 0.5,
      );
  return target;
}

function within(place: number, size: number): number {
  return place < 0 ? 0 : place >= size ? size - 1 : place;
}
