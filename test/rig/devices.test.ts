import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendPosReports, sendSerial, typeKeys } from '../../device/rig/index.ts';
import type { GuardEntry, GuardMessage, GuardState } from '../../src/wire/index.ts';
import { byTier } from '../fault/tier.ts';
import { killInPulse, pulsesIn, RELAY_PID, rests, UNTIL_UP } from './in-pulse.ts';
import { PiTrial } from './pi-trial.ts';
import { LINE, ON_THE_GADGET, READER_BY_ID, READERS } from './place.ts';
import { count, tellPromises } from './promises.ts';
import { readyImages, whyNoRig } from './ready.ts';

/** The appliance as its own user on a kernel's real devices, pressed, plugged and killed from outside; and what the guard sees of it. */
const whyNot = whyNoRig();
if (whyNot !== undefined) process.stderr.write(`the virtual Pi is not tried: ${whyNot}\n`);

/** Of what takes the door's own times: half a minute to count as held open. */
const HAS_TIME = byTier({ push: false, long: true, release: true });
/** A slow machine may lose keys of a scan, and then all of the scan. */
const TYPED_MAX = 3;

describe.skipIf(whyNot !== undefined)('a gate on real kernel interfaces', () => {
  let pi: PiTrial;
  let told: GuardMessage[];

  beforeAll(async () => {
    pi = await PiTrial.begin(await readyImages(), { readers: READERS });
    await pi.boot();
    await pi.machine.run('/rig/gadget && udevadm settle');
    await pi.start();
    told = await (await pi.guard()).listen();
  }, 900_000);
  afterAll(async () => {
    await pi?.end();
    tellPromises('virtual Pi, devices');
  });

  const state = () => told.findLast((each): each is GuardState => each.type === 'state');
  const entries = () => told.filter((each): each is GuardEntry => each.type === 'entry');
  const pulses = () => pulsesIn(pi);
  const grants = () => entries().filter(({ decision }) => decision === 'granted').length;
  /** What was shown before has its entry at the guard's desk. */
  const settled = async () => {
    const codes = () => entries().filter(({ kind }) => kind !== undefined).length;
    for (let before = -1; before !== codes(); ) {
      before = codes();
      await pi.machine.run('sleep 2');
    }
  };
  const granted = () =>
    `a row says granted; told: ${JSON.stringify([entries().at(-1), state()?.lanes, state()?.problems])}`;
  const lost = () => (state()?.problems ?? []).flatMap(({ reader }) => reader ?? []).sort();

  /** @param send brings a code to a reader; what the reader loses is tried again with another */
  async function opensFor(send: (text: string) => unknown, triesMax = 1): Promise<void> {
    await settled();
    const [pulsesBefore, grantsBefore] = [pulses().length, grants()];
    for (let attempt = 0; attempt < triesMax && grants() === grantsBefore; attempt += 1) {
      await send(pi.code());
      await pi
        .until(() => grants() > grantsBefore, granted, attempt + 1 < triesMax ? 20_000 : 60_000)
        .catch((late: unknown) => {
          if (attempt + 1 >= triesMax) throw late;
        });
    }
    await pi.until(() => pulses().length > pulsesBefore, 'the line goes up');
    await rests(pi);
    count('a code shown: row, then the line, then rest (J1, R2)', 1);
  }

  test('moves no line when the machine starts and the gate starts', () => {
    count('starts without a pulse (R1)', 1, pulses().length);
    expect(pulses()).toEqual([]);
    expect(pi.machine.lines.find(({ line }) => line === LINE.relay)).toMatchObject({ high: false });
  });

  test('is nobody special: its own user, with the groups of its devices', async () => {
    const status = await pi.machine.run(
      'grep -E "^(Uid|Groups|CapEff|NoNewPrivs)" /proc/$(cat /run/gate.pid)/status',
    );
    expect(status).toMatch(/Uid:\s+990\s+990/);
    expect(status).toMatch(/CapEff:\s+0+\s/);
    expect(await pi.machine.run('stat -c "%U %G %a" /dev/gpiochip0 /dev/ttyUSB0 /dev/hidraw1')).toBe(
      'root gpio 660\nroot dialout 660\nroot plugdev 660',
    );
  });

  test('opens for a code at the serial cable, and somebody passes', async () => {
    const before = entries().length;
    // The guest itself opens the door when the line is up: whoever asked from here might come when it is too late for that.
    await pi.machine.run(`(${UNTIL_UP}; /rig/lines push ${LINE.contact} down) >/dev/null 2>&1 &`);
    await opensFor((text) => pi.machine.scan(text));
    await pi.until(() => state()?.lanes[0]?.door.contact === 'open', 'the contact is seen open');
    await pi.machine.run(`/rig/lines push ${LINE.contact} up`);
    const passed = () =>
      entries()
        .slice(before)
        .some(({ door }) => door === 'passed');
    await pi.until(passed, 'somebody passed');
    count('the contact pressed: opened, passed', 1);
  });

  test('opens for a code typed by a keyboard that it has taken for itself', async () => {
    await opensFor((text) => pi.machine.run(typeKeys(text, { pace: 'steady' }), 120_000), TYPED_MAX);
    await opensFor(
      (text) => pi.machine.run(typeKeys(text, { pace: 'steady', overlap: true }), 120_000),
      TYPED_MAX,
    );
    count('a code typed with each key down before the last is up', 1);
    const grab = `const k=require('/opt/menwei/node_modules/koffi'),f=require('fs').openSync('/dev/input/by-id/${READER_BY_ID}-event-kbd');process.stdout.write(String(k.load('libc.so.6').func('int ioctl(int, ulong, uintptr)')(f,0x40044590,1))+' '+k.errno())`;
    // EBUSY: another has grabbed it.
    expect(await pi.machine.run(`node -e "${grab}"`)).toBe('-1 16');
    count('the keyboard is grabbed: nobody else can have its keys', 1);
  });

  test('takes keys that come too fast whole or not at all', async () => {
    const from = entries().length;
    for (let each = 0; each < 2; each += 1)
      await pi.machine.run(typeKeys(pi.code(), { pace: 'rush' }), 120_000);
    await opensFor((text) => pi.machine.scan(text));
    const wrong = entries()
      .slice(from)
      .filter(({ refusal }) => refusal === 'malformed' || refusal === 'bad-signature');
    count('a scan of which keys were lost is thrown away whole', 2, wrong.length);
    expect(wrong).toEqual([]);
  });

  test('opens for a point-of-sale reader and for one in USB-COM mode', async () => {
    await opensFor((text) => pi.machine.run(sendPosReports(text)));
    await opensFor((text) => pi.machine.run(sendSerial(text)));
  });

  test('tells the guard which readers were unplugged, and reads again when they are back', async () => {
    await pi.machine.run('/rig/gadget unplug');
    await pi.until(
      () => ON_THE_GADGET.every((reader) => lost().includes(reader)),
      () => `lost: ${lost().join()}`,
    );
    expect(told.some((each) => each.type === 'alarm' && each.alarm === 'reader-lost')).toBe(true);
    await pi.machine.run('/rig/gadget plug; udevadm settle');
    await pi.until(
      () => lost().length === 0,
      () => `lost: ${lost().join()}`,
    );
    await opensFor((text) => pi.machine.run(sendSerial(text)));
    count('unplugged, told, plugged in, read again', ON_THE_GADGET.length);
  });

  test('tells the guard that no reader is left, and reads again', async () => {
    await pi.machine.unplugCable();
    await pi.machine.run('/rig/gadget unplug');
    const problems = () => (state()?.problems ?? []).map(({ problem }) => problem);
    await pi.until(
      () => problems().includes('readers-all'),
      () => `told: ${problems().join()}`,
    );
    await pi.machine.plugCable();
    await pi.machine.run('/rig/gadget plug; udevadm settle');
    await pi.until(
      () => lost().length === 0 && !problems().includes('readers-all'),
      () => `lost: ${lost().join()}`,
    );
    await opensFor((text) => pi.machine.scan(text), TYPED_MAX);
    count('all readers dead: the desk is told, and is told when they are back', 1);
  });

  test('opens, though late, on a card that takes two writes a second, and calls no journal broken', async () => {
    await settled();
    const [linesBefore, grantsBefore] = [pi.machine.lines.length, grants()];
    await pi.machine.slowDisk(2);
    try {
      pi.machine.scan(pi.code());
      await pi.until(() => pi.machine.lines.length > linesBefore, 'the line goes up');
      await rests(pi);
      await pi.until(() => grants() > grantsBefore, 'a row says granted');
    } finally {
      await pi.machine.slowDisk(0);
    }
    const problems = (state()?.problems ?? []).map(({ problem }) => problem);
    expect(problems).not.toContain('journal');
    await opensFor((text) => pi.machine.scan(text));
    count('a slow card: opened late, with its row (J1)', 1);
  });

  test.runIf(HAS_TIME)(
    'tells the guard of somebody who was let in and did not pass, and of a door that stands open',
    async () => {
      const before = entries().length;
      await opensFor((text) => pi.machine.scan(text));
      const annulled = () =>
        entries()
          .slice(before)
          .some(({ door }) => door === 'annulled');
      await pi.until(annulled, 'a lock that does not give: the entry is annulled');
      await opensFor((text) => pi.machine.scan(text));
      await pi.machine.run(`/rig/lines push ${LINE.contact} down`);
      const isHeld = () => told.some((each) => each.type === 'alarm' && each.alarm === 'held-open');
      await pi.until(isHeld, 'the alarm: held open', 240_000);
      await pi.machine.run(`/rig/lines push ${LINE.contact} up`);
      await pi.until(() => state()?.lanes[0]?.door.contact === 'closed', 'the contact is seen closed');
      count('a contact that disagrees: annulled, held open, and the guard is told', 2);
    },
  );

  test('tells the guard of a door that opens by itself, and of fire', async () => {
    // A door that was just opened for somebody may be opened for some seconds (lingerMs of src/decide/door-state.ts).
    await pi.machine.run(`sleep 4; /rig/lines push ${LINE.contact} down`);
    await pi.until(
      () => told.some((each) => each.type === 'alarm' && each.alarm === 'forced'),
      'the alarm: forced',
    );
    await pi.machine.run(`/rig/lines push ${LINE.contact} up; /rig/lines push ${LINE.fire} down`);
    await pi.until(() => state()?.lanes[0]?.mode === 'fire', 'the lane is in fire mode');
    await pi.machine.run(`/rig/lines push ${LINE.fire} up`);
    await pi.until(() => state()?.lanes[0]?.mode === 'normal', 'fire is over');
    count('a door that opens by itself: the guard is told', 1);
    count('fire: the guard is told (R3)', 1);
  });

  test('ends a pulse whose relay process is killed in the middle of it, on a chip that keeps what nobody holds', async () => {
    await pi.machine.run('echo 1 >/sys/module/gpio_sim/parameters/persist');
    const from = told.length;
    await killInPulse(pi, RELAY_PID);
    const ill = () =>
      told.slice(from).some((each) => each.type === 'state' && each.lanes[0]?.door.healthy === false);
    await pi.until(ill, 'the guard is told that the relay is away');
    await pi.until(() => state()?.lanes[0]?.door.healthy === true, 'the door is well again');
    await opensFor((text) => pi.machine.scan(text));
  });

  test('ends a pulse when the gate and its relay process are killed together, and opens nothing at the next start', async () => {
    await killInPulse(pi, `cat /run/gate.pid; ${RELAY_PID}`);
    const before = pulses().length;
    await pi.start('kill');
    count('starts without a pulse (R1)', 1, pulses().length - before);
    expect(pulses()).toHaveLength(before);
    told = await (await pi.guard()).listen();
  });

  test('refuses codes while its disk is full, says so, and recovers by itself', async () => {
    await pi.until(() => state() !== undefined, 'the guard is told of the gate');
    const problems = () => (state()?.problems ?? []).map(({ problem }) => problem);
    await pi.machine.run(
      'dd if=/dev/zero of=/data/full bs=64k >/dev/null 2>&1; dd if=/dev/zero of=/data/full2 bs=512 >/dev/null 2>&1; true',
      120_000,
    );
    await pi.until(
      () => problems().some((each) => each === 'storage' || each === 'journal'),
      'the guard is told of the disk',
    );
    const [pulsesBefore, grantsBefore] = [pulses().length, grants()];
    for (let scan = 0; scan < 3; scan += 1) pi.machine.scan(pi.code());
    // What the reserve still takes is a row, and opens; what it does not take opens nothing.
    await pi.machine.run('sleep 5');
    await rests(pi);
    const opened = pulses().length - pulsesBefore;
    count('scans at a full disk that opened without a row (J4)', 3, opened > grants() - grantsBefore ? 1 : 0);
    expect(opened).toBeLessThanOrEqual(grants() - grantsBefore);
    await pi.machine.run('rm /data/full /data/full2');
    await pi.until(() => problems().every((each) => each !== 'journal'), 'the journal works again');
    await opensFor((text) => pi.machine.scan(text), 3);
    count('a full disk, then space again: codes open (J4)', 1);
  });

  test('keeps its promises in the eyes of the checker, from rows and line', async () => {
    await pi.switchOff();
    expect(pi.proved()).toEqual([]);
  });
});
