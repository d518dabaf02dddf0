import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pulsesOf } from '../../device/rig/index.ts';
import { byTier, seeded } from '../fault/tier.ts';
import { LANE, type Row } from '../scenario/trial.ts';
import { DisplayFeed } from './display-feed.ts';
import { PiTrial } from './pi-trial.ts';
import { LINE } from './place.ts';
import { count, tellPromises } from './promises.ts';
import { readyImages, whyNoRig } from './ready.ts';

/**
 * The plug is pulled at random while people scan at a virtual Pi. What the disk had been told to flush is there at the next
 * boot, of the rest a part chosen by the seed; the same checker as the simulator's reads rows and relay again.
 */
const whyNot = whyNoRig();
if (whyNot !== undefined) process.stderr.write(`power cuts of a virtual Pi are not tried: ${whyNot}\n`);
const CUTS = Number(process.env['MENWEI_RIG_CUTS'] ?? byTier({ push: 2, long: 50, release: 200 }));
/** A run that must be over by then makes as many cuts as fit, and says how many. */
const UNTIL_MS = Date.now() + Number(process.env['MENWEI_RIG_MINUTES'] ?? Number.POSITIVE_INFINITY) * 60_000;
/** Machines side by side, each with its own disk and its own seed. */
const GUESTS = Number(process.env['MENWEI_RIG_GUESTS'] ?? byTier({ push: 1, long: 2, release: 2 }));
const CUT_MS_MAX = 600_000;
const SCANS_MAX = 6;
const SHOWN_AGAIN_MAX = 2;
/** Further cuts of each life, played from the same log of what its disk was told. */
const INSTEAD = 12;

type Below = (count: number) => number;

describe.skipIf(whyNot !== undefined)('a gate whose power is cut', () => {
  let gates: CutGate[] = [];
  /** Begun, of all machines. */
  let begun = 0;
  const mayGoOn = () => {
    if (begun >= CUTS || Date.now() >= UNTIL_MS) return false;
    begun += 1;
    return true;
  };

  beforeAll(async () => {
    const images = await readyImages();
    for (let guest = 0; guest < Math.min(GUESTS, CUTS); guest += 1)
      gates = [...gates, new CutGate(await PiTrial.begin(images), seeded(5 + guest))];
  }, CUT_MS_MAX);
  afterAll(async () => {
    for (const gate of gates) await gate.end();
    tellPromises(`virtual Pi, ${gates.reduce((sum, { cuts }) => sum + cuts, 0)} power cuts`);
  });

  test(
    `up to ${CUTS} times loses no row that was told of, opens for none that is not there, and moves no relay at boot`,
    async () => {
      const ends = await Promise.allSettled(gates.map((gate) => gate.live(mayGoOn)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    CUT_MS_MAX * (CUTS + 1),
  );
});

/** One machine, from its first boot to what the checker says of all its lives. */
class CutGate {
  cuts = 0;
  readonly #pi: PiTrial;
  readonly #below: Below;
  #rows: Row[] = [];

  constructor(pi: PiTrial, below: Below) {
    this.#pi = pi;
    this.#below = below;
  }

  async live(mayGoOn: () => boolean): Promise<void> {
    while (mayGoOn()) await this.#oneLife();
    expect(this.cuts).toBeGreaterThan(0);
    await this.#bootQuietly();
    await this.#pi.switchOff();
    this.#rows = this.#pi.rows();
    this.#prove();
  }

  end(): Promise<void> {
    return this.#pi.end();
  }

  async #oneLife(): Promise<void> {
    await this.#bootQuietly();
    const told = await this.#scanAndCut();
    this.cuts += 1;
    process.stdout.write(`  cut ${this.cuts} of this machine, ${told.length} verdicts told before it\n`);
    const before = this.#rows;
    this.#rows = this.#pi.rows();
    expect(this.#rows.slice(0, before.length), 'what was there is there').toEqual(before);
    const bySeq = new Map(this.#rows.map((row) => [row.seq, row]));
    const lost = told.filter(
      ({ seq, tone }) => (tone === 'pass') !== (bySeq.get(seq)?.decision === 'granted'),
    );
    count('rows that the display had told of are on the disk (J1, J3)', told.length, lost.length);
    expect(lost).toEqual([]);
    for (let instead = 0; instead < INSTEAD; instead += 1) this.#expectKeptInstead(told);
  }

  /** Had the power gone at another moment: all that was told before it is there, and nothing else than what came to be. */
  #expectKeptInstead(told: DisplayFeed['verdicts']): void {
    const upTo = this.#below(this.#pi.logLength() + 1);
    const found = this.#pi.rowsHadItBeenCut(upTo, this.#below);
    expect(found, 'a beginning of what came to be').toEqual(this.#rows.slice(0, found.length));
    const owed = told.filter(({ logLength }) => logLength <= upTo);
    const lost = owed.filter(({ seq }) => seq > found.length);
    count('cuts played at other moments of the same lives', 1, lost.length > 0 ? 1 : 0);
    count('rows that the display had told of are on the disk (J1, J3)', owed.length, lost.length);
    expect(lost).toEqual([]);
  }

  /** From power-on until the gate is open, with a whole code used before: nothing moves. */
  async #bootQuietly(): Promise<void> {
    await this.#pi.boot();
    await this.#pi.start();
    const pulses = pulsesOf(this.#pi.machine.lines, { line: LINE.relay });
    count('boots after a cut without a pulse (R1)', 1, pulses.length);
    expect(pulses).toEqual([]);
  }

  async #scanAndCut(): Promise<DisplayFeed['verdicts']> {
    const feed = await DisplayFeed.open(this.#pi.address, LANE, () => this.#pi.logLength());
    // The code of before, again: used stays used.
    const again = this.#pi.shown.at(-1);
    if (again !== undefined) this.#pi.machine.scan(again.text);
    const from = this.#pi.machine.lines.length;
    for (let scan = 0; scan <= this.#below(SCANS_MAX); scan += 1) {
      this.#pi.machine.scan(this.#pi.code());
      await pause(this.#below(400));
    }
    await this.#expectMoved(from);
    await pause(this.#below(2_500));
    const outcome = await this.#pi.cutPower(this.#below);
    feed.close();
    count('writes that were not flushed at the cut', outcome.unflushed);
    return feed.verdicts;
  }

  /** A reader on a busy emulator may lose a scan: whoever stands there shows a code again. */
  async #expectMoved(from: number): Promise<void> {
    const moves = (limitMs: number) =>
      this.#pi.until(() => this.#pi.machine.lines.length > from, 'the relay moves', limitMs).then(() => true);
    for (let again = 0; again < SHOWN_AGAIN_MAX; again += 1) {
      if (await moves(60_000).catch(() => false)) return;
      this.#pi.machine.scan(this.#pi.code());
      count('codes shown again, since nothing moved for a minute', 1);
    }
    await moves(120_000);
  }

  #prove(): void {
    const pulses = this.#pi.boots.flatMap(({ lines = [] }) => pulsesOf(lines, { line: LINE.relay }));
    expect(pulses.length).toBeGreaterThan(0);
    expect(this.#pi.proved(this.#rows)).toEqual([]);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
