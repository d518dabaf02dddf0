import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enrolmentPicture } from '../../src/district/index.ts';
import type { DisplayState, GateState } from '../../src/wire/index.ts';
import { until } from '../twins/broker.ts';
import { GateProcess, menwei } from '../twins/gate-process.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { freePort } from '../twins/ports.ts';
import { type Postgres, startPostgres } from '../twins/postgres.ts';
import { RelayTrace } from '../twins/relay-trace.ts';
import { type SignedIn, signedInAt } from '../twins/signed-in.ts';

/** A district process behind TLS with a broker and a database, and gates that are enrolled by their own readers. */

export const DISTRICT = 'gaoxin';
export const COMMUNITY = 7;
const LANE_RULES = { who: 'roster', visitors: true, printedCard: 'open', passback: 'off', pulseMs: 200 };

export type PlaceKind = 'mosquitto, PostgreSQL' | 'embedded broker, SQLite';

export interface ListedGate {
  readonly gate: string;
  readonly fingerprint: string;
  readonly state: GateState;
  readonly status: { readonly state: string; readonly documents: Readonly<Record<string, number>> } | null;
}

interface Beginning {
  readonly kind: PlaceKind;
  readonly more: object;
  readonly folder: string;
  readonly ends: (() => unknown)[];
}

export class TlsPlace {
  readonly folder = mkdtempSync(join(tmpdir(), 'menwei-tls-'));
  readonly brokerPort: number;
  readonly district: GateProcess;
  readonly operator: SignedIn;
  readonly #ends: (() => unknown)[] = [];

  private constructor(of: { brokerPort: number; district: GateProcess; operator: SignedIn }) {
    ({ brokerPort: this.brokerPort, district: this.district, operator: this.operator } = of);
  }

  /** @param more of the district's configuration */
  static async begin(kind: PlaceKind, more: object = {}): Promise<TlsPlace> {
    const folder = mkdtempSync(join(tmpdir(), 'menwei-tls-'));
    const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    try {
      return await TlsPlace.#begun({ kind, more, folder, ends });
    } catch (fault) {
      for (const end of ends.reverse()) await end();
      throw fault;
    }
  }

