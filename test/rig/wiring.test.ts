import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendPosReports, sendSerial, typeKeys } from '../../device/rig/index.ts';
import type { GuardEntry, GuardMessage, GuardState } from '../../src/wire/index.ts';
import { killInPulse, pulsesIn, RELAY_PID, rests } from './in-pulse.ts';
import { PiTrial } from './pi-trial.ts';
import { LINE, READERS } from './place.ts';
import { count, tellPromises } from './promises.ts';
import { readyImages, whyNoRig } from './ready.ts';

/**
 * What else is wired to a gate: a turnstile that says who passed, an exit button that bounces, the lid's switch; a keyboard
 * reader set to another country, readers that are used at once; and then the same door by the files of /sys/class/gpio.
 */
const whyNot = whyNoRig();
if (whyNot !== undefined) process.stderr.write(`the virtual Pi is not tried: ${whyNot}\n`);

const DOOR = {
  // The longest there is: in the emulator a bounce may take its time.
  exitButton: { line: LINE.exitButton, debounceMs: 1_000 },
  passage: { line: LINE.passage, activeLow: false, pull: 'down' },
  tamper: { line: LINE.tamper, activeLow: false },
};
/** The keyboard reader takes the computer's for a German one. */
const GERMAN = READERS.map((reader) => (reader.type === 'keyboard' ? { ...reader, layout: 'de' } : reader));
/** Y and Z have changed places there, and what a link has beside letters and digits lies elsewhere. */
const LINK = 'HTTPS://XYZ-1.EXAMPLE/';
/** A slow machine may lose keys of a scan, and then all of the scan. */
const TYPED_MAX = 3;
const SYSFS = '/sys/class/gpio';

