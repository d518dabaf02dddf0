import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pulsesOf } from '../../device/rig/index.ts';
import type { GuardEntry, GuardMessage, GuardState } from '../../src/wire/index.ts';
import { PiTrial } from './pi-trial.ts';
import { LINE } from './place.ts';
import { count, tellPromises } from './promises.ts';
import { readyImages, whyNoRig } from './ready.ts';

/** What a gate tells its guard of its own machine, on a kernel's real lines and a real, slowed disk: a door that does not follow, a worn card. */
const whyNot = whyNoRig();
if (whyNot !== undefined) process.stderr.write(`the virtual Pi is not tried: ${whyNot}\n`);

/** Openings of which the contact sees none, until that is told (src/decide/door-following.ts). */
const STILL_OPENINGS = 5;
/** So many codes are more than enough to judge a card by. */
const CARD_SCANS = 30;
/** In the guest: waits, without a pause, until the relay's line is up. */
const UNTIL_UP = `while read -r level </sys/devices/platform/gpio-sim.0/gpiochip0/sim_gpio${LINE.relay}/value; [ "$level" = 0 ]; do :; done`;

describe.skipIf(whyNot !== undefined)('a gate whose door or card wears out', () => {
  let pi: PiTrial;
  let told: GuardMessage[];

  beforeAll(async () => {
    pi = await PiTrial.begin(await readyImages());
    await pi.boot();
    await pi.start();
    told = await (await pi.guard()).listen();
    await pi.until(() => state() !== undefined, 'the guard is told of the gate');
  }, 900_000);
  afterAll(async () => {
    await pi?.end();
    tellPromises('virtual Pi, troubles of the machine');
  });

  const state = () => told.findLast((each): each is GuardState => each.type === 'state');
  const problems = () => (state()?.problems ?? []).map(({ problem }) => problem);
  const grants = () =>
    told.filter((each): each is GuardEntry => each.type === 'entry' && each.decision === 'granted').length;
  const pulses = () => pulsesOf(pi.machine.lines, { line: LINE.relay });
  const alarmed = (alarm: string, detail: string) => () =>
    told.some((each) => each.type === 'alarm' && each.alarm === alarm && each.detail === detail);

  async function opens(): Promise<void> {
    const [grantsBefore, pulsesBefore] = [grants(), pulses().length];
    pi.machine.scan(pi.codes.token().text);
    await pi.until(() => grants() > grantsBefore, 'a row says granted');
    await pi.until(() => pulses().length > pulsesBefore, 'the line goes up');
    await pi.until(() => pulses().every(({ offMs }) => Number.isFinite(offMs)), 'the relay rests');
    // What follows is another opening (lingerMs of src/decide/door-state.ts).
    await pi.machine.run('sleep 3');
  }

  /** Shows codes until what is told of the card is another. */
  async function cardIs(isSlow: boolean): Promise<void> {
    const isSo = () => problems().includes('storage-slow') === isSlow;
    for (let shown = 0; shown < CARD_SCANS && !isSo(); shown += 1) {
      pi.machine.scan(pi.codes.token().text);
      await pi.until(isSo, 'the card', 10_000).catch(() => undefined);
    }
    await pi.until(isSo, () => `the card is told to be ${isSlow ? 'slow' : 'quick'}: ${problems().join()}`);
  }

  test('tells of a door that did not move for five openings in a row, and when it moves again', async () => {
    const isStill = () => problems().includes('door-still');
    for (let opened = 0; opened < STILL_OPENINGS; opened += 1) {
      expect(isStill()).toBe(false);
      await opens();
    }
    await pi.until(isStill, () => `told: ${problems().join()}`);
    await pi.until(alarmed('relay-fault', 'contact-still'), 'the alarm: the door does not follow');
    // The guest itself opens the door when the line is up: whoever asked from here might come too late for that.
    await pi.machine.run(`(${UNTIL_UP}; /rig/lines push ${LINE.contact} down) >/dev/null 2>&1 &`);
    await opens();
    await pi.until(() => !isStill(), 'the door moves again');
    await pi.machine.run(`/rig/lines push ${LINE.contact} up`);
    count('a door that does not follow its lock: the guard is told, and when it does again', 1);
  });

  test('tells of a card that takes two writes a second, and when it is quick again', async () => {
    await pi.machine.slowDisk(2);
    try {
      await cardIs(true);
      await pi.until(alarmed('storage', 'slow'), 'the alarm: the card is slow');
      expect(problems()).not.toContain('journal');
    } finally {
      await pi.machine.slowDisk(0);
    }
    await cardIs(false);
    count('a slow card: the guard is told, and when it is quick again', 1);
  });
});