  static async #begun({ kind, more, folder, ends }: Beginning): Promise<TlsPlace> {
    const brokerPort = await freePort();
    const postgres = kind.includes('PostgreSQL') ? await startPostgres() : undefined;
    if (postgres !== undefined) ends.push(() => postgres.remove());
    const environment = databaseOf(postgres);
    const config = join(folder, 'district.yaml');
    const isMosquitto = kind.startsWith('mosquitto');
    writeFileSync(config, JSON.stringify({ ...configuration(isMosquitto, brokerPort), ...more }));
    if (isMosquitto) ends.push(await startMosquitto(folder, { config, environment }));
    const district = new GateProcess({ config, command: 'district', environment });
    ends.push(() => district.stop());
    const operator = await signedInAt(await district.open(), { config, environment });
    const place = new TlsPlace({ brokerPort, district, operator });
    place.#ends.push(...ends);
    place.#brokerFolder = join(folder, 'broker');
    place.#districtFolder = join(folder, 'district');
    return place;
  }

  #brokerFolder = '';
  #districtFolder = '';

  /** Where the district writes for its mosquitto. */
  get brokerFolder(): string {
    return this.#brokerFolder;
  }

  get configFile(): string {
    return join(this.#districtFolder, '../district.yaml');
  }

  get keysFolder(): string {
    return join(this.#districtFolder, 'keys');
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  onEnd(end: () => unknown): void {
    this.#ends.push(end);
  }

  async ask<Answer>(path: string, body?: unknown): Promise<Answer> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const answer = await this.operator(
      `/api${path}`,
      body === undefined ? {} : { ...init, body: JSON.stringify(body) },
    );
    const said = (await answer.json()) as Answer;
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(said)}`);
    return said;
  }

  async listed(name: string): Promise<ListedGate | undefined> {
    const { gates } = await this.ask<{ gates: ListedGate[] }>('/gates');
    return gates.find(({ gate }) => gate === name);
  }

  /**
   * A new machine: its reader is shown the symbol, somebody compares and confirms.
   * @param more of its configuration
   */
  async install(name: string, machine = name, more: object = {}): Promise<PlacedGate> {
    const gate = PlacedGate.in(join(this.folder, machine), more);
    this.onEnd(() => gate.process.stop());
    await gate.process.open();
    const { text } = await this.ask<{ text: string }>('/enrolments', { gate: name, community: COMMUNITY });
    gate.show(text);
    await until(() => gate.address(1) !== '', `${name} goes on as a gate`, 60_000);
    const fingerprint = (await this.listed(name))?.fingerprint;
    const shown = await gate.displayed();
    if (shown.enrolment?.fingerprint !== fingerprint) throw new Error('another fingerprint is shown');
    await this.ask(`/gates/${name}/confirm`, { fingerprint });
    const held = async () => {
      const { status } = (await this.listed(name)) ?? {};
      return ['roster', 'residents', 'policy', 'keyset'].every(
        (each) => status?.documents[each] !== undefined,
      );
    };
    await until(held, `${name} has its documents`, 60_000);
    await until(
      async () => !(await gate.displayed()).problems.includes('clock'),
      `the clock of ${name} is proved`,
      60_000,
    );
    return gate;
  }
}

export class PlacedGate {
  readonly folder: string;
  process: GateProcess;
  readonly relay: RelayTrace;
  #shown = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.relay = new RelayTrace(join(folder, 'door'));
    this.process = new GateProcess({ config: join(folder, 'gate.yaml') });
  }

  static in(folder: string, more: object = {}): PlacedGate {
    mkdirSync(join(folder, 'pictures'), { recursive: true });
    const lane = {
      id: 'main',
      readers: [{ id: 'pictures', type: 'directory', path: 'pictures' }],
      door: { driver: 'folder', chip: 'door', relay: { pulseMs: 200 } },
    };
    const config = { dataDir: 'data', http: { port: 0 }, clock: { battery: true }, lanes: [lane], ...more };
    writeFileSync(join(folder, 'gate.yaml'), JSON.stringify(config));
    return new PlacedGate(folder);
  }

  /** The same machine, switched on again. */
  startAgain(): void {
    this.process = new GateProcess({ config: join(this.folder, 'gate.yaml') });
  }

  /** Of its pages: first as one that waits, then as a gate. */
  address(at: number): string {
    return [...this.process.log.matchAll(/"address":"([^"]+)"/g)][at]?.[1] ?? '';
  }

  /** As a picture that is whole when the reader finds it. */
  show(text: string): void {
    this.#shown += 1;
    const name = `${this.#shown}.png`;
    writeFileSync(join(this.folder, `pictures/.${name}`), enrolmentPicture(text).png);
    renameSync(join(this.folder, `pictures/.${name}`), join(this.folder, 'pictures', name));
  }

  async displayed(): Promise<DisplayState> {
    const answer = await fetch(`${this.address(1) || this.address(0)}/display/main/events`);
    let text = '';
    for await (const part of answer.body ?? []) {
      text += Buffer.from(part as Uint8Array).toString('utf8');
      const data = /event: state\ndata: (.+)\n\n/.exec(text)?.[1];
      if (data !== undefined) return JSON.parse(data) as DisplayState;
    }
    throw new Error('the display was told nothing');
  }
}

function configuration(isMosquitto: boolean, port: number): object {
  const mosquitto = { folder: 'broker', port, reload: { pidFile: 'broker.pid' } };
  return {
    district: DISTRICT,
    dataDir: 'district',
    places: 4_096,
    communities: [{ id: COMMUNITY, rules: { lane: LANE_RULES } }],
    http: { port: 0 },
    broker: isMosquitto
      ? { type: 'server', url: `mqtts://localhost:${port}`, mosquitto }
      : { type: 'embedded', host: '127.0.0.1', port, tls: 'own', publicUrl: `mqtts://localhost:${port}` },
  };
}

function databaseOf(postgres: Postgres | undefined): Record<string, string> {
  return postgres === undefined ? {} : { MENWEI_DATABASE__URL: postgres.newDatabase() };
}

/** The files come first, by the command; then the broker; then the district that keeps them. */
async function startMosquitto(
  folder: string,
  { config, environment }: { config: string; environment: Record<string, string> },
): Promise<() => Promise<void>> {
  if (mosquittoPath === undefined) throw new Error('mosquitto is not installed');
  const out = join(folder, 'broker');
  const written = await menwei(
    ['district', 'broker-config', '--config', config, '--out', out],
    '',
    environment,
  );
  if (written.code !== 0) throw new Error(`broker-config: ${written.error}`);
  const main = join(folder, 'mosquitto.conf');
  // Started as root it becomes its own user, who may read nothing of the test's folder.
  writeFileSync(main, `user root\ninclude_dir ${out}\n`);
  const broker: ChildProcess = spawn(mosquittoPath, ['-c', main], { stdio: 'ignore' });
  writeFileSync(join(folder, 'broker.pid'), `${broker.pid}\n`);
  return () =>
    new Promise((resolve) => {
      if (broker.exitCode !== null) return resolve();
      broker.once('exit', () => resolve());
      broker.kill('SIGKILL');
    });
}
