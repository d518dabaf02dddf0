import { toHex } from '../../../base/index.ts';
import type { Clock, Random } from '../../../ports/index.ts';
import type { ImportReport } from '../../registry/import/import.ts';
import { LISTS_KEPT_MAX, TICKET_MS } from '../limits.ts';

/**
 * Lists of communities that were looked through and wait to be taken: few, in memory alone, for minutes, and for the session
 * that sent them. They hold people's data, so they are forgotten by the clock and not when somebody asks next.
 */
export interface KeptList {
  readonly community: number;
  readonly report: ImportReport;
  /** Absent: it was taken. */
  readonly bytes?: Uint8Array;
}

export class KeptLists {
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #kept = new Map<
    string,
    { readonly list: KeptList; readonly session: string; readonly cancel: () => void }
  >();

  constructor({ random, clock }: { readonly random: Random; readonly clock: Clock }) {
    this.#random = random;
    this.#clock = clock;
  }

  /** The oldest makes room. @returns its ticket */
  keep(session: string, list: KeptList): string {
    const ticket = toHex(this.#random.bytes(16));
    this.#put(ticket, session, list);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > LISTS_KEPT_MAX && oldest !== undefined) this.drop(oldest);
    return ticket;
  }

  look(session: string, ticket: string): KeptList | undefined {
    const kept = this.#kept.get(ticket);
    return kept?.session === session ? kept.list : undefined;
  }

  /** It was taken: what was done is shown, and the list itself is gone. */
  taken(session: string, ticket: string, { community, report }: Omit<KeptList, 'bytes'>): void {
    this.drop(ticket);
    this.#put(ticket, session, { community, report });
  }

  drop(ticket: string): void {
    this.#kept.get(ticket)?.cancel();
    this.#kept.delete(ticket);
  }

  /** Forgets all of them. */
  clear(): void {
    for (const ticket of this.#kept.keys()) this.drop(ticket);
  }

  #put(ticket: string, session: string, list: KeptList): void {
    const cancel = this.#clock.after(TICKET_MS, () => void this.#kept.delete(ticket));
    this.#kept.set(ticket, { list, session, cancel });
  }
}
