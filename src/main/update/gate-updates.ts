import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log } from '../../ports/index.ts';
import type { ProxyUse, UpdateTold } from '../../wire/index.ts';
import { writeSecret } from '../gate/gate-keys.ts';
import {
  OUTCOME_FILE,
  readSmall,
  REQUEST_FILE,
  updateRequest,
  type UpdateRequest,
  updaterOutcome,
  type UpdaterOutcome,
} from './updater-files.ts';

/**
 * A gate's side of an ordered update: it asks its machine's updater by a small file, once for each order, and writes down as
 * a row what came of it. It installs nothing, and an order says only which release: where it comes from is this machine's
 * configuration.
 */
export interface GateUpdatesOptions {
  /** The gate's own, for the request. */
  readonly folder: string;
  /** The updater's. */
  readonly updater: string;
  /** `update.from`; absent: orders are refused. */
  readonly from: string | undefined;
  /** Through which the updater asks, as this gate would. */
  readonly proxy: () => ProxyUse | undefined;
  /** Writes the row. @returns whether it is durable */
  readonly tell: (told: UpdateTold) => boolean;
  /** The release that runs is another one. */
  readonly changed: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

const LOOK_EVERY_MS = 5_000;
/**
 * The updater is started by the writing of its request, and hears of none while it runs (systemd.path(5)), nor of one whose power went
 * while it fetched. Its unit may start 24 times an hour.
 */
const ASK_AGAIN_MS = 5 * 60_000;
/** Fetching, installing, two minutes to be ready and one to stay so; the district waits longer. */
const ANSWER_WITHIN_MS = 40 * 60_000;

export class GateUpdates {
  readonly #options: GateUpdatesOptions;
  readonly #request: string;
  #number: number | undefined;
  /** Refusals whose row could not be written yet. */
  #untold: UpdateTold[] = [];
  #pending: UpdateRequest | undefined;
  #pendingSince = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(options: GateUpdatesOptions) {
    this.#options = options;
    this.#request = join(options.folder, REQUEST_FILE);
  }

  /** Number of the release that runs, 0 for none; undefined: this gate takes no orders to update. */
  get release(): number | undefined {
    return this.#takesOrders ? (this.#number ?? 0) : undefined;
  }

  get #takesOrders(): boolean {
    return this.#options.from !== undefined && existsSync(this.#options.updater);
  }

  /** An order of before, whose answer came while nobody looked, is gone on with. */
  start(): void {
    this.#pending = this.#pendingRequest();
    this.#pendingSince = this.#options.clock.monotonic();
    this.#look();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Returns at once: the row that follows is not part of the one by which it was ordered. */
  order({ command, release }: { readonly command: string; readonly release: number }): void {
    this.#options.clock.after(0, () => {
      const why = this.#ask(command, release);
      if (why !== undefined) this.#untold.push({ release, outcome: 'refused', why });
      this.#tellUntold();
    });
  }

  /** @returns why it was not asked */
  #ask(command: string, release: number): string | undefined {
    const { from, updater, clock } = this.#options;
    const proxy = this.#options.proxy();
    if (from === undefined) return 'not-configured';
    if (!existsSync(updater)) return 'no-updater';
    if (this.#pending !== undefined) return 'busy';
    const request = updateRequest.safeParse({
      command,
      release,
      from,
      ...(proxy === undefined ? {} : { proxy }),
    });
    if (!request.success || !this.#write(request.data)) return 'request';
    this.#pending = request.data;
    this.#pendingSince = clock.monotonic();
    return undefined;
  }

  #askAgain(): void {
    const isDue = this.#options.clock.monotonic() - this.#askedAt >= ASK_AGAIN_MS;
    if (this.#pending !== undefined && isDue) this.#write(this.#pending);
  }

  #write(request: UpdateRequest): boolean {
    const { folder, clock, log } = this.#options;
    this.#askedAt = clock.monotonic();
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeSecret(this.#request, `${JSON.stringify(request)}\n`);
      return true;
    } catch (cause) {
      log.error({ detail: String(cause).slice(0, 200) }, 'the request to update could not be written');
      return false;
    }
  }

  #look(): void {
    const { clock, log } = this.#options;
    try {
      this.#settle(this.#outcome());
      this.#tellUntold();
      this.#askAgain();
    } catch (cause) {
      log.error({ detail: String(cause).slice(0, 200) }, 'what became of an update could not be read');
    }
    this.#cancel = clock.after(LOOK_EVERY_MS, () => this.#look());
  }

  #settle(outcome: UpdaterOutcome | undefined): void {
    const { clock, tell, changed } = this.#options;
    const number = outcome?.number ?? 0;
    const isNews = this.#number !== undefined && this.#number !== number;
    this.#number = number;
    if (isNews) changed();
    if (this.#pending === undefined) return;
    const { release, command } = this.#pending;
    const last = outcome?.last?.command === command ? outcome.last : undefined;
    const isLate = clock.monotonic() - this.#pendingSince > ANSWER_WITHIN_MS;
    if (last === undefined && !isLate) return;
    const why = last === undefined ? 'no-answer' : last.why;
    const told = {
      release,
      outcome: last?.outcome ?? 'refused',
      ...(why === undefined ? {} : { why }),
    } as const;
    if (!tell(told)) return;
    rmSync(this.#request, { force: true });
    this.#pending = undefined;
  }

  /** A journal that cannot be written now can be later. */
  #tellUntold(): void {
    this.#untold = this.#untold.slice(-UNTOLD_MAX).filter((told) => !this.#options.tell(told));
  }

  #outcome(): UpdaterOutcome | undefined {
    return readSmall(join(this.#options.updater, OUTCOME_FILE), updaterOutcome);
  }

  #pendingRequest(): UpdateRequest | undefined {
    try {
      return readSmall(this.#request, updateRequest);
    } catch {
      rmSync(this.#request, { force: true });
      return undefined;
    }
  }
}

const UNTOLD_MAX = 8;
