import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pulsesOf } from '../../../device/rig/index.ts';
import { ok } from '../../../src/base/index.ts';
import { publicRootKeyFile, RELEASE_FILE, type UpdatesView } from '../../../src/wire/index.ts';
import { type DistrictTrial, districtTrial } from '../../scenario/district-trial.ts';
import { GATE } from '../../scenario/trial.ts';
import { menwei } from '../../twins/gate-process.ts';
import { mosquittoPath } from '../../twins/mosquitto.ts';
import { COMMUNITY, DISTRICT, type RealDistrict } from '../../twins/real-district.ts';
import { guestConfig, LINE } from '../place.ts';
import { count, tellPromises } from '../promises.ts';
import { InstalledPi, type Laid } from './installed-pi.ts';
import { debianWith, makePackage, whyNoDebian } from './ready-debian.ts';
import { RELEASES_HOST, type ReleasesServer, releasesServer, writeCertificate } from './releases-server.ts';

/**
 * An update by the district's order, whole: the desk registers a release and begins a stage, the order goes over a real broker
 * to the installed gate in a booted Debian, its request fires the path unit, root's service fetches, judges and installs.
 */
const whyNot = whyNoDebian() ?? (mosquittoPath === undefined ? 'mosquitto is not installed' : undefined);
if (whyNot !== undefined)
  process.stderr.write(`SKIPPED: an ordered update in a booted machine is not tried: ${whyNot}\n`);
const SERVICE = 'menwei-update.service';
const REQUEST = '/var/lib/menwei/gate/update/request.json';
const FROM = `https://${RELEASES_HOST}/menwei/`;
const BROKER_SEEN = '10.0.2.100:1883';
const RELEASES_SEEN = '10.0.2.101:443';
/** Fetched, kept, installed and healthy: what a Pi does in a minute. */
const UPDATED_MS = 1_500_000;
/** With what is waited for before and after it. */
const TEST_MS = UPDATED_MS + 1_200_000;
/** The emulator is slow, and so is a start in it. */
const DROP_IN = `[Service]
Environment=NODE_EXTRA_CA_CERTS=/etc/menwei-release/releases.crt
Environment=MENWEI_UPDATE_READY_SECONDS=300
Environment=MENWEI_UPDATE_STEADY_SECONDS=20
`;

