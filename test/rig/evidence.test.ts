import { expect, it } from 'vitest';
import type { LineLevel, Machine } from '../../device/rig/index.ts';
import type { Row } from '../scenario/trial.ts';
import type { ShownCode } from '../twins/simulator/district.ts';
import { proved } from './evidence.ts';
import { LINE } from './place.ts';

/** What reads a virtual Pi's evidence finds a pulse that nobody ordered; it needs no machine. */

const BOOTED = Date.parse('2026-03-01T08:00:00.000Z');
const PULSE_MS = 3_000;

/** @param rowsAt of rows that open, and @param pulses of the line; milliseconds since the boot */
function unordered(rowsAt: readonly number[], pulses: readonly (readonly [on: number, off: number])[]) {
  const lines = pulses.flatMap(([on, off]): LineLevel[] => [
    { line: LINE.relay, high: true, atMs: on },
    { line: LINE.relay, high: false, atMs: off },
  ]);
  const rows = rowsAt.map((at, place) => ({
    ...ROW,
    seq: place + 1,
    at: new Date(BOOTED + at).toISOString(),
  }));
  const machine = { lines } as unknown as Machine;
  const boots = [{ wallAtBootMs: BOOTED, sinceMs: 0, machine, end: 'stop' }] as const;
  const broken = proved({ lane: 'north', pulseMs: PULSE_MS, rows, boots, codes: [SHOWN] });
  return broken.filter(({ invariant }) => invariant === 'R1').length;
}

const SHOWN = { text: 'x', hash: 'x', fields: { kind: 1, index: 7 }, forged: false } as ShownCode;

const ROW: Row = {
  seq: 1,
  at: '',
  clock: 'synced',
  lane: 'north',
  direction: 'in',
  reader: 'scanner',
  decision: 'granted',
  kind: 1,
  index: 7,
  previousHash: '0'.repeat(64),
  digest: '1'.repeat(64),
  hash: '2'.repeat(64),
};

it('takes a row that came before the line went up for its order', () => {
  expect(unordered([10_000], [[10_040, 13_040]])).toBe(0);
});

it('takes a row that follows while it is up for one that prolongs it', () => {
  expect(unordered([10_000, 11_500], [[10_040, 14_540]])).toBe(0);
});

it.each<[string, readonly number[], readonly [number, number]]>([
  ['no row at all', [], [10_040, 13_040]],
  ['a row that was written after the line went up', [10_100], [10_040, 13_040]],
  ['a row of another time', [10_000], [60_000, 63_000]],
])('finds a pulse with %s', (_what, rowsAt, pulse) => {
  expect(unordered(rowsAt, [pulse])).toBeGreaterThan(0);
});

it('does not take one row for two pulses', () => {
  expect(
    unordered(
      [10_000],
      [
        [10_040, 13_040],
        [14_000, 17_000],
      ],
    ),
  ).toBeGreaterThan(0);
});
