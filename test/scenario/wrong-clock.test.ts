import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { issueCard, issueToken } from '../../src/issue/index.ts';
import { localTime } from '../../src/base/index.ts';
import { byTier } from '../fault/tier.ts';
import { until } from '../twins/broker.ts';
import type { GateProcessOptions } from '../twins/gate-process.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { nowSeconds } from '../twins/paper-community.ts';
import { mixedPaper } from './mixed-codes.ts';
import { type PaperTrial, paperTrial } from './paper-trial.ts';
import { verdicts } from './trial.ts';

/** C1 to C3 and the staleness ladder: a gate whose date is wrong, whose network is cut, whose documents grow old. */

const HOUR = 3_600;
const PRELOAD = join(import.meta.dirname, '../twins/wrong-clock.ts');
const REVOKED = 1_000;
let at: PaperTrial;
let shown = 0;

afterEach(() => at?.trial.end());

/** The whole file at once: a gate that runs reads it all the time. */
function setClock(offSeconds: number): Omit<GateProcessOptions, 'config'> {
  const file = at.trial.file('clock-off');
  renameSync(at.trial.write('clock-off.new', String(offSeconds * 1_000)), file);
  return { environment: { NODE_OPTIONS: `--import=${PRELOAD}`, WRONG_CLOCK_FILE: file } };
}

/** Kind 1 of a resident who has not been here yet, issued at the district's true time. */
function token(of: { readonly ageSeconds?: number; readonly index?: number } = {}): string {
  shown += 1;
  const { ageSeconds = 1, index = 100 + shown } = of;
  return issueToken(at.paper.issuer(1), {
    index,
    iat: nowSeconds() - ageSeconds,
    ttlMinutes: 10,
    assurance: 1,
  }).canonical;
}

function card(offSeconds: number): string {
  shown += 1;
  const { day } = localTime(nowSeconds() + offSeconds, 'Asia/Shanghai');
  const days = { firstDay: day - 1, lastDay: day + 1 };
  return issueCard(at.paper.issuer(1), { index: 100 + shown, ...days, assurance: 1 }).canonical;
}

async function row(text: string) {
  const from = verdicts(at.trial.rows()).length;
  at.trial.scan(text);
  await until(() => verdicts(at.trial.rows()).length > from, 'the code is judged');
  const found = verdicts(at.trial.rows())[from];
  if (found === undefined) throw new Error('a verdict is there');
  return found;
}

const judged = async (text: string) => {
  const { refusal, decision } = await row(text);
  return refusal ?? decision;
};

/** Somebody new tries again and again, as people do. */
async function untilGranted(withinMs: number, what = 'codes open again'): Promise<void> {
  await until(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return (await judged(token())) === 'granted';
    },
    what,
    withinMs,
  );
}

/** C1: no row is older than one that was written with a sure clock before it. */
function expectFloor(): void {
  let floor = '';
  for (const { at: time, clock, seq } of at.trial.rows()) {
    expect(time >= floor, `row ${seq} lies below the floor`).toBe(true);
    if (clock !== 'unsure') floor = time;
  }
}

describe.skipIf(mosquittoPath === undefined)('a gate whose clock is set to 1970', () => {
  beforeEach(async () => {
    at = await paperTrial(mixedPaper(), { clock: { battery: false } });
  }, 120_000);

  test('at a start without network: codes need the guard, nothing expires, and all is well soon after signed time', async () => {
    await at.open();
    expect(await judged(token())).toBe('granted');
    await at.trial.stopGates();
    await at.broker.kill();
    await at.trial.open(setClock(-nowSeconds() + 100));
    for (const ageSeconds of [1, 2 * HOUR, 30 * 24 * HOUR]) {
      expect(await row(token({ ageSeconds }))).toMatchObject({
        decision: 'guard',
        refusal: 'clock-unsure',
        clock: 'unsure',
      });
    }
    expect(await judged(token({ index: REVOKED }))).toBe('revoked');
    await at.broker.start();
    // Between two tries at a broker that was away up to a minute passes.
    await untilGranted(100_000);
    expect(await judged(token({ ageSeconds: 2 * HOUR }))).toBe('expired');
    expectFloor();
  }, 300_000);

  test('in the middle of the day: no old code lives again, and all is well within a minute', async () => {
    await at.open(setClock(0));
    expect(await judged(token())).toBe('granted');
    const to1970 = 100 - nowSeconds();
    const jumps = [to1970, 400 * 24 * HOUR, -24 * HOUR, 601];
    for (const jump of byTier({ push: jumps.slice(0, 1), long: jumps, release: jumps })) {
      // Signed time would mend it at once: nobody brings any until the old code was shown.
      at.broker.pause();
      setClock(jump);
      expect(await judged(token({ ageSeconds: 2 * HOUR })), `${jump} s`).toBe('clock-unsure');
      at.broker.resume();
      await untilGranted(60_000, `codes open again within a minute after ${jump} s`);
    }
    expect(await judged(token({ ageSeconds: 2 * HOUR }))).toBe('expired');
    expectFloor();
  }, 300_000);
});

describe.skipIf(mosquittoPath === undefined)('a gate that hears of nobody any more', () => {
  beforeEach(async () => {
    at = await paperTrial({ ...mixedPaper(), lifeDays: 10 }, { clock: { battery: true } });
  }, 120_000);

  test('goes down the staleness ladder step by step, and says at each entry where it stands', async () => {
    await at.open();
    await at.trial.stopGates();
    await at.broker.kill();
    const day = 24 * HOUR;
    for (const [offSeconds, kind1, kind5] of [
      [2 * HOUR, { decision: 'granted' }, { decision: 'granted' }],
      [30 * HOUR, { decision: 'granted', reason: 'stale' }, { decision: 'granted', reason: 'stale' }],
      [80 * HOUR, { decision: 'granted', reason: 'stale' }, { decision: 'guard', refusal: 'needs-guard' }],
      [
        11 * day,
        { decision: 'guard', refusal: 'trust-stale' },
        { decision: 'guard', refusal: 'trust-stale' },
      ],
    ] as const) {
      await at.trial.open(setClock(offSeconds));
      expect(await row(token({ ageSeconds: 1 - offSeconds })), `${offSeconds} s later`).toMatchObject(kind1);
      expect(await row(card(offSeconds)), `${offSeconds} s later`).toMatchObject(kind5);
      await at.trial.stopGates();
    }
    expect(at.trial.relay.openings().length).toBeGreaterThan(0);
    expectFloor();
  }, 300_000);
});
