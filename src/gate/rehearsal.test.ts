import { beforeAll, expect, it } from 'vitest';
import { judge, startDocuments, type StartDocuments } from '../../test/twins/gate-simulator.ts';
import { showCode } from '../../test/twins/simulator/district.ts';
import { GateSimulator, settled } from '../../test/twins/simulator/simulator.ts';
import { answeredTime } from '../../test/twins/simulator/steps-network.ts';
import type { ChainedRow } from '../wire/index.ts';

/** A trouble that is only played takes openings away, leaves rows like any other, and is gone when it ends. */

let documents: StartDocuments;
beforeAll(async () => {
  documents = await startDocuments();
});

async function begin(): Promise<GateSimulator> {
  const lanes = [{ id: 'north', direction: 'in', sensor: 'none' }] as const;
  const machine = { battery: false, ntp: false, driftPpm: 0 };
  const gate = new GateSimulator(
    { seed: 1, steps: 0, journal: 'model', lanes, policy: 1, ...machine },
    documents,
  );
  await gate.begin();
  await answeredTime(gate);
  return gate;
}

async function verdictOf(gate: GateSimulator, index: number): Promise<string> {
  const { world, life } = gate;
  const code = world.remember(await showCode(1, { index, seconds: world.seconds }));
  void life.readers.get('north-serial')?.feed(code.text);
  await settled();
  const rows = world.trace.flatMap((event): readonly ChainedRow[] =>
    event.type === 'appended' ? event.rows : [],
  );
  const row = rows.findLast(({ decision }) => decision !== 'system' && decision !== 'door');
  return row?.refusal ?? row?.decision ?? 'nothing';
}

it.each([
  ['clock', 'clock-unsure'],
  ['key-set', 'trust-stale'],
  ['journal', 'journal-unavailable'],
] as const)(
  '%s: a good code is answered with %s, written down, and opens again afterwards',
  async (trouble, refusal) => {
    const gate = await begin();
    const { rehearsal } = gate.life.gate;
    expect(await verdictOf(gate, 10)).toBe('granted');
    const end = rehearsal.begin(trouble);
    expect(rehearsal.begin('clock')).toBeUndefined();
    expect(await verdictOf(gate, 11)).toBe(refusal);
    end?.();
    expect(await verdictOf(gate, 12)).toBe('granted');
    await gate.finish();
    expect(judge(gate.world).violations).toEqual([]);
  },
);
