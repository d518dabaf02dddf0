import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { toHex } from '../../src/base/index.ts';
import { parseCode } from '../../src/code/index.ts';
import { sha256 } from '../../src/crypto/index.ts';
import { type District, startDistrict } from '../../src/district/index.ts';
import { openJournalReader } from '../../src/journal/reading.ts';
import { chainedRow, issuedCode } from '../../src/wire/index.ts';
import { memoryLog, realClock, until } from './broker.ts';
import { districtCrypto } from './district-crypto.ts';
import { GateProcess } from './gate-process.ts';
import { type Mosquitto, mosquitto } from './mosquitto.ts';
import { enrolledKeys, random } from './paper-community.ts';
import { type SignedIn, signedIn } from './signed-in.ts';

/** A community of several real gates, each a process of its own, with their real district at a real mosquitto. */

export const DISTRICT = 'd-1';
export const COMMUNITY = 7;
const LANE = 'lane';
const HOLDOVER = { clock: { battery: true } };

export interface Row {
  readonly seq: number;
  readonly at: string;
  readonly decision: string;
  readonly refusal?: string | undefined;
  readonly hash: string;
}

export class SisterCommunity {
  readonly folder: string;
  readonly broker: Mosquitto;
  readonly district: District;
  readonly log: ReturnType<typeof memoryLog>;
  readonly #ends: (() => unknown)[];
  readonly #residents: number[] = [];
  #operator: Promise<SignedIn> | undefined;

  private constructor(parts: {
    folder: string;
    broker: Mosquitto;
    district: District;
    log: ReturnType<typeof memoryLog>;
  }) {
    this.folder = parts.folder;
    this.broker = parts.broker;
    this.district = parts.district;
    this.log = parts.log;
    this.#ends = [() => this.broker.kill('SIGKILL'), () => this.district.stop()];
  }

  /** @param residents of whom each has one code to show */
  static async begin(residents: number): Promise<SisterCommunity> {
    const folder = mkdtempSync(join(tmpdir(), 'menwei-sisters-'));
    const broker = await mosquitto(folder, ['allow_anonymous true']);
    const log = memoryLog();
    const district = await startDistrict({
      dataDir: join(folder, 'district'),
      district: DISTRICT,
      timeZone: 'Asia/Shanghai',
      communities: [{ id: COMMUNITY, rules: { lane: LANE_RULES } }],
      places: 4_096,
      http: { host: '127.0.0.1', port: 0 },
      broker: { url: `mqtt://127.0.0.1:${broker.port}`, protocolVersion: 5 },
      crypto: districtCrypto,
      clock: realClock,
      random: { bytes: random },
      log,
    });
    const community = new SisterCommunity({ folder, broker, district, log });
    for (let at = 0; at < residents; at += 1) await community.#settle(at);
    return community;
  }

