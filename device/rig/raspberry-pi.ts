import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { dial } from './agent.ts';
import { firmwareOf } from './card.ts';
import { Qmp } from './qmp.ts';

/**
 * A whole Raspberry Pi of QEMU, started from a card that scripts/image made: a Pi 3 Model B, whose processor and GPIO controller are
 * those of a Zero 2 W. The kernel, its own drivers and the program are the card's; a pin is read in the controller's registers, from
 * outside. It has no screen that the kernel knows and no network (QEMU's USB network adapter hears nothing at this board), its clock is
 * set at power-on, and it is some thirty times slower than a board.
 */
const MACHINE = 'raspi3b';
const TREE = 'bcm2837-rpi-3-b';
/** QEMU takes a card of a power of two only. */
const CARD_BYTES = 8 * 1024 ** 3;
const DIAL_MS = 30_000;
const SAMPLE_MS = 40;
/** BCM2835 ARM Peripherals, 6.1: where the Pi 3 has them. */
const FUNCTION_SELECT_1 = 0x3f200004;
const LEVEL_0 = 0x3f200034;
const OUTPUT = 0b001;

export interface RaspberryPiOptions {
  readonly card: string;
  /** Its sockets and its console lie here; made anew. */
  readonly folder: string;
  /** The relay's pin, 10 to 19. */
  readonly pin: number;
}

export class RaspberryPi {
  readonly #child: ChildProcess;
  readonly #options: RaspberryPiOptions;
  readonly #closed: Promise<unknown>;
  #complaint = '';
  #qmp: Qmp | undefined;
  #scanner: Socket | undefined;
  /** Levels of the relay's pin as they changed, the first as it was found; what lasts less than a sample is not seen. */
  readonly levels: (0 | 1)[] = [];
  #samples = 0;

  private constructor(options: RaspberryPiOptions) {
    this.#options = options;
    rmSync(options.folder, { recursive: true, force: true });
    mkdirSync(options.folder, { recursive: true });
    truncateSync(options.card, CARD_BYTES);
    this.#child = spawn('qemu-system-aarch64', raspberryPiArguments(options), {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-2_000);
    });
    this.#child.on('error', (fault) => {
      this.#complaint += fault.message;
    });
    this.#closed = once(this.#child, 'close').catch(() => undefined);
  }

  /** Resolves when the power is on; the pin is watched from here on. */
  static async start(options: RaspberryPiOptions): Promise<RaspberryPi> {
    const board = new RaspberryPi(options);
    try {
      board.#qmp = await Qmp.dial(join(options.folder, 'qmp.sock'), DIAL_MS);
      board.#scanner = await dial(join(options.folder, 'scanner.sock'), DIAL_MS);
      void board.#watch(board.#qmp);
      return board;
    } catch (fault) {
      await board.cut();
      throw new Error(`${String(fault)}; ${board.#complaint}`);
    }
  }

  /** The power goes. */
  async cut(): Promise<void> {
    this.#qmp?.close();
    this.#scanner?.destroy();
    if (this.running) this.#child.kill('SIGKILL');
    await this.#closed;
  }

  get running(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get samples(): number {
    return this.#samples;
  }

  /** What the kernel said, and what QEMU did if it ended. */
  get console(): string {
    try {
      return readFileSync(join(this.#options.folder, 'console.log'), 'utf8') + this.#complaint;
    } catch {
      return this.#complaint;
    }
  }

  /** Whether the controller drives the pin. */
  async drives(): Promise<boolean> {
    const shift = (this.#options.pin % 10) * 3;
    return (((await this.#register(FUNCTION_SELECT_1)) >>> shift) & 0b111) === OUTPUT;
  }

  /** What a reader on the USB-serial cable sends. */
  scan(text: string): void {
    this.#scanner?.write(`${text}\r`);
  }

  async #watch(qmp: Qmp): Promise<void> {
    while (this.running) {
      const level = await this.#level(qmp).catch(() => undefined);
      if (level === undefined) return;
      this.#samples += 1;
      if (this.levels.at(-1) !== level) this.levels.push(level);
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  }

  async #level(qmp: Qmp): Promise<0 | 1> {
    return ((await this.#register(LEVEL_0, qmp)) >>> this.#options.pin) & 1 ? 1 : 0;
  }

  async #register(address: number, qmp = this.#qmp): Promise<number> {
    const said = await qmp?.call('human-monitor-command', {
      'command-line': `xp /1wx 0x${address.toString(16)}`,
    });
    const [, word] = /:\s*0x([0-9a-f]+)/.exec(String(said)) ?? [];
    if (word === undefined) throw new Error(`the machine does not show its registers: ${String(said)}`);
    return Number.parseInt(word, 16);
  }
}

function raspberryPiArguments({ card, folder }: RaspberryPiOptions): string[] {
  const { kernel, initramfs, deviceTree, commandLine } = firmwareOf(card, TREE, join(folder, 'firmware'));
  const at = (name: string) => join(folder, name);
  return [
    ['-name', 'board', '-machine', MACHINE, '-accel', 'tcg,thread=multi', '-display', 'none', '-no-reboot'],
    ['-kernel', kernel, '-initrd', initramfs, '-dtb', deviceTree],
    // The firmware's own settings, the kernel's console on the line that can be read here, and a clock. QEMU resets the board at once
    // when its watchdog is set, so the kernel finds none. Slow as it is, systemd would give up waiting for that line.
    [
      '-append',
      [
        `${commandLine} console=ttyS1,115200 module_blacklist=bcm2835_wdt systemd.clock_usec=${Date.now() * 1_000}`,
        'systemd.default_device_timeout_sec=30min',
      ].join(' '),
    ],
    ['-drive', `if=sd,format=raw,file=${card}`],
    ['-serial', 'null', '-serial', `file:${at('console.log')}`, '-monitor', 'none'],
    ['-qmp', `unix:${at('qmp.sock')},server=on,wait=off`],
    ['-chardev', `socket,id=scanner,path=${at('scanner.sock')},server=on,wait=off`],
    ['-device', 'usb-serial,chardev=scanner,serial=RIG0002,always-plugged=on'],
  ].flat();
}
