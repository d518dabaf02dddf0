import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { GateConfig } from '../../../config/schema.ts';
import type { Desk } from '../../desk/index.ts';
import { type GateHealth, type GateServerParts, gateServer, PageReader } from '../../gate/index.ts';
import {
  type Listening,
  listen,
  readStaticFiles,
  type ServerCertificate,
  type StaticFiles,
  selfSignedCertificate,
} from '../../http/index.ts';
import type { Log, Reader } from '../../ports/index.ts';
import { SetupEntrance, setupServer } from '../../setup/index.ts';
import { runningMachine } from '../setup/running-machine.ts';
import { openGateDesk } from './gate-desk.ts';
import { writeSecret } from './gate-keys.ts';
import type { RunningGate } from './start-gate.ts';

/** What a gate shows and answers: display, probes, the guard's desk, the set-up page. Loaded once scans are already taken. */

const PAGES = join(import.meta.dirname, '../../../dist/ui');
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** What the set-up page of a gate needs; a demonstration has none. */
export interface SettingUp {
  readonly configFile: string;
  readonly askRestart: () => void;
}

export interface ServedGate {
  readonly running: RunningGate;
  readonly log: Log;
  readonly settingUp: SettingUp | undefined;
  readonly health: () => GateHealth;
}

/** @returns with the desk not started yet; what it throws leaves nothing open */
export async function serveGate(
  config: GateConfig,
  gate: ServedGate,
): Promise<{ readonly http: Listening; readonly desk: Desk }> {
  const { running, log } = gate;
  const certificate = await certificateOf(config);
  const pages = readPages();
  const { dataDir, guardDesk } = config;
  const hosts = hostsOf(config.http);
  const desk = openGateDesk({ dataDir, running, log, hosts, pages, isWanted: guardDesk });
  try {
    const { host, port } = config.http;
    const http = await listen(appOf(config, { ...gate, pages, desk }), { host, port, ...certificate });
    return { http, desk };
  } catch (problem) {
    desk.stop();
    throw problem;
  }
}

interface Served extends ServedGate {
  readonly pages: StaticFiles;
  readonly desk: Desk;
}

function appOf(config: GateConfig, served: Served) {
  const { running, log, pages, desk, health } = served;
  const { display, metrics, lanes } = running.gate;
  const setup = setupOf(config, served);
  return pagesOf(config.http, {
    log,
    display,
    metrics,
    health,
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

/** @returns what is ours at the moment it is asked: after a power cut a network may come up minutes after the gate */
export function hostsOf({ host, names }: GateConfig['http']): () => string[] {
  return () => [...LOOPBACK, host, ...names, ...ownNames()];
}

/** A page that points its own name at this machine (DNS rebinding) is none of these; a bare address always is ours. */
function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const bare = addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
  return [hostname(), `${hostname()}.local`, ...bare];
}

/**
 * Where a server is found from elsewhere: an address goes everywhere, a name only where somebody answers for it.
 * @param url as it listens: a wildcard is every address of this machine
 * @returns undefined: from nowhere but here, or no network is up
 */
export function reachedAt(url: string): string | undefined {
  const { protocol, hostname: host, port } = new URL(url);
  if (LOOPBACK.includes(host)) return undefined;
  if (host !== '0.0.0.0' && host !== '[::]') return `${protocol}//${host}:${port}`;
  const outward = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4');
  return outward && `${protocol}//${outward.address}:${port}`;
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
