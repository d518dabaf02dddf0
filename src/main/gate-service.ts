import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { GateConfig } from '../../config/schema.ts';
import { systemdSupervisor } from '../../device/os/index.ts';
import { type GateHealth, type GateServerParts, gateServer, PageReader } from '../gate/index.ts';
import {
  type Listening,
  listen,
  readStaticFiles,
  type ServerCertificate,
  selfSignedCertificate,
  type StaticFiles,
} from '../http/index.ts';
import type { Desk } from '../desk/index.ts';
import type { Log, Reader, Supervisor } from '../ports/index.ts';
import { controlledOf } from './control/controlled.ts';
import { serveControl } from './control/server.ts';
import { SetupEntrance, setupServer } from '../setup/index.ts';
import { openGateDesk } from './gate-desk.ts';
import { writeSecret } from './gate-keys.ts';
import { runningMachine } from './setup/running-machine.ts';
import { type RunningGate, startGate } from './start-gate.ts';

/** A gate as a service: with its pages and probes, and told to whoever supervises it. */
export interface GateService extends RunningGate {
  readonly http: Listening;
  /** The guard's desk, which `http` serves. */
  readonly desk: Pick<Desk, 'firstCode'>;
}

const PAGES = join(import.meta.dirname, '../../dist/ui');
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** What the set-up page of a gate needs; a demonstration has none. */
export interface SettingUp {
  readonly configFile: string;
  readonly askRestart: () => void;
}

export async function startGateService(
  config: GateConfig,
  log: Log,
  settingUp?: SettingUp,
): Promise<GateService> {
  const certificate = await certificateOf(config);
  let desk: Desk | undefined;
  const running = await startGate(config, log, { firstAccount: () => desk?.firstCode() });
  try {
    const pages = readPages();
    const { dataDir, guardDesk } = config;
    const hosts = hostsOf(config.http);
    desk = openGateDesk({ dataDir, running, log, hosts, pages, isWanted: guardDesk });
    const http = await listen(appOf(config, { running, log, pages, desk, settingUp }), {
      host: config.http.host,
      port: config.http.port,
      ...certificate,
    });
    desk.start();
    const controlled = controlledOf(running, () => healthOf(running));
    const control = await serveControl(config.dataDir, controlled, log);
    const endSupervision = supervised(() => healthOf(running));
    log.info(
      { address: http.url, gate: config.gate, lanes: config.lanes.length },
      'the gate is open for codes',
    );
    return {
      ...running,
      http,
      desk,
      stop: async () => {
        endSupervision(true);
        controlled.stop();
        await control.stop();
        await http.stop();
        desk?.stop();
        await running.stop();
      },
    };
  } catch (problem) {
    desk?.stop();
    await running.stop();
    throw problem;
  }
}

/** What is out of order, for probes, the watchdog and the doctor. */
export function healthOf(running: RunningGate): GateHealth {
  const { gate, journal, trust, report } = running;
  const alone = running.sistersOutOfReach();
  const now = gate.clock.now();
  const journalHealth = journal.health();
  const kinds = Object.values(trust.snapshot().freshness(now).kinds);
  const readers = [...gate.lanes.values()].flatMap((lane) => lane.readers.map((reader) => reader.health()));
  const doors = [...gate.lanes.values()].filter((lane) => !lane.door.healthy);
  const found: [string, boolean, 'stops' | 'hurts'][] = [
    [`journal: ${journalHealth.fault?.detail ?? 'cannot be written'}`, !gate.journalWorks, 'stops'],
    [
      'trust: no key set in force; import a bundle or connect the gate',
      kinds.every((kind) => kind === 'none'),
      'stops',
    ],
    ...doors.map((lane): [string, boolean, 'stops'] => [
      `door of lane ${lane.id}: ${lane.door.report().detail ?? 'faulty'}`,
      true,
      'stops',
    ]),
    ...readers.map((reader): [string, boolean, 'hurts'] => [
      `reader ${reader.reader}: ${reader.detail ?? reader.state}`,
      reader.state !== 'ready',
      'hurts',
    ]),
    [
      `journal: ${gate.unrecorded} scans are not recorded; only their number is kept, and lost with the power`,
      gate.unrecorded > 0,
      'hurts',
    ],
    ['clock: not proved; codes need the guard', now.quality === 'unsure', 'hurts'],
    [
      `used codes: no broker reaches the ${alone} other gates of the community; this gate stands alone`,
      alone > 0,
      'hurts',
    ],
    ['broker: not connected', report !== undefined && !report.state().connected, 'hurts'],
    ...trust
      .problems()
      .map(({ document, what }): [string, boolean, 'hurts'] => [
        `${document ?? 'trust'}: ${what}`,
        true,
        'hurts',
      ]),
  ];
  const wrong = found.filter(([, is]) => is);
  return {
    // A full disk or a missing document is not mended by a restart: only a gate that settles no scans is.
    alive: gate.isTurning(),
    ready: wrong.every(([, , how]) => how === 'hurts'),
    problems: wrong.map(([problem]) => problem),
  };
}

