import { beforeAll, describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/index.ts';
import { DAY } from '../../src/trust/testing.ts';
import type { ChainedRow } from '../../src/wire/index.ts';
import { judge, planOf, report, startDocuments, type StartDocuments } from '../twins/gate-simulator.ts';
import { type ShownCode, showCode, signedList } from '../twins/simulator/district.ts';
import { GateSimulator, settled } from '../twins/simulator/simulator.ts';
import { answeredTime } from '../twins/simulator/steps-network.ts';
import { byTier } from './tier.ts';

/**
 * The wall clock jumps, at five moments of a whole gate (docs/threats.md, T4 and T5). Effective time never falls below the floor, a
 * code of before opens nothing again, nothing expires by a jump, and true time brings the gate back at once.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY_MS = DAY * SECOND;
/** A clock that is wrong by more proves nothing. */
const SURE_ERROR_MS = 5 * MINUTE;

const JUMPS: readonly (readonly [string, (trueMs: number) => number])[] = [
  ['−400 d', (now) => now - 400 * DAY_MS],
  ['−1 d', (now) => now - DAY_MS],
  ['−11 min', (now) => now - 11 * MINUTE],
  ['−61 s', (now) => now - 61 * SECOND],
  ['−1 s', (now) => now - SECOND],
  ['+1 s', (now) => now + SECOND],
  ['+61 s', (now) => now + 61 * SECOND],
  ['+11 min', (now) => now + 11 * MINUTE],
  ['+1 d', (now) => now + DAY_MS],
  ['+400 d', (now) => now + 400 * DAY_MS],
  ['1970', () => 0],
  ['2038', () => 0x8000_0000 * SECOND],
];

const STATES = ['boot', 'idle', 'mid-scan', 'offline', 'mid-rotate'] as const;
type State = (typeof STATES)[number];

/** The battery keeps the wall clock over a boot, so that a boot with a wrong one can be believed; it is the harder case. */
const BATTERIES = byTier<readonly boolean[]>({ push: [true], long: [true, false], release: [true, false] });

let documents: StartDocuments;

beforeAll(async () => {
  documents = await startDocuments();
});

async function begun(battery: boolean): Promise<GateSimulator> {
  const lanes = [{ id: 'north', direction: 'in', sensor: 'none' }] as const;
  const plan = {
    ...planOf(1),
    journal: 'model',
    battery,
    ntp: false,
    driftPpm: 0,
    lanes,
    policy: 1,
  } as const;
  const gate = new GateSimulator(plan, documents);
  await gate.begin();
  await answeredTime(gate);
  await gate.pass(MINUTE);
  return gate;
}

async function tokenOf(gate: GateSimulator, index: number, ageSeconds = 0): Promise<ShownCode> {
  const { world } = gate;
  return world.remember(await showCode(1, { index, seconds: world.seconds - ageSeconds }));
}

async function show(gate: GateSimulator, code: ShownCode): Promise<ChainedRow | undefined> {
  const before = gate.world.trace.length;
  void gate.life.readers.get('north-serial')?.feed(code.text);
  await settled();
  const appended = gate.world.trace
    .slice(before)
    .find((event) => event.type === 'appended' && isScan(event.rows[0]));
  return appended?.type === 'appended' ? appended.rows[0] : undefined;
}

/** What a gate knows of time after a power cut, if it knows nothing else. */
function newestSureRow({ world }: GateSimulator): number {
  const rows = world.trace.flatMap((event) => (event.type === 'appended' ? event.rows : []));
  return Date.parse(rows.findLast(({ clock }) => clock !== 'unsure')?.at ?? '');
}

function isScan(row: ChainedRow | undefined): boolean {
  return row !== undefined && ['granted', 'refused', 'guard'].includes(row.decision);
}

/** Lets the wall jump at that moment, and the moment go on. */
async function jumpIn(state: State, gate: GateSimulator, to: (trueMs: number) => number): Promise<void> {
  const { world } = gate;
  const jump = () => gate.life.clock.setWall(wallMs(to(world.trueMs)));
  switch (state) {
    case 'boot':
      jump();
      return gate.cut('power');
    case 'idle':
      jump();
      return gate.pass(2 * SECOND);
    case 'mid-scan': {
      const scan = await tokenOf(gate, 16);
      void gate.life.readers.get('north-serial')?.feed(scan.text);
      jump();
      return settled();
    }
    case 'offline':
      await gate.pass(20 * MINUTE);
      jump();
      return gate.pass(MINUTE);
    case 'mid-rotate': {
      const list = { subject: 'residents', version: 2, states: { 17: 1 }, seconds: world.seconds } as const;
      const accepting = signedList(documents, list).then((text) =>
        gate.life.trust.accept(text, gate.life.gate.clock.now()),
      );
      jump();
      await accepting;
      return gate.tellHeld();
    }
  }
}

describe.each(BATTERIES)('a wall clock that jumps (battery: %s)', (battery) => {
  describe.each(STATES)('at %s', (state) => {
    it.each(JUMPS)('%s: the floor holds, no old code lives again, and true time mends it', async (_, to) => {
      const gate = await begun(battery);
      const { world } = gate;
      const used = await tokenOf(gate, 10);
      const expired = await tokenOf(gate, 11, 30 * 60);
      expect((await show(gate, used))?.decision).toBe('granted');
      expect((await show(gate, expired))?.refusal).toBe('expired');
      await gate.pass(3 * SECOND);
      const floor = state === 'boot' ? newestSureRow(gate) : gate.life.gate.clock.now().at;

      await jumpIn(state, gate, to);
      expect(gate.life.gate.clock.now().at).toBeGreaterThanOrEqual(floor);
      await gate.pass(3 * SECOND);
      expect((await show(gate, used))?.decision).not.toBe('granted');
      expect((await show(gate, expired))?.decision).not.toBe('granted');

      // A fresh code is taken, or is the guard's while the clock is not sure: it never expires by a jump.
      const { quality } = gate.life.gate.clock.now();
      const fresh = await show(gate, await tokenOf(gate, 12));
      if (quality === 'unsure') expect(fresh).toMatchObject({ decision: 'guard', refusal: 'clock-unsure' });

      gate.life.clock.setWall(wallMs(world.trueMs));
      await answeredTime(gate);
      const { at, quality: mended } = gate.life.gate.clock.now();
      if (world.clockLied && at - world.trueMs > SURE_ERROR_MS) {
        // A battery was believed, and sure rows were written by it: time never goes back, so the guard is asked until it is true again.
        expect(mended).toBe('unsure');
        expect(await show(gate, await tokenOf(gate, 13))).toMatchObject({ decision: 'guard' });
      } else {
        expect(mended).toBe('synced');
        expect((await show(gate, await tokenOf(gate, 13)))?.decision).toBe('granted');
      }
      await gate.finish();
      const judged = judge(world);
      expect(judged.violations, report(judged)).toEqual([]);
    });
  });
});
