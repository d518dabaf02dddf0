import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PseudoTerminal, pseudoTerminal } from '../../device/scanner/testing.ts';
import { openJournalReader } from '../../src/journal/reading.ts';
import { chainedRow } from '../../src/wire/index.ts';
import { until } from '../twins/broker.ts';
import { GateProcess, type GateProcessOptions, menwei } from '../twins/gate-process.ts';
import { RelayTrace } from '../twins/relay-trace.ts';

/** A gate on trial: its folder, its configuration, a reader on a pseudo-terminal, a door made of files; all gone at the end. */

export const LANE = 'north';
export const GATE = 'north-1';

export type Row = ReturnType<typeof chainedRow.parse>;

export interface TrialOptions {
  readonly district: string;
  readonly community: number;
  /** Members of the configuration that differ. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export class Trial {
  readonly folder: string;
  readonly dataDir: string;
  readonly configFile: string;
  readonly relay: RelayTrace;
  readonly terminal: PseudoTerminal;
  readonly #ends: (() => unknown)[] = [];
  readonly #gates: GateProcess[] = [];

  private constructor(folder: string, terminal: PseudoTerminal) {
    this.folder = folder;
    this.dataDir = join(folder, 'data');
    this.configFile = join(folder, 'gate.yaml');
    this.relay = new RelayTrace(join(folder, 'door'));
    this.terminal = terminal;
    mkdirSync(this.dataDir, { mode: 0o700 });
    symlinkSync(terminal.path, join(folder, 'reader'));
  }

  static async begin(): Promise<Trial> {
    const folder = mkdtempSync(join(tmpdir(), 'menwei-scenario-'));
    const terminal = await pseudoTerminal();
    if (terminal === undefined)
      throw new Error('python3 and pseudo-terminals are needed (on Debian: python3)');
    const trial = new Trial(folder, terminal);
    trial.onEnd(() => terminal.hangUp());
    return trial;
  }

  /** The last one first. */
  onEnd(end: () => unknown): void {
    this.#ends.push(end);
  }

  async end(): Promise<void> {
    await this.stopGates();
    for (const end of this.#ends.splice(0).reverse()) await end();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  /** JSON is YAML. */
  configure({ district, community, config = {} }: TrialOptions): void {
    const whole = {
      gate: GATE,
      district,
      community,
      dataDir: 'data',
      trust: { root: 'root.json', plainRoster: true },
      http: { port: 0 },
      clock: { battery: true },
      lanes: [
        {
          id: LANE,
          readers: [{ id: 'scanner', type: 'serial', path: this.file('reader'), baudRate: 115_200 }],
          door: { driver: 'folder', chip: 'door' },
        },
      ],
      ...config,
    };
    this.write('gate.yaml', JSON.stringify(whole, undefined, 1));
  }

  start(how: Omit<GateProcessOptions, 'config'> = {}): GateProcess {
    const gate = new GateProcess({ config: this.configFile, ...how });
    this.#gates.push(gate);
    return gate;
  }

  async stopGates(): Promise<void> {
    for (const gate of this.#gates.splice(0)) await gate.stop();
  }

  /** Starts a gate and waits until its reader listens too. */
  async open(how: Omit<GateProcessOptions, 'config'> = {}): Promise<GateProcess> {
    const gate = this.start(how);
    const address = await gate.open();
    // What a line holds when it is opened is thrown away.
    await until(async () => !(await problemsShown(address)).includes('readers'), 'a reader listens');
    return gate;
  }

  scan(...texts: readonly string[]): void {
    this.terminal.write(texts.map((text) => `${text}\r`).join(''));
  }

  /** What is in the journal now, while the gate runs too; nothing before its first row. */
  rows(): Row[] {
    const file = join(this.dataDir, 'journal.sqlite');
    if (!existsSync(file)) return [];
    const reader = openJournalReader(file);
    try {
      return [...reader.iterate(1)].map((row) => chainedRow.parse(row));
    } finally {
      reader.close();
    }
  }

  /** The same by the command that an operator would use. */
  async listed(): Promise<Row[]> {
    const listed = await menwei(['journal', 'list', '--json', '--config', this.configFile]);
    if (listed.code !== 0) throw new Error(`journal list: ${listed.error}`);
    return listed.output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => chainedRow.parse(JSON.parse(line)));
  }

  async verify(): Promise<string> {
    const verified = await menwei(['journal', 'verify', '--config', this.configFile]);
    if (verified.code !== 0) throw new Error(`journal verify: ${verified.output}${verified.error}`);
    return verified.output;
  }
}

/** By the first word to a display that comes new. */
async function problemsShown(address: string): Promise<string[]> {
  const answer = await fetch(`${address}/display/${LANE}/events`);
  let text = '';
  for await (const part of answer.body ?? []) {
    text += Buffer.from(part as Uint8Array).toString('utf8');
    const data = /event: state\ndata: (.+)\n\n/.exec(text)?.[1];
    if (data !== undefined) return (JSON.parse(data) as { problems: string[] }).problems;
  }
  return ['readers'];
}

/** Rows that answer a scan. */
export function verdicts(rows: readonly Row[]): Row[] {
  return rows.filter(
    ({ decision }) => decision === 'granted' || decision === 'refused' || decision === 'guard',
  );
}