  async #settle(at: number): Promise<void> {
    const of = { community: COMMUNITY, assurance: 1 as const, needsMoreTime: false, minor: false };
    const resident = await this.district.addResident({ ...of, room: `1-${at}` });
    if (resident === undefined) throw new Error('the resident was not added');
    this.#residents.push(resident.index);
  }

  /** Somebody of every role at the district's desk. */
  operator(): Promise<SignedIn> {
    this.#operator ??= signedIn(this.district);
    return this.#operator;
  }

  /** The last one first. */
  onEnd(end: () => unknown): void {
    this.#ends.push(end);
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  get brokerUrl(): string {
    return `mqtt://127.0.0.1:${this.broker.port}`;
  }

  /** A gate that is enrolled, and not started yet. */
  async gate(id: string, mqtt: Readonly<Record<string, unknown>> = {}): Promise<SisterGate> {
    const dataDir = join(this.folder, id);
    mkdirSync(dataDir, { mode: 0o700 });
    const { deviceKey, sealKey } = enrolledKeys(dataDir);
    await this.district.enrolGate({ gate: id, community: COMMUNITY, deviceKey, sealKey: sealKey.x });
    const root = join(this.folder, 'root.json');
    writeFileSync(root, await this.district.rootDocument());
    const config = join(this.folder, `${id}.yaml`);
    const whole = {
      gate: id,
      district: DISTRICT,
      community: COMMUNITY,
      dataDir,
      trust: { root },
      http: { port: 0 },
      mqtt: { url: this.brokerUrl, ...mqtt },
      lanes: [
        {
          id: LANE,
          readers: [{ id: 'page', type: 'display' }],
          door: { driver: 'simulated', contact: false },
        },
      ],
      ...HOLDOVER,
    };
    writeFileSync(config, JSON.stringify(whole));
    return new SisterGate(this, { id, dataDir, config });
  }

  /** Fresh kind 1 codes, each of another resident. */
  async codes(count: number): Promise<string[]> {
    const residents = this.#residents.splice(0, count);
    if (residents.length < count) throw new Error('there are no more residents');
    return Promise.all(residents.map((index) => this.#token(index)));
  }

  /** By the gate's own last word. */
  async holds(gateId: string, documents: readonly string[]): Promise<boolean> {
    const answer = await (await this.operator())('/api/gates');
    const { gates } = (await answer.json()) as {
      gates: { gate: string; status: { documents: Record<string, number> } | null }[];
    };
    const held = gates.find(({ gate }) => gate === gateId)?.status?.documents ?? {};
    return documents.every((name) => held[name] !== undefined);
  }

  async #token(index: number): Promise<string> {
    const answer = await (await this.operator())(`/api/residents/${index}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return issuedCode.parse(await answer.json()).code;
  }

  /** What the district has stored of a gate: rows of all its journals, and alarms. */
  query(sql: string, ...values: string[]): Record<string, unknown>[] {
    const database = new DatabaseSync(join(this.folder, 'district', 'district.sqlite'), { readOnly: true });
    try {
      return database.prepare(sql).all(...values);
    } finally {
      database.close();
    }
  }
}

const LANE_RULES = { who: 'roster', visitors: true, minimumAssurance: 0, passback: 'off' } as never;

export class SisterGate {
  readonly id: string;
  readonly dataDir: string;
  readonly config: string;
  readonly #community: SisterCommunity;
  #process: GateProcess | undefined;
  #url = '';

  constructor(community: SisterCommunity, of: { id: string; dataDir: string; config: string }) {
    this.id = of.id;
    this.dataDir = of.dataDir;
    this.config = of.config;
    this.#community = community;
  }

  /** The same gate with another folder for its data: what a copied card is. */
  copied(dataDir: string): SisterGate {
    const config = `${this.config}.copy`;
    const whole = JSON.parse(readFileSync(this.config, 'utf8')) as object;
    writeFileSync(config, JSON.stringify({ ...whole, dataDir }));
    return new SisterGate(this.#community, { id: this.id, dataDir, config });
  }

  get journalFile(): string {
    return join(this.dataDir, 'journal.sqlite');
  }

  get log(): string {
    return this.#process?.log ?? '';
  }

  /** @param sure waits until the district has proved its clock, so that codes need no guard */
  async start({ sure = true } = {}): Promise<void> {
    const process = new GateProcess({ config: this.config });
    this.#process = process;
    this.#community.onEnd(() => process.stop());
    this.#url = await process.open();
    if (!sure) return;
    await until(() => this.#community.holds(this.id, DOCUMENTS), `${this.id} has its documents`, 60_000);
    await until(async () => (await this.problems()).length === 0, `${this.id} is in order`, 60_000);
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = undefined;
  }

  async problems(): Promise<readonly string[]> {
    const answer = await fetch(`${this.#url}/healthz`);
    return ((await answer.json()) as { problems: string[] }).problems;
  }

  /** @returns the row that answers it */
  async scan(text: string): Promise<Row> {
    const before = this.head();
    const answer = await fetch(`${this.#url}/display/${LANE}/scan`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    });
    if (answer.status !== 202) throw new Error(`the scan was not taken: ${await answer.text()}`);
    let verdict: Row | undefined;
    await until(() => {
      verdict = this.rows(before + 1).find(({ decision }) => VERDICTS.has(decision));
      return verdict !== undefined;
    }, 'the scan is answered');
    if (verdict === undefined) throw new Error('the scan is answered');
    return verdict;
  }

  head(): number {
    return this.rows().at(-1)?.seq ?? 0;
  }

  rows(from = 1): Row[] {
    const reader = openJournalReader(this.journalFile);
    try {
      return [...reader.iterate(from)].map((row) => chainedRow.parse(row));
    } finally {
      reader.close();
    }
  }

  /** Whether it remembers that a sister gate has seen this code. */
  hasSeen(text: string): boolean {
    return hasHeardOf(text, this.journalFile);
  }
}

/** Whether the gate with this journal remembers that a sister gate has seen this code. */
export function hasHeardOf(text: string, journalFile: string): boolean {
  const database = new DatabaseSync(journalFile, { readOnly: true });
  try {
    const key = `seen/${hashOf(text)}`;
    return database.prepare('select 1 from memory where key = ?').get(key) !== undefined;
  } finally {
    database.close();
  }
}

const DOCUMENTS = ['root', 'keyset', 'policy', 'roster', 'residents'];
const VERDICTS = new Set(['granted', 'refused', 'guard']);

/** SHA-256 of a code's bytes, hex. */
export function hashOf(text: string): string {
  const claim = parseCode(text);
  if (!claim.ok) throw new Error('a code of ours is read');
  return toHex(sha256(claim.value.bytes));
}
