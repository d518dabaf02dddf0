import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pulsesOf } from '../../device/rig/index.ts';
import { byTier, seeded } from '../fault/tier.ts';
import { LANE, type Row } from '../scenario/trial.ts';
import { brokenInvariants } from '../twins/checker.ts';
import type { ShownCode } from '../twins/simulator/district.ts';
import { DisplayFeed } from './display-feed.ts';
import { violationsOf } from './evidence.ts';
import { PiTrial } from './pi-trial.ts';
import { LINE, PULSE_MS } from './place.ts';
import { count, tellPromises } from './promises.ts';
import { readyImages, whyNoRig } from './ready.ts';
import { shown } from './shown.ts';

/**
 * The plug is pulled at random while people scan at a virtual Pi. What the disk had been told to flush is there at the next
 * boot, of the rest a part chosen by the seed; the same checker as the simulator's reads rows and relay again.
 */
const whyNot = whyNoRig();
if (whyNot !== undefined) process.stderr.write(`power cuts of a virtual Pi are not tried: ${whyNot}\n`);
const CUTS = Number(process.env['MENWEI_RIG_CUTS'] ?? byTier({ push: 2, long: 50, release: 200 }));
/** A run that must be over by then makes as many cuts as fit, and says how many. */
const UNTIL_MS = Date.now() + Number(process.env['MENWEI_RIG_MINUTES'] ?? Number.POSITIVE_INFINITY) * 60_000;
const CUT_MS_MAX = 600_000;
const SCANS_MAX = 6;
const SHOWN_AGAIN_MAX = 2;
/** Further cuts of each life, played from the same log of what its disk was told. */
const INSTEAD = 12;

describe.skipIf(whyNot !== undefined)('a gate whose power is cut', () => {
  let pi: PiTrial;
  const codes: ShownCode[] = [];
  let rows: Row[] = [];
  let cuts = 0;

  beforeAll(async () => {
    pi = await PiTrial.begin(await readyImages());
  }, CUT_MS_MAX);
  afterAll(async () => {
    await pi?.end();
    tellPromises(`virtual Pi, ${cuts} power cuts`);
  });

  test(
    `up to ${CUTS} times loses no row that was told of, opens for none that is not there, and moves no relay at boot`,
    async () => {
      const below = seeded(5);
      for (; cuts < CUTS && Date.now() < UNTIL_MS; cuts += 1) {
        await pi.boot();
        await pi.start();
        expectQuiet();
        const told = await scanAndCut(below);
        const before = rows;
        rows = pi.rows();
        expect(rows.slice(0, before.length), 'what was there is there').toEqual(before);
        const bySeq = new Map(rows.map((row) => [row.seq, row]));
        const lost = told.filter(
          ({ seq, tone }) => (tone === 'pass') !== (bySeq.get(seq)?.decision === 'granted'),
        );
        count('rows that the display had told of are on the disk (J1, J3)', told.length, lost.length);
        expect(lost).toEqual([]);
        for (let instead = 0; instead < INSTEAD; instead += 1) expectKeptInstead(told, below);
      }
      expect(cuts).toBeGreaterThan(0);
      await pi.boot();
      await pi.start();
      expectQuiet();
      await pi.switchOff();
      rows = pi.rows();
      prove();
    },
    CUT_MS_MAX * (CUTS + 1),
  );

  /** Had the power gone at another moment: all that was told before it is there, and nothing else than what came to be. */
  function expectKeptInstead(told: DisplayFeed['verdicts'], below: (count: number) => number): void {
    const upTo = below(pi.logLength() + 1);
    const found = pi.rowsHadItBeenCut(upTo, below);
    expect(found, 'a beginning of what came to be').toEqual(rows.slice(0, found.length));
    const owed = told.filter(({ logLength }) => logLength <= upTo);
    const lost = owed.filter(({ seq }) => seq > found.length);
    count('cuts played at other moments of the same lives', 1, lost.length > 0 ? 1 : 0);
    count('rows that the display had told of are on the disk (J1, J3)', owed.length, lost.length);
    expect(lost).toEqual([]);
  }

  /** From power-on until the gate is open, with a whole code used before: nothing moves. */
  function expectQuiet(): void {
    const pulses = pulsesOf(pi.machine.lines, { line: LINE.relay });
    count('boots after a cut without a pulse (R1)', 1, pulses.length);
    expect(pulses).toEqual([]);
  }

  async function scanAndCut(below: (count: number) => number) {
    const feed = await DisplayFeed.open(pi.address, LANE, () => pi.logLength());
    // The code of before, again: used stays used.
    const again = codes.at(-1);
    if (again !== undefined) pi.machine.scan(again.text);
    const from = pi.machine.lines.length;
    for (let scan = 0; scan <= below(SCANS_MAX); scan += 1) {
      const code = shown(pi.codes.token().text);
      codes.push(code);
      pi.machine.scan(code.text);
      await pause(below(400));
    }
    await expectMoved(from);
    await pause(below(2_500));
    const outcome = await pi.cutPower(below);
    feed.close();
    count('writes that were not flushed at the cut', outcome.unflushed);
    return feed.verdicts;
  }

  /** A reader on a busy emulator may lose a scan: whoever stands there shows a code again. */
  async function expectMoved(from: number): Promise<void> {
    const moves = (limitMs: number) =>
      pi.until(() => pi.machine.lines.length > from, 'the relay moves', limitMs).then(() => true);
    for (let again = 0; again < SHOWN_AGAIN_MAX; again += 1) {
      if (await moves(60_000).catch(() => false)) return;
      const code = shown(pi.codes.token().text);
      codes.push(code);
      pi.machine.scan(code.text);
      count('codes shown again, since nothing moved for a minute', 1);
    }
    await moves(120_000);
  }

  function prove(): void {
    const violations = violationsOf({ lane: LANE, pulseMs: PULSE_MS, rows, boots: pi.boots, codes });
    const pulses = pi.boots.flatMap(({ lines = [] }) => pulsesOf(lines, { line: LINE.relay }));
    for (const invariant of ['J1', 'J3', 'R1', 'R2', 'A1', 'C1', 'C3'])
      count(
        `${invariant}, proved by the checker`,
        1,
        brokenInvariants(violations).some((each) => each === invariant) ? 1 : 0,
      );
    count(
      'pulses, each with a durable row before it (J1)',
      pulses.length,
      violations.filter(({ invariant }) => invariant === 'R1').length,
    );
    const granted = rows.filter(({ decision }) => decision === 'granted').length;
    count(
      'codes that were shown, each counted once at most (J2, A1)',
      codes.length,
      Math.max(0, granted - codes.length),
    );
    expect(violations).toEqual([]);
    expect(pulses.length).toBeGreaterThan(0);
  }
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
