import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyScene, pictureOf } from '../../device/camera/testing.ts';
import { pulsesOf } from '../../device/rig/index.ts';
import type { GreyPicture } from '../../src/sight/index.ts';
import type { GuardEntry, GuardMessage, GuardState } from '../../src/wire/index.ts';
import { PiTrial } from './pi-trial.ts';
import { LINE, READERS } from './place.ts';
import { count, tellPromises } from './promises.ts';
import { readyWithCamera, whyNoCamera } from './ready.ts';

/**
 * A camera on the kernel's own video interface, read as the product reads one: ffmpeg on a V4L2 device, cut into frames,
 * decoded in its thread. What is seen is a picture; what comes of it is a row and a pulse, seen from outside.
 */
const whyNot = whyNoCamera();
if (whyNot !== undefined) process.stderr.write(`SKIPPED: a camera of a virtual Pi is not tried: ${whyNot}\n`);

const SIZE = { width: 320, height: 240 };
const CAMERA = {
  id: 'camera',
  type: 'camera',
  source: 'ffmpeg',
  path: '/dev/v4l/by-path/platform-vivid.0-video-index0',
  ...SIZE,
  // Patient: in the emulator a picture takes as many times longer as there are others at work.
  pictureMs: 20_000,
};
/** In the guest: waits until the relay's line is up, and leaves the machine to others meanwhile. */
const UNTIL_UP = `while read -r level </sys/devices/platform/gpio-sim.0/gpiochip0/sim_gpio${LINE.relay}/value; [ "$level" = 0 ]; do sleep 0.1; done`;
/** In the emulator ffmpeg alone takes half a minute to be loaded on a busy machine. */
const BACK_MS = 300_000;

describe.skipIf(whyNot !== undefined)('a gate with a camera', () => {
  let pi: PiTrial;
  let told: GuardMessage[];

  beforeAll(async () => {
    pi = await PiTrial.begin(await readyWithCamera(), { readers: [...READERS.slice(0, 1), CAMERA] });
    await pi.boot();
    await pi.machine.run(`/rig/camera make ${SIZE.width} ${SIZE.height}`, 120_000);
    await pi.start();
    told = await (await pi.guard()).listen();
    await pi.until(() => state() !== undefined, 'the guard is told of the gate');
  }, 900_000);
  afterAll(async () => {
    await pi?.end();
    tellPromises('virtual Pi, a camera');
  });

  const state = () => told.findLast((each): each is GuardState => each.type === 'state');
  const isLost = () => (state()?.problems ?? []).some(({ reader }) => reader === CAMERA.id);
  const wasLost = () =>
    told.some((each) => each.type === 'state' && each.problems.some(({ reader }) => reader === CAMERA.id));
  const lostAlarms = () =>
    told.filter((each) => each.type === 'alarm' && each.alarm === 'reader-lost').length;
  const entries = () => told.filter((each): each is GuardEntry => each.type === 'entry');
  /** Rows: the same code again, before anybody has passed, opens again as the same entry and has a row of its own. */
  const granted = () =>
    new Set(entries().flatMap(({ seq, decision }) => (decision === 'granted' ? [seq] : []))).size;
  const passed = () => entries().filter(({ door }) => door === 'passed').length;
  const pulses = () => pulsesOf(pi.machine.lines, { line: LINE.relay });

  async function show({ grey }: GreyPicture): Promise<void> {
    await pi.machine.run(`/rig/camera show <<<'${deflateSync(grey).toString('base64')}'`, 120_000);
  }

  /** A fresh code is held up until somebody has passed, and taken away. */
  async function opensForWhatIsHeldUp(): Promise<string> {
    const [grantsBefore, passedBefore, pulsesBefore] = [granted(), passed(), pulses().length];
    // The guest itself opens the door when the line is up: whoever asked from here might come when it is too late for that.
    await pi.machine.run(`(${UNTIL_UP}; /rig/lines push ${LINE.contact} down) >/dev/null 2>&1 &`);
    const text = pi.code();
    await show(pictureOf(text, SIZE, 4));
    await pi.until(() => granted() > grantsBefore, 'a row says granted', BACK_MS);
    await pi.until(() => pulses().length > pulsesBefore, 'the line goes up');
    await pi.until(() => state()?.lanes[0]?.door.contact === 'open', 'the contact is seen open');
    await show(emptyScene(SIZE));
    await pi.machine.run(`/rig/lines push ${LINE.contact} up`);
    await pi.until(() => passed() > passedBefore, 'somebody passed');
    await pi.until(() => pulses().every(({ offMs }) => Number.isFinite(offMs)), 'the relay rests');
    const unfounded = Math.max(0, pulses().length - pulsesBefore - (granted() - grantsBefore));
    count('a code held up to the camera: row, then the line, then rest (J1, R2)', 1, unfounded);
    expect(unfounded).toBe(0);
    return text;
  }

  test('moves no line when it starts, and sees nothing in an empty scene', async () => {
    expect(await pi.machine.run('pgrep -a ffmpeg')).toContain(`-f v4l2 -framerate 15 -video_size 320x240`);
    await pi.machine.run('sleep 5');
    count('starts with a camera without a pulse (R1)', 1, pulses().length);
    expect([pulses(), granted()]).toEqual([[], 0]);
  });

  test('opens for a code that is held up, and refuses it when somebody has passed with it', async () => {
    const used = await opensForWhatIsHeldUp();
    // Another between: what is held up again at once may be taken for the same showing.
    await opensForWhatIsHeldUp();
    const before = pulses().length;
    await show(pictureOf(used, SIZE, 4));
    const refused = () => entries().some(({ refusal }) => refusal === 'already-used');
    await pi.until(refused, 'a used code is refused', BACK_MS);
    await show(emptyScene(SIZE));
    count('a used code held up again: refused (A1)', 1, pulses().length - before);
    expect(pulses()).toHaveLength(before);
  });

  test('tells the guard that its camera is gone when the program ends, and reads again by itself', async () => {
    const alarms = lostAlarms();
    await pi.machine.run('pkill -KILL ffmpeg');
    await pi.until(() => lostAlarms() > alarms && wasLost(), 'the alarm and the state: a reader is lost');
    await pi.until(() => !isLost(), 'the camera is back', BACK_MS);
    await opensForWhatIsHeldUp();
    count('the camera’s program killed: told, back by itself, read again', 1);
  });

  test('tells the guard of a camera that was unplugged, and reads again when it is back', async () => {
    await pi.machine.run('/rig/camera unplug', 120_000);
    await pi.until(isLost, 'the guard is told of the camera');
    await pi.machine.run('/rig/camera plug', 120_000);
    await pi.until(() => !isLost(), 'the camera is back', BACK_MS);
    await opensForWhatIsHeldUp();
    count('the camera unplugged: told, plugged in, read again', 1);
  });
});