describe.skipIf(whyNot !== undefined)('a gate in a booted machine that is ordered to update', () => {
  let at: DistrictTrial;
  let pi: InstalledPi<RealDistrict>;
  let releases: ReleasesServer;

  beforeAll(async () => {
    releases = await releasesServer();
    at = await districtTrial({}, { makers: () => ok([makersKey()]) });
    pi = await InstalledPi.begin((folder) => lay(folder));
    await pi.boot();
  }, 1_800_000);
  afterAll(async () => {
    await pi?.end();
    await releases?.stop();
    await at?.trial.end();
    tellPromises('virtual Pi, updates by order');
  });

  /** As `menwei root new` wrote it. */
  function makersKey() {
    const file = readFileSync(at.trial.file('maker.pub'), 'utf8');
    const { kid, key } = publicRootKeyFile.parse(JSON.parse(file));
    return { kid, key };
  }

  async function lay(folder: string): Promise<Laid<RealDistrict>> {
    const key = at.trial.file('maker');
    const made = await menwei(['root', 'new', '--out', key]);
    if (made.code !== 0) throw new Error(`root new: ${made.error}`);
    const first = makePackage(join(folder, 'first'), 1);
    const good = makePackage(join(folder, 'good'), 2);
    breakPackage(good, join(folder, 'bad'));
    await sign(join(folder, 'good'), key, 1);
    await sign(join(folder, 'bad'), key, 2);
    return {
      images: await debianWith(folder, [first, place(folder)]),
      codes: at.district,
      reaches: { [BROKER_SEEN]: at.broker.port, [RELEASES_SEEN]: releases.port },
    };
  }

  /** The files of the gate that the district has enrolled. */
  function place(folder: string): string {
    const files = join(folder, 'place');
    mkdirSync(files);
    cpSync(at.trial.dataDir, join(files, 'data'), { recursive: true });
    cpSync(at.trial.file('root.json'), join(files, 'root.json'));
    cpSync(at.trial.file('maker.pub'), join(files, 'maker.pub'));
    writeCertificate(files, releases);
    writeFileSync(join(files, 'ordered.conf'), DROP_IN);
    const more = {
      dataDir: '/var/lib/menwei/gate',
      mqtt: { url: `mqtt://${BROKER_SEEN}` },
      update: { from: FROM },
    };
    const config = guestConfig({ district: DISTRICT, community: COMMUNITY }, { more });
    writeFileSync(join(files, 'gate.yaml'), JSON.stringify({ ...config, gate: GATE }, undefined, 1));
    return files;
  }

  const view = async () => (await (await at.district.operator('/api/updates')).json()) as UpdatesView;
  const orderOf = async (release: number) =>
    (await view()).releases.find((each) => each.release === release)?.gates.find(({ gate }) => gate === GATE);
  const version = async () => (await pi.run('dpkg-query --show menwei')).split('\t')[1]?.trim();
  const pulses = () => pulsesOf(pi.machine.lines, { line: LINE.relay });
  const show = (what: string, said: string) => process.stdout.write(`  ${what}: ${said.trim()}\n`);

  async function post(path: string, body: object): Promise<void> {
    const answer = await at.district.operator(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  async function ordered(folder: string, number: number): Promise<void> {
    releases.serve(folder);
    releases.fetched.length = 0;
    await post('/api/updates', {
      release: readFileSync(join(folder, RELEASE_FILE), 'utf8').trim(),
      address: FROM,
    });
    await post(`/api/updates/${number}/stages`, { stage: 'one', gate: GATE });
  }

  /** As while the updater runs, when systemd watches nothing. */
  async function orderedUnheard(folder: string, number: number): Promise<void> {
    await pi.run('systemctl stop menwei-update.path');
    await ordered(folder, number);
    const isAsked = async () => (await pi.machine.ask(`ls ${REQUEST}`)).code === 0;
    await pi.until(isAsked, 'the gate asks its updater', { limitMs: 420_000 });
    await pi.run('systemctl start menwei-update.path');
  }

  const said = (lines: number) =>
    pi.run(`journalctl -b -u ${SERVICE} -u menwei-update.path -o cat | tail -${lines}`);

  async function told(number: number, outcome: string): Promise<void> {
    const reason = `update-outcome:${number}:${outcome}`;
    const stored = async () =>
      (await (await at.district.operator('/api/entries/search?decision=system')).text()).includes(reason);
    try {
      await pi.until(stored, `a row at the district says ${reason}`, { limitMs: UPDATED_MS });
    } finally {
      show('the updater', await said(30));
    }
    expect(await said(200), 'udev looks at devices again').not.toContain('Failed to write');
  }

  async function opens(): Promise<void> {
    const before = pulses().length;
    for (let shown = 0; shown < 4 && pulses().length === before; shown += 1) {
      pi.machine.scan(await at.district.code());
      await pi
        .until(() => pulses().length > before, 'the line goes up', { limitMs: 150_000 })
        .catch(() => undefined);
    }
    if (pulses().length === before) throw new Error(`no code opens the door:\n${await whatWasSaid()}`);
    count('a code opens the door before and after updates', 1);
  }

  async function whatWasSaid(): Promise<string> {
    const behind = Math.round(Date.now() / 1_000) - Number(await pi.run('date +%s'));
    const last = (await pi.rows()).slice(-8).map((row) => JSON.stringify(row));
    return [`the machine’s clock is ${behind} s behind`, await pi.problems(), ...last].join('\n');
  }

  test('is installed, and tells its district that it takes orders', async () => {
    await pi.run(`dpkg -i /srv/menwei_*-1_amd64.deb 2>&1`);
    await pi.run(
      `systemctl stop menwei-gate && rm -rf /var/lib/menwei/gate && cp -r /srv/place/data /var/lib/menwei/gate &&
       cp /srv/place/root.json /srv/place/gate.yaml /etc/menwei/ && cp /srv/place/maker.pub /srv/place/releases.crt /etc/menwei-release/ &&
       chown -R menwei:menwei /var/lib/menwei /etc/menwei && chmod -R go-rwx /var/lib/menwei/gate && chmod 640 /etc/menwei/* &&
       echo '${RELEASES_SEEN.split(':')[0]} ${RELEASES_HOST}' >>/etc/hosts &&
       mkdir -p /etc/systemd/system/${SERVICE}.d && cp /srv/place/ordered.conf /etc/systemd/system/${SERVICE}.d/ &&
       systemctl daemon-reload && systemctl start menwei-gate`,
    );
    await pi.leadOut();
    await pi.isOpen(0);
    const takesOrders = async () =>
      (await view()).gates.some(({ gate, release }) => gate === GATE && release === 0);
    await pi.until(takesOrders, 'the district hears that it runs no release yet', { limitMs: 420_000 });
    expect((await pi.run('systemctl is-active menwei-update.path')).trim()).toBe('active');
    await opens();
  });

  test('fetches, judges and installs what was ordered, and a row tells it', {
    timeout: TEST_MS,
  }, async () => {
    await ordered(join(pi.folder, 'good'), 1);
    await told(1, 'done');
    expect(await version()).toMatch(/-2$/);
    expect(releases.fetched.map((name) => basename(name))).toEqual([
      RELEASE_FILE,
      expect.stringMatching(/-2_amd64\.deb$/),
    ]);
    await pi.until(async () => (await orderOf(1))?.state === 'back', 'the desk sees it back', {
      limitMs: 420_000,
    });
    await pi.isOpen(0);
    await opens();
    count('an update by the district’s order: installed, healthy, told in a row', 1);
  });

  test('goes back from one that does not start, tells it, and opens', { timeout: TEST_MS }, async () => {
    await orderedUnheard(join(pi.folder, 'bad'), 2);
    await told(2, 'back');
    count('a request that the path unit did not hear: made again by the gate', 1);
    expect(await version()).toMatch(/-2$/);
    await pi.until(async () => (await orderOf(2))?.state === 'failed', 'the desk sees the failure', {
      limitMs: 420_000,
    });
    await pi.isOpen(0);
    await opens();
    count('a release that is broken: gone back from, told in a row and at the desk', 1);
  });

  test('lost no row, and the path unit waits for the next order', async () => {
    expect(await pi.run('menwei journal verify --config /etc/menwei/gate.yaml')).toContain('whole');
    expect((await pi.run('systemctl is-active menwei-update.path')).trim()).toBe('active');
    expect((await pi.machine.ask(`ls ${REQUEST}`)).code).not.toBe(0);
  });
});

/** The same package as the next revision, whose program ends at once. */
function breakPackage(file: string, out: string): void {
  const script = join(import.meta.dirname, '../../../scripts/lib/signed-releases.sh');
  execFileSync('bash', ['-euc', '. "$0"; revise "$1" 3 "$2" broken', script, file, out]);
}

async function sign(folder: string, key: string, number: number): Promise<void> {
  const said = await menwei(['release', 'sign', folder, '--key', key, '--number', String(number)]);
  if (said.code !== 0) throw new Error(`release sign: ${said.error}`);
}
