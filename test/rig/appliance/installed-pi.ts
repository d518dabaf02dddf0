import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cutDisk,
  type Images,
  Machine,
  type MachineOptions,
  makeDisk,
  SYSTEMD,
} from '../../../device/rig/index.ts';
import type { Row } from '../../scenario/trial.ts';
import { freePort, rowsOf } from '../pi-trial.ts';
import { measure } from '../promises.ts';

/**
 * A virtual Pi with a whole Debian on its disk, where systemd is first and the package is what `dpkg -i` made of it. The disk
 * stays from boot to boot; the machine ends as if the plug were pulled.
 */
const DISK_MIB = 1_024;
const MEMORY_MIB = 1_024;
const NODE = '/usr/lib/menwei/bin/node';
const OPEN_MS = 420_000;
const RUN_MS = 420_000;

export interface Waiting {
  readonly limitMs?: number;
}

export interface Laid<Codes> {
  readonly images: Images;
  readonly codes: Codes;
  /** Ports of this machine that the guest reaches. */
  readonly reaches?: MachineOptions['reaches'];
}

export class InstalledPi<Codes> {
  readonly folder: string;
  readonly codes: Codes;
  readonly #images: Images;
  readonly #port: number;
  readonly #reaches: Laid<Codes>['reaches'];
  #machine: Machine | undefined;

  private constructor(of: Laid<Codes> & { readonly folder: string; readonly port: number }) {
    this.folder = of.folder;
    this.codes = of.codes;
    this.#images = of.images;
    this.#port = of.port;
    this.#reaches = of.reaches;
  }

  /** @param lay makes the images; it may keep files in the folder that goes with this */
  static async begin<Codes>(lay: (folder: string) => Promise<Laid<Codes>>): Promise<InstalledPi<Codes>> {
    const folder = mkdtempSync(join(tmpdir(), 'menwei-appliance-'));
    try {
      const laid = await lay(folder);
      mkdirSync(join(folder, 'empty'));
      makeDisk(join(folder, 'empty'), join(folder, 'disk.img'), DISK_MIB);
      return new InstalledPi({ folder, ...laid, port: await freePort() });
    } catch (fault) {
      rmSync(folder, { recursive: true, force: true });
      throw fault;
    }
  }

  get machine(): Machine {
    if (this.#machine === undefined) throw new Error('the machine is off');
    return this.#machine;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async boot(): Promise<Machine> {
    const image = join(this.folder, 'disk.img');
    cpSync(image, join(this.folder, 'before.img'));
    const startedMs = Date.now();
    this.#machine = await Machine.boot({
      images: this.#images,
      folder: join(this.folder, 'machine'),
      disk: { image, log: join(this.folder, 'disk.log') },
      port: this.#port,
      init: SYSTEMD,
      memoryMib: MEMORY_MIB,
      ...(this.#reaches === undefined ? {} : { reaches: this.#reaches }),
    });
    measure('from power-on until the machine takes commands, with systemd', Date.now() - startedMs);
    return this.#machine;
  }

  /** In the guest, as root; throws unless it ended well. */
  run(command: string): Promise<string> {
    return this.machine.run(command, RUN_MS);
  }

  /** The gate's pages are led out of the guest: they are for whoever sits at it. */
  async leadOut(): Promise<void> {
    const lead =
      'require("net").createServer((a)=>{const b=require("net").connect(8443,"127.0.0.1");for(const each of [a,b])each.on("error",()=>{a.destroy();b.destroy()});a.pipe(b);b.pipe(a)}).listen(8080)';
    await this.run(`setsid ${NODE} -e '${lead}' >/dev/null 2>&1 &`);
  }

  /** Open for codes, door and readers in order; `readers` that are not plugged in are not waited for. */
  async isOpen(opensBefore: number, missing: readonly string[] = []): Promise<void> {
    await this.until(() => this.opens() > opensBefore, 'the gate is open for codes', { limitMs: OPEN_MS });
    const isReady = async () => {
      const problems = await this.problems();
      return (
        !/door of|reader unknown/.test(problems) &&
        this.#lost(problems).every((each) => missing.includes(each))
      );
    };
    await this.until(isReady, 'door and readers are ready', { limitMs: OPEN_MS });
  }

  #lost(problems: string): string[] {
    return [...problems.matchAll(/reader ([a-z-]+):/g)].map(([, name = '']) => name);
  }

  opens(): number {
    return this.machine.log.split('the gate is open for codes').length - 1;
  }

  async problems(): Promise<string> {
    try {
      return await (await fetch(`${this.address}/readyz`, { signal: AbortSignal.timeout(20_000) })).text();
    } catch (fault) {
      return `reader unknown: ${String(fault)}`;
    }
  }

  async rows(): Promise<Row[]> {
    const list = 'menwei journal list --json --config /etc/menwei/gate.yaml';
    return rowsOf(await this.run(`setpriv --reuid=menwei --regid=menwei --init-groups ${list}`));
  }

  async until(
    condition: () => boolean | Promise<boolean>,
    what: string,
    { limitMs = 180_000 }: Waiting = {},
  ): Promise<void> {
    const end = Date.now() + limitMs;
    while (!(await condition())) {
      if (Date.now() > end)
        throw new Error(
          `waited in vain: ${what}\n${await this.problems()}\n${this.machine.log.slice(-2_500)}\n${this.machine.console.slice(-800)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  /** The plug is pulled: of what was not flushed, a random part is lost. */
  async cutPower(below: (count: number) => number): Promise<void> {
    await this.#machine?.off();
    this.#machine = undefined;
    const before = join(this.folder, 'before.img');
    cutDisk({ before, log: join(this.folder, 'disk.log') }, below);
    cpSync(before, join(this.folder, 'disk.img'));
  }

  async end(): Promise<void> {
    await this.#machine?.off();
    this.#machine = undefined;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
