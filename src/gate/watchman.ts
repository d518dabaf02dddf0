import { isoTime } from '../base/index.ts';
import type { Journal } from '../journal/index.ts';
import type { Clock, InboxItem, Log } from '../ports/index.ts';
import type { ClockReading } from '../time/index.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import type { AlarmPayload } from '../wire/index.ts';

/**
 * Looks after the gate itself: a journal that fails or comes back, a file that is damaged, documents that run out.
 * What can be recorded becomes a row like everything else; what cannot is still an alarm.
 */

const LOOK_EVERY_MS = 2_000;
/** A disk this empty is told while it can still be. */
export const LOW_DISK_BYTES = 64 * 1024 * 1024;

/** A journal that others cannot read is verified no oftener: it takes a while, and a disk that fails stays a while. */
const DOUBT_EVERY_MS = 60_000;

export interface Watched {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly now: () => ClockReading;
  readonly trust: () => TrustSnapshot;
  readonly take: (item: InboxItem) => void;
  readonly alarm: (alarm: AlarmPayload) => void;
  /** What is remembered is to be read again. */
  readonly journalReplaced: () => void;
  /** The number of verdicts that the journal did not take is offered to it. */
  readonly tellUnrecorded: () => void;
}

export class Watchman {
  readonly #watched: Watched;
  /** By document: the step that was told last, as long as it runs out. */
  #told = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #trouble = false;
  #doubtedAt = Number.NEGATIVE_INFINITY;
  /** The journal that stood here at the last look. */
  #journal: string | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  start(): void {
    this.look();
    this.#cancel = this.#watched.clock.after(LOOK_EVERY_MS, () => this.start());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  look(): void {
    this.#lookAtJournal();
    this.#watched.tellUnrecorded();
    this.#lookAtDocuments();
  }

  /** Damage that this finds is told by the journal's health, which the next look sees. */
  doubtJournal(): void {
    const { journal, clock, log } = this.#watched;
    if (clock.monotonic() - this.#doubtedAt < DOUBT_EVERY_MS) return;
    this.#doubtedAt = clock.monotonic();
    void journal
      .verifyRest('whole')
      .then((found) => log.warn({ journal: found.state }, 'rows could not be read; verified again'))
      .catch((cause: unknown) => log.error({ fault: String(cause) }, 'the journal could not be verified'));
  }

  #lookAtJournal(): void {
    const { journal, take, now, log } = this.#watched;
    const health = journal.health();
    if (health.damage !== undefined) this.#replace(health.damage);
    else if (!health.memoryKnown || this.#isAnother(journal.head?.id)) this.#watched.journalReplaced();
    this.#journal = journal.head?.id ?? this.#journal;
    const trouble = troubleOf(journal);
    if (trouble !== undefined && !this.#trouble) {
      log.error({ detail: trouble }, 'storage');
      if (health.writable) take({ type: 'system', event: 'storage', detail: trouble });
      else this.#watched.alarm(storageAlarm(journal, trouble, { at: isoTime(now().at), cleared: false }));
    }
    if (trouble === undefined && this.#trouble) {
      this.#watched.alarm(storageAlarm(journal, 'in order again', { at: isoTime(now().at), cleared: true }));
      take({ type: 'system', event: 'alarm-cleared', detail: 'storage' });
    }
    this.#trouble = trouble !== undefined;
  }

  /** It sets a file that it cannot write aside by itself, too. */
  #isAnother(id: string | undefined): boolean {
    return id !== undefined && this.#journal !== undefined && id !== this.#journal;
  }

  /** The damaged file is kept aside; a new journal goes on, and its first row names the old one. */
  #replace(damage: string): void {
    const { journal, log, now } = this.#watched;
    const { at, quality } = now();
    const begun = journal.startAnew({ at, clock: quality });
    log.error({ damage, begun: begun.ok }, 'the journal is damaged; it is set aside and a new one begun');
    this.#watched.journalReplaced();
  }

  /** Each step once; a document that was renewed and runs out again is told again. */
  #lookAtDocuments(): void {
    const { trust, now, take } = this.#watched;
    // An unsure clock says nothing about what runs out, not even that it does not.
    if (now().quality === 'unsure') return;
    const before = this.#told;
    this.#told = new Map();
    for (const { document, step, unit } of trust().warnings(now())) {
      this.#told.set(document, step);
      if (step < (before.get(document) ?? Number.POSITIVE_INFINITY))
        take({ type: 'system', event: 'expiry', detail: `${document}: ${step} ${unit}` });
    }
  }
}

function troubleOf(journal: Journal): string | undefined {
  const { writable, fault, reserve, freeBytes } = journal.health();
  if (!writable) return fault?.detail ?? 'the journal cannot be written';
  if (reserve === 'released') return 'only the reserve for manual openings is left';
  return freeBytes !== undefined && freeBytes < LOW_DISK_BYTES ? 'the disk is almost full' : undefined;
}

function storageAlarm(
  journal: Journal,
  detail: string,
  when: { readonly at: string; readonly cleared: boolean },
): AlarmPayload {
  const id = journal.head?.id ?? 'none';
  return { id: `${id.slice(0, 8)}-storage`, ...when, alarm: 'storage', detail: detail.slice(0, 200) };
}