describe.skipIf(whyNot !== undefined)('a gate with everything wired', () => {
  let pi: PiTrial;
  let told: GuardMessage[];

  beforeAll(async () => {
    pi = await PiTrial.begin(await readyImages(), { readers: GERMAN, door: DOOR });
    await pi.boot();
    await pi.machine.run('/rig/gadget && udevadm settle');
    await pi.machine.run(
      [LINE.contact, LINE.exitButton, LINE.fire, LINE.tamper]
        .map((line) => `/rig/lines push ${line} down`)
        .concat(`/rig/lines push ${LINE.passage} up`)
        .join('\n'),
    );
    await pi.start();
    told = await (await pi.guard()).listen();
    await pi.until(() => state() !== undefined, 'the guard is told of the gate');
    await pi.machine.run(`/rig/lines push ${LINE.tamper} down`);
  }, 900_000);
  afterAll(async () => {
    await pi?.end();
    tellPromises('virtual Pi, wiring');
  });

  const state = () => told.findLast((each): each is GuardState => each.type === 'state');
  const entries = () => told.filter((each): each is GuardEntry => each.type === 'entry');
  const grants = () => entries().filter(({ decision }) => decision === 'granted').length;
  const doors = (event: string) => entries().filter(({ door }) => door === event).length;
  const alarms = (alarm: string) =>
    told.filter((each) => each.type === 'alarm' && each.alarm === alarm).length;
  const pulses = () => pulsesIn(pi);

  async function opensFor(send: (text: string) => unknown, triesMax = 1): Promise<void> {
    const [grantsBefore, pulsesBefore] = [grants(), pulses().length];
    for (let attempt = 0; attempt < triesMax && grants() === grantsBefore; attempt += 1) {
      await send(pi.code());
      await pi
        .until(() => grants() > grantsBefore, 'a row says granted', 60_000)
        .catch((late: unknown) => {
          if (attempt + 1 >= triesMax) throw late;
        });
    }
    await pi.until(() => pulses().length > pulsesBefore, 'the line goes up');
    await rests(pi);
    count('a code shown: row, then the line, then rest (J1, R2)', 1);
  }

  test('holds each input as it was told to, and moves no line', async () => {
    const held = async (line: number) => (await pi.machine.run(`/rig/lines pull ${line}`)).trim();
    expect(await held(LINE.contact)).toBe('pull-up');
    expect(await held(LINE.exitButton)).toBe('pull-up');
    expect(await held(LINE.fire)).toBe('pull-up');
    expect(await held(LINE.passage)).toBe('pull-down');
    expect(pulses()).toEqual([]);
    count('inputs held up or down by the kernel, as configured', 4);
    count('starts without a pulse (R1)', 1);
  });

  test('knows from a turnstile that somebody passed', async () => {
    const before = doors('passed');
    await opensFor((text) => pi.machine.scan(text));
    await pi.machine.run(
      `/rig/lines push ${LINE.passage} up; sleep 0.3; /rig/lines push ${LINE.passage} down`,
    );
    await pi.until(() => doors('passed') > before, 'somebody passed');
    count('a turnstile that turned: passed', 1);
  });

  test('takes an exit button that bounces for one that was pressed once, and moves no relay for it', async () => {
    const [exits, moved, forced] = [doors('exit-button'), pulses().length, alarms('forced')];
    await pi.machine.run(`/rig/lines bounce ${LINE.exitButton} 40; sleep 3`);
    expect(doors('exit-button') - exits).toBe(0);
    await pi.machine.run(
      `/rig/lines bounce ${LINE.exitButton} 40; /rig/lines push ${LINE.exitButton} down; sleep 3
       /rig/lines bounce ${LINE.exitButton} 40; /rig/lines push ${LINE.exitButton} up
       /rig/lines push ${LINE.contact} down; sleep 1; /rig/lines push ${LINE.contact} up`,
    );
    await pi.until(() => doors('exit-button') > exits, 'the button was pressed');
    await opensFor((text) => pi.machine.scan(text));
    expect(doors('exit-button') - exits).toBe(1);
    expect(alarms('forced')).toBe(forced);
    expect(pulses().length).toBe(moved + 1);
    count('an exit button: told once however it bounces, and the door may be opened', 1);
  });

  test('raises an alarm when the lid is opened', async () => {
    const before = alarms('tamper');
    await pi.machine.run(`/rig/lines push ${LINE.tamper} up`);
    await pi.until(() => alarms('tamper') > before, 'the alarm: tamper');
    await pi.machine.run(`/rig/lines push ${LINE.tamper} down`);
    count('the lid opened: the guard is told', 1);
  });

  test('reads a link from a keyboard reader that is set to another country', async () => {
    await opensFor(
      (text) => pi.machine.run(typeKeys(LINK + text, { pace: 'steady', layout: 'de' }), 120_000),
      TYPED_MAX,
    );
    count('a German keyboard reader: a link is read whole', 1);
  });

  test('reads three readers at once, each by itself', async () => {
    const from = entries().length;
    const [keys, pos, acm] = [pi.code(), pi.code(), pi.code()];
    await pi.machine.run(
      `(${typeKeys(keys, { pace: 'steady', layout: 'de' })}) &
       sleep 0.5; (${sendPosReports(pos)}) & (${sendSerial(acm)}) & wait`,
      120_000,
    );
    const since = () => entries().slice(from);
    const granted = () => since().filter(({ decision }) => decision === 'granted').length;
    // Of what is typed, keys may be lost; nothing of it may turn up in what another reader sent.
    await pi.until(() => granted() >= 2, 'those that lose nothing are let in');
    await rests(pi);
    expect(since().filter(({ refusal }) => refusal !== undefined)).toEqual([]);
    count('readers used at once: each text is its own', 3);
  });

  describe('and then by the files of /sys/class/gpio', () => {
    beforeAll(async () => {
      await pi.machine.run(
        `kill $(cat /run/gate.pid); while [ -d /proc/$(cat /run/gate.pid) ]; do sleep 0.2; done
         sed -i 's/"driver": "gpio"/"driver": "sysfs"/' /data/gate.yaml; echo 1 >/sys/module/gpio_sim/parameters/persist`,
        120_000,
      );
      const before = pulses().length;
      await pi.start('stop');
      told = await (await pi.guard()).listen();
      await pi.until(() => state() !== undefined, 'the guard is told of the gate');
      count('starts without a pulse (R1)', 1, pulses().length - before);
      expect(pulses()).toHaveLength(before);
    }, 600_000);

    test('asks for its lines as its own user', async () => {
      const base = Number(await pi.machine.run(`cat ${SYSFS}/gpiochip*/base`));
      const relay = `${SYSFS}/gpio${base + LINE.relay}`;
      expect(await pi.machine.run(`cat ${relay}/direction; stat -c "%U %G %a" ${relay}/value`)).toBe(
        'out\nroot gpio 660',
      );
    });

    test('opens, sees the contact, and rests', async () => {
      await pi.machine.run(`/rig/lines push ${LINE.contact} down`);
      await pi.until(() => state()?.lanes[0]?.door.contact === 'open', 'the contact is seen open');
      await pi.machine.run(`/rig/lines push ${LINE.contact} up`);
      await pi.until(() => state()?.lanes[0]?.door.contact === 'closed', 'the contact is seen closed');
      await opensFor((text) => pi.machine.scan(text));
    });

    test('ends a pulse whose relay process is killed in the middle of it, though the kernel keeps the line', async () => {
      await killInPulse(pi, RELAY_PID);
      await pi.until(() => state()?.lanes[0]?.door.healthy === true, 'the door is well again');
      await opensFor((text) => pi.machine.scan(text));
    });
  });

  test('keeps its promises in the eyes of the checker, from rows and line', async () => {
    await pi.switchOff();
    expect(pi.proved(pi.rows(), 'passage')).toEqual([]);
  });
});
