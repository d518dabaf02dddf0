import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pulsesOf, sendPosReports, sendSerial, typeKeys } from '../../../device/rig/index.ts';
import { seeded } from '../../fault/tier.ts';
import type { CodeMaker } from '../../scenario/mixed-codes.ts';
import { LINE, ON_THE_GADGET } from '../place.ts';
import { count, measure, tellPromises } from '../promises.ts';
import { InstalledPi } from './installed-pi.ts';
import { layDebian, whyNoDebian } from './ready-debian.ts';

/** The package in a booted Debian: systemd starts what dpkg installed, under its hardening, and a code opens the door there. */
const whyNot = whyNoDebian();
if (whyNot !== undefined)
  process.stderr.write(`SKIPPED: the package in a booted machine is not tried: ${whyNot}\n`);
/** A slow machine may lose keys of a scan, and then all of the scan. */
const SENT_MAX = 4;
const GATE = 'menwei-gate.service';
/** In the guest: waits, without a pause, until the relay's line is up. */
const UNTIL_UP = `while read -r level </sys/devices/platform/gpio-sim.0/gpiochip0/sim_gpio${LINE.relay}/value; [ "$level" = 0 ]; do :; done`;
const MAIN_PID = `$(systemctl show -p MainPID --value ${GATE})`;

