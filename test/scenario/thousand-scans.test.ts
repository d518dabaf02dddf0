import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seeded } from '../fault/tier.ts';
import { until } from '../twins/broker.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { unexplained } from '../twins/relay-trace.ts';
import type { StoringCentre } from '../twins/storing-centre.ts';
import { CodeMaker, type LabelledCode, mixedPaper, PULSE_MS } from './mixed-codes.ts';
import { paperTrial } from './paper-trial.ts';
import { type Row, type Trial, verdicts } from './trial.ts';

/** J1, J2, N1, N2: a thousand different codes through a serial line at full speed, a real broker, a district that stores. */

const SCANS = 1_000;
const REFUSED_FIRST = 60;
const USED_TWICE = 40;

describe.skipIf(mosquittoPath === undefined)('a gate with its district', () => {
  let trial: Trial;
  let centre: StoringCentre;
  let codes: CodeMaker;

  beforeAll(async () => {
    const options = mixedPaper();
    const at = await paperTrial(options);
    ({ trial, centre } = at);
    await at.open();
    codes = new CodeMaker(options.people, (kid) => at.paper.issuer(kid));
  }, 120_000);
  afterAll(() => trial?.end());

  test('opens once for each of ten residents and not for those between them', async () => {
    const before = trial.relay.openings().length;
    for (let pair = 1; pair <= 10; pair += 1) {
      trial.scan(codes.refused().text);
      await new Promise((resolve) => setTimeout(resolve, 4 * PULSE_MS));
      trial.scan((await codes.granted()).text);
      await until(() => trial.relay.openings().length >= before + pair, `opening ${pair}`);
      // A pulse within another would make that one longer.
      await until(isAtRest, 'the relay rests');
    }
    expect(trial.relay.openings()).toHaveLength(before + 10);
    await expectTold();
  });

  test('judges a thousand different codes at full speed: a right row each, in order, and all of them at the district', async () => {
    const from = trial.rows().length;
    const shown = await thousand(codes);
    expect(new Set(shown.map(({ text }) => text)).size).toBe(SCANS);
    trial.scan(...shown.map(({ text }) => text));
    await until(() => verdicts(trial.rows().slice(from)).length >= SCANS, 'a thousand rows', 100_000);
    const rows = verdicts(trial.rows().slice(from));
    expect(rows.map(told)).toEqual(shown.map(({ expected }) => expected));
    const granted = shown.filter(({ expected }) => expected.decision === 'granted').length;
    expect(granted).toBeGreaterThan(400);
    await until(isAtRest, 'the relay rests');
    await expectTold();
  });

  const isAtRest = () => trial.relay.openings().at(-1)?.offMs !== Number.POSITIVE_INFINITY;

  /** What the relay did has its reason in the journal; what the journal has, the district has. */
  async function expectTold(): Promise<void> {
    let [rows, stored]: [Row[], Awaited<ReturnType<StoringCentre['rows']>>] = [[], []];
    // A gate may write of itself at any time.
    await until(
      async () => {
        [rows, stored] = [await trial.listed(), await centre.rows()];
        return centre.acknowledged() === rows.length && stored.length === rows.length;
      },
      'all is acknowledged',
      60_000,
    );
    expect(unexplained(trial.relay.openings(), rows, { pulseMs: PULSE_MS })).toEqual([]);
    expect(stored.map(({ seq, hash }) => `${seq} ${hash}`)).toEqual(
      rows.map(({ seq, hash }) => `${seq} ${hash}`),
    );
    expect(stored.map(({ content }) => JSON.parse(content ?? '{}') as unknown)).toEqual(rows);
    const [, whole] = /whole from row 1 to (\d+)/.exec(await trial.verify()) ?? [];
    expect(Number(whole)).toBeGreaterThanOrEqual(rows.length);
  }
});

/** Refused ones alone at first and at last, so that the relay's part can be told. */
async function thousand(codes: CodeMaker): Promise<LabelledCode[]> {
  const pairs = Array.from({ length: USED_TWICE }, () => codes.usedUp());
  const free: LabelledCode[] = pairs.map(([first]) => first);
  while (free.length < SCANS - 2 * REFUSED_FIRST - USED_TWICE) {
    free.push(free.length % 2 === 0 ? codes.refused() : await codes.granted());
  }
  const below = seeded(7);
  const shuffled = free
    .map((code) => ({ code, rank: below(1_000_000) }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ code }) => code);
  const refused = () => Array.from({ length: REFUSED_FIRST }, () => codes.refused());
  return [...refused(), ...shuffled, ...pairs.map(([, second]) => second), ...refused()];
}

function told({ decision, refusal, kind, index, passId }: Row) {
  const proved = decision === 'granted' || refusal === 'already-used' ? { index } : {};
  const pass = decision === 'granted' || refusal === 'pass-used-up' ? { passId } : {};
  const all = { decision, refusal, kind, ...proved, ...pass };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
