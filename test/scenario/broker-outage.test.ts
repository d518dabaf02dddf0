import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../twins/broker.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { PULSE_MS } from '../twins/real-district.ts';
import { unexplained } from '../twins/relay-trace.ts';
import { type DistrictTrial, districtTrial, isTold } from './district-trial.ts';
import { verdicts } from './trial.ts';

/** The longest pause between two tries is a minute, and is drawn anew each time. */
const COMES_BACK_WITHIN_MS = 100_000;

/** N1, N2, R4: the broker goes and comes back while people enter; nothing is lost, nothing is doubled, no door moves by it. */
describe.skipIf(mosquittoPath === undefined)('a broker that is stopped in the middle', () => {
  let at: DistrictTrial;

  beforeAll(async () => {
    at = await districtTrial();
    await at.open();
  }, 120_000);
  afterAll(() => at?.trial.end());

  test.each(['SIGTERM', 'SIGKILL', 'standing still'] as const)(
    'by %s delays the district and nobody else',
    async (how) => {
      const { trial, broker, district } = at;
      const from = trial.rows().length;
      const codes = await district.codes(90);
      const verdictsFrom = () => verdicts(trial.rows().slice(from));
      trial.scan(...codes.slice(0, 30));
      await until(() => verdictsFrom().length >= 10, 'the first are in');
      if (how === 'standing still') broker.pause();
      else await broker.kill(how);
      trial.scan(...codes.slice(30, 60));
      await until(() => verdictsFrom().length >= 60, 'everybody is judged without the broker', 60_000);
      expect(district.stored().length).toBeLessThan(trial.rows().length);
      if (how === 'standing still') broker.resume();
      else await broker.start();
      trial.scan(...codes.slice(60));
      await until(() => verdictsFrom().length >= 90, 'all are judged', 60_000);
      expect(verdictsFrom().map(({ decision }) => decision)).toEqual(codes.map(() => 'granted'));
      await until(() => isTold(at), 'the district has every row once', COMES_BACK_WITHIN_MS);
      await until(() => trial.relay.openings().at(-1)?.offMs !== Number.POSITIVE_INFINITY, 'the relay rests');
      expect(unexplained(trial.relay.openings(), trial.rows(), { pulseMs: PULSE_MS })).toEqual([]);
      expect(await trial.verify()).toContain('whole');
    },
    3 * COMES_BACK_WITHIN_MS,
  );
});