describe.skipIf(whyNot !== undefined)('the package in a booted machine', () => {
  let pi: InstalledPi<CodeMaker>;
  /** The code that opened last. */
  let used = '';
  const below = seeded(11);

  beforeAll(async () => {
    pi = await InstalledPi.begin(layDebian);
    await pi.boot();
  }, 1_800_000);
  afterAll(async () => {
    await pi?.end();
    tellPromises('virtual Pi, the package in a booted Debian');
  });

  const pulses = () => pulsesOf(pi.machine.lines, { line: LINE.relay });
  const rests = () =>
    pi.until(() => pulses().every(({ offMs }) => Number.isFinite(offMs)), 'the relay rests');
  const unit = async (property: string) =>
    (await pi.run(`systemctl show -p ${property} --value ${GATE}`)).trim();
  const show = (what: string, said: string) => process.stdout.write(`  ${what}: ${said.trim()}\n`);

  /** @param send brings a code to a reader; what the reader loses is tried again with another */
  async function opensFor(reader: string, send: (text: string) => unknown): Promise<void> {
    const before = pulses().length;
    for (let sent = 0; sent < SENT_MAX && pulses().length === before; sent += 1) {
      used = pi.codes.token().text;
      await send(used);
      await pi
        .until(() => pulses().length > before, `the line goes up for a code at ${reader}`, {
          limitMs: sent + 1 < SENT_MAX ? 30_000 : 90_000,
        })
        .catch((late: unknown) => {
          if (sent + 1 >= SENT_MAX) throw late;
        });
    }
    await rests();
    count(`a code opens the door of the installed gate (J1, R2): ${reader}`, 1);
  }

  test('has systemd as its first program, and no gate yet', async () => {
    show('first program', await pi.run('readlink /proc/1/exe; uname -r; grep PRETTY /etc/os-release'));
    expect(await pi.run('readlink /proc/1/exe')).toBe('/usr/lib/systemd/systemd');
    expect((await pi.machine.ask(`systemctl is-enabled ${GATE}`)).code).not.toBe(0);
    expect(pulses()).toEqual([]);
  });

  test('installs by dpkg, and systemd starts the gate, which waits to be set up', async () => {
    show('dpkg -i', await pi.run('dpkg -i /srv/menwei_*_amd64.deb 2>&1'));
    await pi.until(
      async () => (await unit('ActiveState')) === 'active',
      'systemd says that the gate is active',
    );
    expect((await pi.run(`systemctl is-enabled ${GATE}`)).trim()).toBe('enabled');
    await pi.leadOut();
    await pi.until(async () => !(await pi.problems()).includes('unknown'), 'its page answers');
    show('readyz', await pi.problems());
    count('dpkg -i starts the gate by systemd', 1, pulses().length);
    expect(pulses()).toEqual([]);
  });

  test('keeps the log of the whole machine within its bounds', async () => {
    // Debian's own would be a tenth of the disk. The kernel's ring tells how much, whichever place the log is kept in.
    const bounds = async () =>
      pi.run('journalctl -b -o cat -u systemd-journald | grep -o "max [0-9.]*[KMG]" | tail -1');
    await pi.until(
      async () => /^max (100|32)(\.0)?M$/m.test(await bounds()),
      'the log is within 100 MB on disk or 32 MB in memory',
    );
    show('log', await bounds());
    count('the machine’s log is bounded', 1);
  });

  test('is restarted by systemd with the files of a gate that was set up, as nobody special', async () => {
    const before = pi.opens();
    await pi.run(
      `systemctl stop ${GATE} && rm -rf /var/lib/menwei/gate && cp -r /srv/place/data /var/lib/menwei/gate && cp /srv/place/root.json /srv/place/gate.yaml /etc/menwei/ &&
       chown -R menwei:menwei /var/lib/menwei /etc/menwei && chmod -R go-rwx /var/lib/menwei/gate && chmod 640 /etc/menwei/* && systemctl start ${GATE}`,
    );
    await pi.isOpen(before, ON_THE_GADGET);
    const status = await pi.run(
      `grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/${MAIN_PID}/status`,
    );
    show('process', status.replaceAll('\n', ', '));
    expect(status).toMatch(/Seccomp:\s+2/);
    expect(status).toMatch(/NoNewPrivs:\s+1/);
    expect(status).toMatch(/CapBnd:\s+0+$/m);
    expect(status).not.toMatch(/Uid:\s+0/);
    const devices = await pi.run('stat -c "%U %G %a %n" /dev/gpiochip0 /dev/ttyUSB0');
    show('devices', devices.replaceAll('\n', ', '));
    expect(devices).toBe('root gpio 660 /dev/gpiochip0\nroot dialout 660 /dev/ttyUSB0');
    const inside = await pi.machine.ask(`nsenter -m -t ${MAIN_PID} touch /usr/lib/menwei/x /etc/x`);
    show('a write within its view of the machine', inside.output);
    expect(inside.output).toMatch(/Read-only file system/);
    count('systemd starts the set-up gate under its hardening, without a pulse (R1)', 1, pulses().length);
    expect(pulses()).toEqual([]);
  });

  test('opens for a code at the cable that was there when it started', async () => {
    await opensFor('serial cable', (text) => pi.machine.scan(text));
  });

  test('opens for codes at readers that are plugged in for the first time while it runs', async () => {
    const nodes = 'udevadm settle && stat -c "%U %G %a %n" /dev/ttyACM0 /dev/hidraw* /dev/menwei/*';
    await pi.run('/rig/gadget');
    // The kernel finds one device of the gadget after the other, each in its own time.
    await pi.until(async () => (await pi.machine.ask(nodes)).code === 0, 'each reader has its node');
    show('devices', (await pi.run(nodes)).replaceAll('\n', ', '));
    await pi.isOpen(0);
    await opensFor('HID-POS', (text) => pi.run(sendPosReports(text)));
    await opensFor('USB serial', (text) => pi.run(sendSerial(text)));
    await opensFor('keyboard', (text) => pi.run(typeKeys(text, { pace: 'steady' })));
  });

  test('is ended and started anew by systemd when it hangs in the middle of a pulse', async () => {
    const [restarts, opens, before] = [Number(await unit('NRestarts')), pi.opens(), pulses().length];
    pi.machine.scan(pi.codes.token().text);
    await pi.until(() => pulses().length > before, 'the line goes up');
    await pi.run(`kill -STOP ${MAIN_PID}`);
    await pi.until(async () => Number(await unit('NRestarts')) > restarts, 'systemd starts it anew');
    await rests();
    expect(await pi.run(`journalctl -b -u ${GATE} | grep -i watchdog | tail -3`)).toMatch(/Watchdog timeout/);
    show('journal', await pi.run(`journalctl -b -u ${GATE} -o cat | grep -i watchdog | tail -3`));
    await pi.isOpen(opens);
    count(
      'a gate that hangs is started anew by its watchdog, and its pulse ends (R2)',
      1,
      pulses().length - before - 1,
    );
    expect(pulses()).toHaveLength(before + 1);
    await opensFor('serial cable', (text) => pi.machine.scan(text));
  });

  test('keeps its rows over a power cut, starts with the machine, and opens', async () => {
    await somebodyPasses();
    const rows = await pi.rows();
    await pi.cutPower(below);
    await comesBack();
    const found = await pi.rows();
    count(
      'rows of the installed gate after a power cut (J3)',
      rows.length,
      rows.filter(({ hash }, at) => found[at]?.hash !== hash).length,
    );
    expect(found.slice(0, rows.length)).toEqual(rows);
    const granted = () =>
      pi.rows().then((all) => all.filter(({ decision }) => decision === 'granted').length);
    const before = await granted();
    pi.machine.scan(used);
    await pi.until(
      async () => {
        if ((await pi.rows()).some(({ refusal, seq }) => refusal === 'already-used' && seq > rows.length))
          return true;
        pi.machine.scan(used);
        return false;
      },
      'a used code is refused',
      { limitMs: 420_000 },
    );
    count('a code that was used before the power cut is refused (A1)', 1, (await granted()) - before);
    expect(await granted()).toBe(before);
    await opensFor('serial cable', (text) => pi.machine.scan(text));
  });

  test('is reset by the hardware watchdog when its kernel hangs, and comes back by itself', async () => {
    const watchdog = '/sys/class/watchdog/watchdog0';
    const said = await pi.run(
      `cat ${watchdog}/identity ${watchdog}/state ${watchdog}/timeout; systemctl show -p RuntimeWatchdogUSec; cat /proc/uptime`,
    );
    show('watchdog', said.replaceAll('\n', ', '));
    expect(said).toMatch(/i6300ESB timer\nactive\n60\nRuntimeWatchdogUSec=1min/);
    // It has been fed for longer than it would have waited.
    await pi.until(
      async () => Number((await pi.run('cat /proc/uptime')).split(' ')[0]) > 120,
      'two minutes of feeding',
    );
    count('the hardware watchdog is fed by systemd', 1);
    void pi.machine.ask('echo 0 >/proc/sys/kernel/panic; echo c >/proc/sysrq-trigger').catch(() => undefined);
    await pi.machine.exited;
    expect(pi.machine.console).toMatch(/sysrq: Trigger a crash/);
    expect(pi.machine.happened).toContain('WATCHDOG');
    await pi.cutPower(below);
    await comesBack();
    count('a kernel that hangs is reset by the watchdog, and the gate comes back', 1);
    await opensFor('serial cable', (text) => pi.machine.scan(text));
  });

  /** Only then a code is used for good: one with which nobody passed is free again. */
  async function somebodyPasses(): Promise<void> {
    await pi.run(`(${UNTIL_UP}; /rig/lines push ${LINE.contact} down) >/dev/null 2>&1 &`);
    await opensFor('serial cable', (text) => pi.machine.scan(text));
    await pi.run(`/rig/lines push ${LINE.contact} up`);
    const passed = async () => (await pi.rows()).slice(-2).some(({ door }) => door === 'passed');
    await pi.until(passed, 'somebody passed', { limitMs: 420_000 });
  }

  /** The service starts by itself, and nothing moves. */
  async function comesBack(): Promise<void> {
    const startedMs = Date.now();
    await pi.boot();
    await pi.until(
      async () => (await pi.machine.ask(`systemctl is-active ${GATE}`)).code === 0,
      'systemd has started the gate',
      { limitMs: 420_000 },
    );
    await pi.leadOut();
    await pi.isOpen(0, ON_THE_GADGET);
    measure('from power-on until the installed gate is open for codes', Date.now() - startedMs);
    count('boots of the installed machine without a pulse (R1)', 1, pulses().length);
    expect(pulses()).toEqual([]);
  }
});
