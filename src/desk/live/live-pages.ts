import type { StreamEnds } from '../../http/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { ChainedRow, GuardAlarm, GuardMessage, GuardState } from '../../wire/index.ts';
import type { SessionEnd } from '../accounts/sessions.ts';
import type { Guard } from '../guard.ts';
import type { DeskWork } from '../work.ts';
import { entryOfRow, isShown } from './entry-of-row.ts';
import { ENTRIES_KEPT_MAX, LOOK_EVERY_MS, PAGES_MAX } from './limits.ts';

/**
 * Tells the guards' pages what happens: the state of the gate, its entries once their rows are durable, its alarms. Nobody
 * waits for a page, and a silent alarm is told to none.
 */
export interface LivePagesParts {
  readonly work: Pick<DeskWork, 'state' | 'onChange' | 'trust'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Alarms that are open, and the last ones that were acknowledged. */
  readonly alarms: () => readonly GuardAlarm[];
}

interface Page extends StreamEnds {
  readonly session: string;
}

export class LivePages {
  readonly #parts: LivePagesParts;
  readonly #pages = new Set<Page>();
  #entries: { readonly row: ChainedRow; readonly id: string }[] = [];
  #journal = '';
  #told = '';
  #ends: (() => void)[] = [];
  #ready = false;

  constructor(parts: LivePagesParts) {
    this.#parts = parts;
  }

  /** The rows of before are through. */
  start(): void {
    this.#ready = true;
    this.#ends.push(this.#parts.work.onChange(() => this.#look()));
    this.#lookAgain();
  }

  stop(): void {
    for (const end of this.#ends.splice(0)) end();
    for (const page of this.#pages) page.finish();
  }

  /** A row is durable. */
  row(row: ChainedRow, journal: string): void {
    if (!isShown(row)) return;
    // Rows of another journal have numbers that mean nothing in this one.
    if (journal !== this.#journal) this.#entries = [];
    this.#journal = journal;
    const entry = { row, id: `${journal.slice(0, 8)}-${row.seq}` };
    this.#entries = [...this.#entries, entry].slice(-ENTRIES_KEPT_MAX);
    for (const page of this.#pages) this.#tellEntry(page, entry);
  }

  alarm(alarm: GuardAlarm): void {
    for (const page of this.#pages) tell(page, alarm);
  }

  signedOut({ session }: Guard, why: SessionEnd): void {
    for (const page of this.#pages) {
      if (page.session !== session) continue;
      tell(page, { type: 'signed-out', why });
      page.finish();
    }
  }

  /**
   * @param lastId of the newest entry that the page has: it is told those that follow
   * @returns what ends it; undefined: all places are taken, or the desk is still starting
   */
  listen({ session }: Guard, ends: StreamEnds, lastId?: string): (() => void) | undefined {
    if (!this.#ready || this.#pages.size >= PAGES_MAX) return undefined;
    const page: Page = { ...ends, session };
    this.#pages.add(page);
    tell(page, { type: 'state', ...this.#parts.work.state() });
    for (const alarm of this.#parts.alarms()) tell(page, alarm);
    const known = this.#entries.findIndex(({ id }) => id === lastId);
    for (const entry of this.#entries.slice(known + 1)) this.#tellEntry(page, entry);
    return () => this.#pages.delete(page);
  }

  #tellEntry(page: Page, { row, id }: { readonly row: ChainedRow; readonly id: string }): void {
    tell(page, entryOfRow(row, this.#parts.work.trust()), id);
  }

  #lookAgain(): void {
    this.#look();
    this.#ends = [...this.#ends.slice(0, 1), this.#parts.clock.after(LOOK_EVERY_MS, () => this.#lookAgain())];
  }

  /** Tells only what has changed: an age by the minute, the time not at all. */
  #look(): void {
    if (this.#pages.size === 0) return;
    const state = this.#parts.work.state();
    const coarse = JSON.stringify(coarsely(state));
    if (coarse === this.#told) return;
    this.#told = coarse;
    for (const page of this.#pages) tell(page, { type: 'state', ...state });
  }
}

function tell({ push }: StreamEnds, message: GuardMessage, id?: string): void {
  push({ event: message.type, data: JSON.stringify(message), ...(id === undefined ? {} : { id }) });
}

/** Problems whose amount is an age in seconds. */
const AGES = new Set(['uplink', 'trust-stale', 'trust-flagged', 'keyset-expired']);
const MINUTE_SECONDS = 60;
const MINUTE_TEXT = 'yyyy-mm-ddThh:mm'.length;

function coarsely({ at, uplink, problems, ...state }: Omit<GuardState, 'type'>): object {
  return {
    ...state,
    at: at.slice(0, MINUTE_TEXT),
    uplink: { ...uplink, heardAt: uplink.heardAt?.slice(0, MINUTE_TEXT) },
    problems: problems.map(({ amount, ...problem }) => ({
      ...problem,
      amount:
        amount !== undefined && AGES.has(problem.problem) ? Math.floor(amount / MINUTE_SECONDS) : amount,
    })),
  };
}
