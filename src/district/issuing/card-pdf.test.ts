import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readCode } from '../../../test/e2e/picture.ts';
import { QuietDistrict } from '../../../test/twins/quiet-district.ts';
import { type CardFace, cardPdf, MODULE_MIN_MM, moduleMm, SHEET_CARDS_MAX } from './card-pdf.ts';

const MADE = Date.parse('2026-03-01T08:00:00Z');
const MM = 72 / 25.4;
const PIXELS_PER_MM = 8;

async function issued(): Promise<CardFace> {
  const quiet = await QuietDistrict.start();
  try {
    const code = await quiet.issuing.card(await quiet.resident(), 366);
    if (!code.ok) throw new Error(code.error);
    return {
      code: code.value.code,
      name: '欧阳*',
      community: '生成小区 Generated community',
    };
  } finally {
    await quiet.stop();
  }
}

/** Every stream of the file that can be inflated, as text. */
function streamsOf(file: Uint8Array): string[] {
  const text = Buffer.from(file).toString('latin1');
  return [...text.matchAll(/stream\r?\n/g)].flatMap(({ index, 0: head }) => {
    const start = index + head.length;
    const end = text.indexOf('endstream', start);
    try {
      return [inflateSync(Buffer.from(text.slice(start, end), 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
}

type Matrix = readonly [number, number, number, number, number, number];
type Edge = readonly [x: number, from: number, to: number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

const combined = ([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix => [
  a * g + b * i,
  a * h + b * j,
  c * g + d * i,
  c * h + d * j,
  e * g + f * i + k,
  e * h + f * j + l,
];

/** The upright edges of every filled path, in millimetres from the page's upper left: what a printer would fill. */
function edgesOf(content: string, height = 53.98): Edge[] {
  const stack: Matrix[] = [];
  const edges: Edge[] = [];
  let matrix = IDENTITY;
  let path: Edge[] = [];
  let [first, last] = [
    [0, 0],
    [0, 0],
  ];
  const at = ([x = 0, y = 0]: readonly number[]) => {
    const [a, b, c, d, e, f] = matrix;
    return [(a * x + c * y + e) / MM, height - (b * x + d * y + f) / MM];
  };
  const lineTo = (point: number[]) => {
    if (Math.abs((last[0] ?? 0) - (point[0] ?? 0)) < 1e-6)
      path.push([point[0] ?? 0, last[1] ?? 0, point[1] ?? 0]);
    last = point;
  };
  for (const line of content.split('\n')) {
    const parts = line.trim().split(/\s+/);
    const numbers = parts.map(Number).filter((each) => !Number.isNaN(each));
    const verb = parts.at(-1);
    if (verb === 'q') stack.push(matrix);
    if (verb === 'Q') matrix = stack.pop() ?? IDENTITY;
    if (verb === 'cm') matrix = combined(numbers as unknown as Matrix, matrix);
    if (verb === 'm') [first, last] = [at(numbers), at(numbers)];
    if (verb === 'l') lineTo(at(numbers));
    if (verb === 'h') lineTo(first);
    if (verb === 'f') edges.push(...path);
    if (verb === 'f' || verb === 'S' || verb === 'BT') path = [];
  }
  return edges;
}

/** Fills by the nonzero winding rule (ISO 32000-2, 8.5.3.3.2) into a grey picture. */
function picture(edges: readonly Edge[], [width, height]: readonly [number, number]): Uint8Array {
  const [columns, rows] = [Math.round(width * PIXELS_PER_MM), Math.round(height * PIXELS_PER_MM)];
  const pixels = new Uint8Array(columns * rows).fill(255);
  for (let row = 0; row < rows; row += 1) {
    const y = (row + 0.5) / PIXELS_PER_MM;
    const crossed = edges.filter(([, from, to]) => Math.min(from, to) <= y && y < Math.max(from, to));
    for (let column = 0; column < columns; column += 1) {
      const x = (column + 0.5) / PIXELS_PER_MM;
      const winding = crossed.reduce((sum, [at, from, to]) => (at < x ? sum + Math.sign(to - from) : sum), 0);
      if (winding !== 0) pixels[row * columns + column] = 0;
    }
  }
  return Buffer.concat([Buffer.from(`P5\n${columns} ${rows}\n255\n`), pixels]);
}

function boxesOf(file: Uint8Array): number[][] {
  const text = Buffer.from(file).toString('latin1');
  return [...text.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => [
    Number(width) / MM,
    Number(height) / MM,
  ]);
}

test('a card is ID-1, front and back, and its symbol is the code that was issued', async () => {
  const card = await issued();
  const file = await cardPdf([card], 'card', MADE);
  expect(Buffer.from(file.subarray(0, 5)).toString()).toBe('%PDF-');
  const boxes = boxesOf(file);
  expect(boxes).toHaveLength(2);
  for (const [width, height] of boxes) {
    expect(width).toBeCloseTo(85.6, 2);
    expect(height).toBeCloseTo(53.98, 2);
  }
  const front = streamsOf(file).find((content) => edgesOf(content).length > 100);
  expect(await readCode(picture(edgesOf(front ?? ''), [85.6, 53.98]))).toBe(card.code);
});

test('modules are large enough for a cheap scanner', async () => {
  expect(moduleMm((await issued()).code)).toBeGreaterThanOrEqual(MODULE_MIN_MM);
  expect(moduleMm((await issued()).code)).toBeCloseTo(1, 5);
});

test('a sheet has up to ten, each its own code', async () => {
  const cards = [await issued(), await issued(), await issued()];
  const file = await cardPdf(cards, 'sheet', MADE);
  expect(boxesOf(file)[0]?.map(Math.round)).toEqual([210, 297]);
  const front = streamsOf(file).find((content) => edgesOf(content).length > 100) ?? '';
  const edges = edgesOf(front, 297);
  const [left, top] = [(210 - 2 * 85.6) / 2, (297 - 5 * 53.98) / 2];
  for (const [place, { code }] of cards.entries()) {
    const [x, y] = [left + (place % 2) * 85.6, top + Math.floor(place / 2) * 53.98];
    const own = edges.filter(([at, from]) => at >= x && at < x + 85.6 && from >= y && from < y + 53.98);
    const moved = own.map(([at, from, to]): Edge => [at - x, from - y, to - y]);
    expect(await readCode(picture(moved, [85.6, 53.98]))).toBe(code);
  }
  await expect(async () => cardPdf(Array(SHEET_CARDS_MAX + 1).fill(cards[0]), 'sheet', MADE)).rejects.toThrow(
    'cards fit',
  );
});

test('of the typeface only what is written is in the file, and nothing but what was given is said of anybody', async () => {
  const card = await issued();
  const file = await cardPdf([card], 'card', MADE);
  expect(file.length).toBeLessThan(60_000);
  const all = [Buffer.from(file).toString('latin1'), ...streamsOf(file)].join('\n');
  // Which glyph is which character, as the file says it for copying text out of it.
  const codes = [...all.matchAll(/<([0-9a-f]{4})>/g)].map(([, hex = '']) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const allowed = new Set(`${card.name}${card.community}2027-03-01`);
  for (const character of '欧阳*') expect(codes).toContain(character);
  expect(codes.filter((each) => /[0-9]/.test(each) && !allowed.has(each))).toEqual([]);
  expect(all).not.toContain(card.code);
});
