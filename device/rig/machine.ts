import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { Agent, dial, type Said } from './agent.ts';
import { type LineLevel, lineLevels } from './line-trace.ts';
import { CARD, machineArguments, type MachineOptions, SCANNER_ON_CABLE } from './machine-arguments.ts';
import { Qmp } from './qmp.ts';

/**
 * One virtual Pi: QEMU in software emulation with a kernel's real GPIO, input, serial, USB, video and watchdog interfaces.
 * It waits for conditions, never for times; whatever happens to it, its process is gone when `off` has resolved.
 */
const DIAL_MS = 30_000;
const BOOT_MS = 240_000;
const RUN_MS = 60_000;
const OFF_MS = 10_000;

export class Machine {
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #complaint = '';
  #agent: Agent | undefined;
  #qmp: Qmp | undefined;
  #scanner: Socket | undefined;

  private constructor(options: MachineOptions) {
    this.folder = options.folder;
    rmSync(options.folder, { recursive: true, force: true });
    mkdirSync(options.folder, { recursive: true });
    if (options.disk !== undefined) writeFileSync(options.disk.log, '');
    this.#child = spawn('qemu-system-x86_64', machineArguments(options), {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-2_000);
    });
    this.#child.on('error', (fault) => {
      this.#complaint += fault.message;
    });
    this.#exited = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves when the guest takes commands; a boot that hangs is tried once more. */
  static async boot(options: MachineOptions): Promise<Machine> {
    try {
      return await Machine.#bootOnce(options);
    } catch (fault) {
      process.stderr.write(`rig: a boot failed and is tried again: ${String(fault)}\n`);
      return Machine.#bootOnce(options);
    }
  }

  static async #bootOnce(options: MachineOptions): Promise<Machine> {
    const machine = new Machine(options);
    try {
      machine.#agent = await Agent.dial(join(options.folder, 'agent.sock'), DIAL_MS);
      machine.#qmp = await Qmp.dial(join(options.folder, 'qmp.sock'), DIAL_MS);
      machine.#scanner = await dial(join(options.folder, 'scanner.sock'), DIAL_MS);
      await machine.#agent.ready(BOOT_MS);
      return machine;
    } catch (fault) {
      await machine.off();
      throw new Error(`${String(fault)}; ${machine.#complaint}\n${machine.console.slice(-1_500)}`);
    }
  }

  /** Ends as if the plug were pulled. */
  async off(): Promise<void> {
    this.#agent?.close();
    this.#qmp?.close();
    this.#scanner?.destroy();
    if (this.running) this.#child.kill('SIGKILL');
    await this.#exited;
  }

  get running(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when the machine ended by itself: a watchdog's reset ends it too. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  get complaint(): string {
    return this.#complaint;
  }

  get console(): string {
    return textOf(join(this.folder, 'console.log'));
  }

  /** What the appliance said on its outputs. */
  get log(): string {
    return textOf(join(this.folder, 'gate.log'));
  }

  get lines(): LineLevel[] {
    return lineLevels(join(this.folder, 'console.log'));
  }

  qmp(execute: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#qmp === undefined) throw new Error('the machine has not booted');
    return this.#qmp.call(execute, args);
  }

  /** QEMU's events so far, by name: `WATCHDOG`, `RESET`, `SHUTDOWN`. */
  get happened(): string[] {
    return this.#qmp?.events.map(({ event = '' }) => event) ?? [];
  }

  /** A command of the guest's shell, as root. */
  ask(command: string, limitMs = RUN_MS): Promise<Said> {
    if (this.#agent === undefined) throw new Error('the machine has not booted');
    return this.#agent.run(command, limitMs);
  }

  /** The same; throws unless it ended well. */
  async run(command: string, limitMs = RUN_MS): Promise<string> {
    const { code, output } = await this.ask(command, limitMs);
    if (code !== 0)
      throw new Error(`in the guest, ${command.slice(0, 200)} ended with ${code}: ${output.slice(-2_000)}`);
    return output;
  }

  /** From now on, as a worn card; 0: as fast as this machine is. */
  async slowDisk(writesPerSecond: number): Promise<void> {
    const limits = { 'iops-write': writesPerSecond };
    await this.qmp('qom-set', { path: `/objects/${CARD}`, property: 'limits', value: limits });
  }

  async unplugCable(): Promise<void> {
    await this.qmp('device_del', { id: 'cable' });
  }

  async plugCable(): Promise<void> {
    await this.qmp('device_add', SCANNER_ON_CABLE);
  }

  /** What a reader on the USB-serial cable sends. */
  scan(...texts: readonly string[]): void {
    this.#scanner?.write(texts.map((text) => `${text}\r`).join(''));
  }

  /** Asks the guest to go down and waits; a guest that does not is switched off. */
  async stop(): Promise<void> {
    const late = setTimeout(() => void this.#child.kill('SIGKILL'), OFF_MS);
    await this.ask('sync; echo o >/proc/sysrq-trigger; sleep 60').catch(() => undefined);
    clearTimeout(late);
    await this.off();
  }
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
