import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cutDisk,
  logLength,
  type CutOutcome,
  type Images,
  Machine,
  type MachineOptions,
  makeDisk,
  takeOut,
} from '../../device/rig/index.ts';
import { openJournalReader } from '../../src/journal/reading.ts';
import { chainedRow } from '../../src/wire/index.ts';
import { GUARD } from '../scenario/guard-trial.ts';
import type { CodeMaker } from '../scenario/mixed-codes.ts';
import { LANE, type Row } from '../scenario/trial.ts';
import { DeskClient } from '../twins/desk-client.ts';
import type { Violation } from '../twins/checker.ts';
import type { ShownCode } from '../twins/simulator/district.ts';
import { type Boot, proved, type Seen } from './evidence.ts';
import { type PiConfig, PULSE_MS, setUpPlace } from './place.ts';
import { measure } from './promises.ts';
import { shown } from './shown.ts';

/**
 * The real appliance in a virtual Pi: a gate that was set up on this machine, with a community on paper and two guards, on the
 * data disk of a machine that is booted, watched from outside and cut off.
 */
const MENWEI = 'node --disable-warning=ExperimentalWarning /opt/menwei/dist/server/cli.js';
const AS_MENWEI =
  'setpriv --reuid=menwei --regid=menwei --init-groups --no-new-privs env -i PATH=/usr/bin:/bin LANG=C.UTF-8';
const OPEN_MS = 420_000;
/** Codes are made by this machine's clock, and judged by the guest's. */
const CLOCKS_APART_MS_MAX = 15_000;

export class PiTrial {
  readonly folder: string;
  readonly boots: Boot[] = [];
  /** Codes that were made, each for somebody else. */
  readonly shown: ShownCode[] = [];
  readonly #codes: CodeMaker;
  readonly #images: Images;
  readonly #port: number;
  #machine: Machine | undefined;
  #desk: DeskClient | undefined;
  #before = '';
  #earlier = '';
  #keepsTime = true;

  private constructor(of: {
    readonly folder: string;
    readonly images: Images;
    readonly codes: CodeMaker;
    readonly port: number;
  }) {
    this.folder = of.folder;
    this.#codes = of.codes;
    this.#images = of.images;
    this.#port = of.port;
  }

  /** The gate's files are made by the programs that an installer uses, and its guards sign in once, on this machine. */
  static async begin(images: Images, config: PiConfig = {}): Promise<PiTrial> {
    const folder = mkdtempSync(join(tmpdir(), 'menwei-rig-'));
    const codes = await setUpPlace(join(folder, 'disk'), config);
    makeDisk(join(folder, 'disk'), join(folder, 'disk.img'));
    return new PiTrial({ folder, images, codes, port: await freePort() });
  }