interface Served {
  readonly running: RunningGate;
  readonly log: Log;
  readonly pages: StaticFiles;
  readonly desk: Desk;
  readonly settingUp: SettingUp | undefined;
}

function appOf(config: GateConfig, served: Served) {
  const { running, log, pages, desk } = served;
  const { display, metrics, lanes } = running.gate;
  const setup = setupOf(config, served);
  return pagesOf(config.http, {
    log,
    display,
    metrics,
    health: () => healthOf(running),
    lanes: [...lanes.values()],
    pages,
    desk: (app) => {
      app.route('/', desk.app);
      if (setup !== undefined) app.route('/', setup);
    },
  });
}

/** At the gate itself, and for a head guard: figures on a console let nobody into a gate at work. */
function setupOf(config: GateConfig, { running, log, pages, desk, settingUp }: Served) {
  if (settingUp === undefined) return undefined;
  const { configFile: file, askRestart } = settingUp;
  const isSupervised = process.env['NOTIFY_SOCKET'] !== undefined;
  return setupServer({
    hosts: hostsOf(config.http),
    log,
    pages,
    entrance: new SetupEntrance({
      clock: running.clock,
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    }),
    machine: runningMachine({ file, running, ...(isSupervised ? { askRestart } : {}) }),
    headGuard: (context) => {
      const guard = desk.headGuard(context);
      return guard && { actor: guard.account, ...(guard.duress ? { duress: true as const } : {}) };
    },
  });
}

interface PageParts extends Omit<GateServerParts, 'hosts' | 'pages' | 'pageReaders'> {
  readonly pages?: StaticFiles;
  readonly lanes: readonly { readonly id: string; readonly readers: readonly Reader[] }[];
}

/** The pages and probes of a gate, enrolled or not. */
export function pagesOf(http: GateConfig['http'], { lanes, pages = readPages(), ...parts }: PageParts) {
  return gateServer({
    ...parts,
    hosts: hostsOf(http),
    pages,
    pageReaders: pageReadersOf(lanes),
  });
}

export function hostsOf({ host, names }: GateConfig['http']): string[] {
  return [...LOOPBACK, ...ownNames(), host, ...names];
}

/** Tells whoever supervises the process that it is ready, and that it lives. @returns a function that ends it */
export function supervised(health: () => GateHealth): (isProcessEnding: boolean) => void {
  const supervisor = systemdSupervisor({
    notifySocket: process.env['NOTIFY_SOCKET'],
    watchdogMicroseconds: process.env['WATCHDOG_USEC'],
  });
  const endWatch = watch(supervisor, health);
  supervisor.ready();
  return (isProcessEnding) => {
    if (isProcessEnding) supervisor.stopping();
    endWatch();
  };
}

/** A page that points its own name at this machine (DNS rebinding) is none of these; a bare address always is ours. */
function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const bare = addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
  return [hostname(), `${hostname()}.local`, ...bare];
}

export function readPages() {
  if (!existsSync(PAGES)) throw new Error('the pages are not built; run scripts/build-ui');
  return readStaticFiles(PAGES);
}

function pageReadersOf(lanes: PageParts['lanes']): ReadonlyMap<string, (text: string) => boolean> {
  const readers = new Map<string, (text: string) => boolean>();
  for (const lane of lanes) {
    const page = lane.readers.find((reader) => reader instanceof PageReader);
    if (page !== undefined) readers.set(lane.id, (text) => page.offer(text));
  }
  return readers;
}

/** Plain HTTP on loopback only: anything that crosses a network is encrypted, with a certificate of the gate's own if need be. */
export async function certificateOf(
  config: Pick<GateConfig, 'http' | 'dataDir'>,
): Promise<{ certificate?: ServerCertificate }> {
  const certificate = await certificateFor(config);
  return certificate === undefined ? {} : { certificate };
}

async function certificateFor({
  http,
  dataDir,
}: Pick<GateConfig, 'http' | 'dataDir'>): Promise<ServerCertificate | undefined> {
  const { host, tls, names } = http;
  if (tls !== undefined)
    return { certificate: readFileSync(tls.certificate, 'utf8'), key: readFileSync(tls.key, 'utf8') };
  if (LOOPBACK.includes(host) || host === '::1') return undefined;
  const [certificate, key] = ['http.pem', 'http-key.pem'].map((name) => join(dataDir, 'keys', name)) as [
    string,
    string,
  ];
  if (existsSync(certificate) && existsSync(key)) {
    return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  }
  const made = await selfSignedCertificate([hostname(), `${hostname()}.local`, host, ...names], new Date());
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  writeSecret(key, made.key);
  writeSecret(certificate, made.certificate);
  return made;
}

/** The watchdog is fed while the event loop turns and the gate settles the scans that come; what is out of order is told as the status. */
function watch(supervisor: Supervisor, health: () => GateHealth): () => void {
  if (supervisor.watchdogMs === undefined) return () => undefined;
  const timer = setInterval(() => {
    const { alive, problems } = health();
    if (alive) supervisor.alive();
    supervisor.status(problems[0] ?? 'in order');
  }, supervisor.watchdogMs);
  return () => clearInterval(timer);
}
