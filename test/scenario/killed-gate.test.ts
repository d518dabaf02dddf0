import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byTier, seeded } from '../fault/tier.ts';
import { until } from '../twins/broker.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { PULSE_MS } from '../twins/real-district.ts';
import { unexplained } from '../twins/relay-trace.ts';
import { type DistrictTrial, districtTrial, isTold } from './district-trial.ts';
import { verdicts } from './trial.ts';

/** The relay's process ends its pulse by itself; a busy machine takes its time. */
const RESTS_WITHIN_MS = 15_000;
/** What a row had ordered, and the relay's process had not heard yet when the gate's ended. */
const ON_THE_WAY_MS = 1_000;

/** J1, J3, R1, R2, A1, N2: the gate's process is killed in the middle of things, again and again. */
describe.skipIf(mosquittoPath === undefined)('a gate that is killed', () => {
  const ROUNDS = byTier({ push: 4, long: 40, release: 200 });
  let at: DistrictTrial;

  beforeAll(async () => {
    at = await districtTrial();
  }, 120_000);
  afterAll(() => at?.trial.end());

  test(
    `${ROUNDS} times opens nothing of its own accord, forgets nothing, and lets no code in twice`,
    async () => {
      const { trial, district } = at;
      const below = seeded(3);
      for (let round = 0; round < ROUNDS; round += 1) {
        const startedMs = Date.now();
        const known = trial.rows();
        const gate = await at.open();
        expect(
          trial.relay.openings().filter(({ onMs }) => onMs >= startedMs),
          'no pulse at a start',
        ).toEqual([]);
        expectKept(known);

        const again = lastCodes.slice(-4);
        trial.scan(...again);
        const news = () => verdicts(trial.rows().slice(known.length));
        await until(() => news().length >= again.length, 'codes of before are judged');
        expect(news().map(({ refusal }) => refusal)).toEqual(again.map(() => 'already-used'));

        const codes = await district.codes(24);
        trial.scan(...codes);
        await until(() => news().some(({ decision }) => decision === 'granted'), 'some are in');
        await new Promise((resolve) => setTimeout(resolve, below(120)));
        const before = verdicts(trial.rows()).filter(({ decision }) => decision === 'granted').length;
        await gate.kill();
        const killedMs = Date.now();
        const rested = () => trial.relay.openings().every(({ offMs }) => offMs !== Number.POSITIVE_INFINITY);
        await until(rested, 'the relay rests without the gate', RESTS_WITHIN_MS);
        expect(trial.relay.openings().filter(({ onMs }) => onMs > killedMs + ON_THE_WAY_MS)).toEqual([]);
        const granted = verdicts(trial.rows()).filter(({ decision }) => decision === 'granted').length;
        expect(granted).toBeGreaterThanOrEqual(before);
        lastCodes.push(...codes.slice(0, Math.max(0, granted - grantedSoFar)));
        grantedSoFar = granted;
        // What the killed process had taken in but not judged is lost with it; what still waits in the line comes later.
        await settleLine();
      }
      const last = await at.open();
      await until(() => isTold(at), 'the district has every row once', 100_000);
      expect(unexplained(trial.relay.openings(), trial.rows(), { pulseMs: PULSE_MS })).toEqual([]);
      expect(await trial.verify()).toContain('whole from row 1');
      const grants = verdicts(trial.rows()).filter(({ decision }) => decision === 'granted');
      expect(grants.length).toBeGreaterThan(ROUNDS);
      expect(await last.stop()).toBe(0);
    },
    byTier({ push: 400_000, long: 600_000, release: 3_600_000 }),
  );

  const lastCodes: string[] = [];
  let grantedSoFar = 0;
  let marks = 0;

  /** Rows that were there are there, bytes and all. */
  function expectKept(known: ReturnType<DistrictTrial['trial']['rows']>): void {
    expect(at.trial.rows().slice(0, known.length)).toEqual(known);
    const hashes = new Map(at.trial.rows().map(({ seq, hash }) => [seq, hash]));
    for (const { seq, hash } of at.district.stored()) expect(hashes.get(seq)).toBe(hash);
  }

  /** A gate reads the rest of the line, so that each round begins with an empty one. */
  async function settleLine(): Promise<void> {
    const gate = await at.open();
    const from = at.trial.rows().length;
    marks += 1;
    // Behind all that waits, and of a kind that is not there otherwise.
    at.trial.scan(`X7${String(marks).padStart(20, '0')}`);
    const isRead = () =>
      at.trial
        .rows()
        .slice(from)
        .some(({ refusal }) => refusal === 'unsupported');
    await until(isRead, 'the line is read to its end');
    grantedSoFar = verdicts(at.trial.rows()).filter(({ decision }) => decision === 'granted').length;
    await gate.stop();
  }
});