  get machine(): Machine {
    if (this.#machine === undefined) throw new Error('the machine is off');
    return this.#machine;
  }

  /** A token that lets somebody in, once. */
  code(): string {
    const code = shown(this.#codes.token().text);
    this.shown.push(code);
    return code.text;
  }

  /** A guard at the desk, whose session ends with the gate. */
  async guard(): Promise<DeskClient> {
    this.#desk?.close();
    const desk = new DeskClient(this.address, GUARD);
    const { status, text } = await desk.signIn();
    if (status !== 200) throw new Error(`the guard cannot sign in: ${status} ${text}`);
    this.#desk = desk;
    return desk;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async boot(how: Partial<MachineOptions> = {}): Promise<Machine> {
    this.#before = join(this.folder, 'before.img');
    cpSync(this.image, this.#before);
    const disk = { image: this.image, log: join(this.folder, 'disk.log') };
    const options = {
      images: this.#images,
      folder: join(this.folder, 'machine'),
      disk,
      port: this.#port,
      ...how,
    };
    this.#keepsTime = how.bootsAt === undefined;
    const startedMs = Date.now();
    this.#machine = await Machine.boot(options);
    measure('from power-on until the machine takes commands', Date.now() - startedMs);
    await this.#machine.ask('socat TCP-LISTEN:8080,fork,reuseaddr TCP:127.0.0.1:8443 >/dev/null 2>&1 &');
    return this.#machine;
  }

  /**
   * Starts the gate as its own user and waits until it is open for codes, with door and readers in order.
   * @param before how the gate ended that ran in this machine before, if there was one
   */
  async start(before: Boot['end'] = 'stop'): Promise<void> {
    const opened = () => this.machine.log.split('the gate is open for codes').length;
    const openedBefore = opened();
    const clock = await this.machine.run(
      `cd /data; ${AS_MENWEI} ${MENWEI} gate --config /data/gate.yaml >>/dev/ttyS1 2>&1 & echo $! >/run/gate.pid
       read -r up _ </proc/uptime; echo "$EPOCHREALTIME $up"`,
    );
    const [wall = '0', up = '0'] = clock.trim().split('\n').at(-1)?.split(' ') ?? [];
    const apartMs = Number(wall) * 1_000 - Date.now();
    if (this.#keepsTime && Math.abs(apartMs) > CLOCKS_APART_MS_MAX)
      throw new Error(
        `the guest’s clock is ${Math.round(apartMs)} ms off this machine’s, ${up} s after its boot: the emulator counts time wrongly here`,
      );
    const last = this.boots.at(-1);
    if (last?.machine === this.machine) Object.assign(last, { end: before, untilMs: Number(up) * 1_000 });
    this.boots.push({
      wallAtBootMs: (Number(wall) - Number(up)) * 1_000,
      sinceMs: Number(up) * 1_000,
      machine: this.machine,
      end: 'stop',
    });
    const startedMs = Date.now();
    await this.until(() => opened() > openedBefore, 'the gate is open for codes', OPEN_MS);
    measure('from the start of the gate until it is open for codes', Date.now() - startedMs);
    let problems = '';
    const isReady = async () => {
      problems = await this.problems();
      return !/door of|reader /.test(problems);
    };
    await this.until(isReady, () => `door and readers are ready: ${problems}`, OPEN_MS);
  }

  /** What the gate says of itself to a probe. */
  async problems(): Promise<string> {
    try {
      return await (await fetch(`${this.address}/readyz`, { signal: AbortSignal.timeout(20_000) })).text();
    } catch (fault) {
      return `reader unknown: ${String(fault)}`;
    }
  }

  /** @param condition may ask the guest */
  async until(
    condition: () => boolean | Promise<boolean>,
    what: string | (() => string),
    limitMs = 120_000,
  ): Promise<void> {
    const end = Date.now() + limitMs;
    while (!(await condition())) {
      if (Date.now() > end)
        throw new Error(
          `waited in vain: ${typeof what === 'string' ? what : what()}\n${this.machine.log.slice(-1_500)}\n${this.machine.console.slice(-800)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Rows as the guest's own command lists them, while the gate runs. */
  async listed(): Promise<Row[]> {
    const output = await this.machine.run(
      `${AS_MENWEI} ${MENWEI} journal list --json --config /data/gate.yaml`,
      120_000,
    );
    return rowsOf(output);
  }

  /** How much the disk was told to write so far. */
  logLength(): number {
    return logLength(join(this.folder, 'disk.log'));
  }

  /** The power goes. @returns what became of writes that were not flushed */
  async cutPower(below: (count: number) => number): Promise<CutOutcome> {
    await this.#off('power');
    const disk = { before: this.#before, log: join(this.folder, 'disk.log') };
    this.#earlier = join(this.folder, 'earlier.img');
    cpSync(this.#before, this.#earlier);
    const outcome = cutDisk(disk, below);
    cpSync(this.#before, this.image);
    return outcome;
  }

  /** What would be on the disk, had the power of the last life gone when its log had so many entries. */
  rowsHadItBeenCut(upTo: number, below: (count: number) => number): Row[] {
    const image = join(this.folder, 'instead.img');
    cpSync(this.#earlier, image);
    cutDisk({ before: image, log: join(this.folder, 'disk.log'), upTo }, below);
    return this.rows(image);
  }

  async switchOff(): Promise<void> {
    await this.#off('stop');
  }

  /** Of all lives of a machine that is off: rows and line, by the checker. @returns what was broken */
  proved(rows = this.rows(), sensor: Seen['sensor'] = 'contact'): readonly Violation[] {
    return proved({ lane: LANE, pulseMs: PULSE_MS, rows, boots: this.boots, codes: this.shown, sensor });
  }

  async #off(end: Boot['end']): Promise<void> {
    this.#desk?.close();
    const machine = this.#machine;
    if (machine === undefined) return;
    await machine.off();
    const last = this.boots.at(-1);
    if (last?.machine === machine) last.end = end;
    for (const boot of this.boots) if (boot.machine === machine) boot.lines = machine.lines;
    this.#machine = undefined;
  }

  /** What is on the disk of a machine that is off, read on a copy as the next boot would find it. */
  rows(image = this.image): Row[] {
    const out = join(this.folder, 'out');
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
    takeOut(image, '/data', out);
    const reader = openJournalReader(join(out, 'data/journal.sqlite'));
    try {
      return [...reader.iterate(1)].map((row) => chainedRow.parse(row));
    } finally {
      reader.close();
    }
  }

  get image(): string {
    return join(this.folder, 'disk.img');
  }

  async end(): Promise<void> {
    await this.#off('stop');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

export function rowsOf(output: string): Row[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => chainedRow.parse(JSON.parse(line)));
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a port is a number');
  return address.port;
}
