import { isoTime } from '../base/index.ts';
import type { Journal } from '../journal/index.ts';
import type { Clock, InboxItem, Log } from '../ports/index.ts';
import type { ClockReading } from '../time/index.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import type { AlarmPayload } from '../wire/index.ts';
import { alarmId, type RowNumber } from './alarm.ts';
import type { MachineChange } from './machine-watch.ts';

/**
 * Looks after the gate itself: a journal that fails or comes back, a file that is damaged, documents that run out, a machine
 * that is hot, weakly fed or on a slow card.
 * What can be recorded becomes a row like everything else; what cannot is still an alarm.
 */

const LOOK_EVERY_MS = 2_000;
/** The kernel shows a dip of the supply for two seconds (drivers/hwmon/raspberrypi-hwmon.c): a look that comes late sees it still. */
const MACHINE_LOOK_EVERY_MS = 1_000;
/** A disk this empty is told while it can still be. */
export const LOW_DISK_BYTES = 64 * 1024 * 1024;

/** A journal that others cannot read is verified no oftener: it takes a while, and a disk that fails stays a while. */
const DOUBT_EVERY_MS = 60_000;

/** Detail of the alarm, which the guard's page words. */
export const SLOW_CARD = 'slow';
const MACHINE_WORDS = { temperature: 'hot', power: 'undervoltage' } as const;

export interface Watched {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly now: () => ClockReading;
  readonly trust: () => TrustSnapshot;
  /** @returns the first row; undefined where none could be written */
  readonly take: (item: InboxItem) => RowNumber | undefined;
  readonly alarm: (alarm: AlarmPayload) => void;
  readonly machine: {
    /** Judges the machine as it is now. @returns what is another since the last time */
    readonly look: () => readonly MachineChange[];
    /** What screens say of the gate is another. */
    readonly changed: () => void;
  };
  /** What is remembered is to be read again. */
  readonly journalReplaced: () => void;
  /** The number of verdicts that the journal did not take is offered to it. */
  readonly tellUnrecorded: () => void;
}

export class Watchman {
  readonly #watched: Watched;
  /** By document: the step that was told last, as long as it runs out. */
  #told = new Map<string, number>();
  /** By what it looks at. */
  readonly #cancels = new Map<() => void, () => void>();
  /** Id of the storage alarm that stands: what clears it bears the same. */
  #storage: string | undefined;
  #slowCard: string | undefined;
  #doubtedAt = Number.NEGATIVE_INFINITY;
  /** The journal that stood here at the last look. */
  #journal: string | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  start(): void {
    this.#every(LOOK_EVERY_MS, () => this.#lookAtRecords());
    this.#every(MACHINE_LOOK_EVERY_MS, () => this.#lookAtMachine());
  }

  stop(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  look(): void {
    this.#lookAtRecords();
    this.#lookAtMachine();
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

  #every(pauseMs: number, look: () => void): void {
    look();
    this.#cancels.set(
      look,
      this.#watched.clock.after(pauseMs, () => this.#every(pauseMs, look)),
    );
  }

  #lookAtRecords(): void {
    this.#lookAtJournal();
    this.#watched.tellUnrecorded();
    this.#lookAtDocuments();
  }

  #lookAtJournal(): void {
    const { journal, log } = this.#watched;
    const health = journal.health();
    if (health.damage !== undefined) this.#replace(health.damage);
    else if (!health.memoryKnown || this.#isAnother(journal.head?.id)) this.#watched.journalReplaced();
    this.#journal = journal.head?.id ?? this.#journal;
    const trouble = troubleOf(journal);
    if (trouble !== undefined && this.#storage === undefined) {
      log.error({ detail: trouble }, 'storage');
      this.#storage = health.writable ? this.#raise(trouble) : this.#unwritten(trouble);
    } else if (trouble === undefined && this.#storage !== undefined) {
      this.#clear(this.#storage);
      this.#storage = undefined;
    }
  }

  /** @returns the alarm's id, which its row gives it */
  #raise(detail: string): string {
    const receipt = this.#watched.take({ type: 'system', event: 'storage', detail });
    return receipt === undefined ? this.#unwritten(detail) : alarmId(receipt, 'storage');
  }

  /** An alarm for which there is no row. */
  #unwritten(detail: string): string {
    const id = `${(this.#watched.journal.head?.id ?? 'none').slice(0, 8)}-storage`;
    this.#alarm({ id, detail, cleared: false });
    return id;
  }

  #clear(id: string): void {
    this.#alarm({ id, detail: 'in order again', cleared: true });
    this.#watched.take({ type: 'system', event: 'alarm-cleared', detail: 'storage' });
  }

  #alarm({ id, detail, cleared }: Pick<AlarmPayload, 'id' | 'cleared'> & { readonly detail: string }): void {
    const at = isoTime(this.#watched.now().at);
    this.#watched.alarm({ id, at, alarm: 'storage', cleared, detail: detail.slice(0, 200) });
  }

  /** Heat and a weak supply are told by their rows and by health; a slow card is an alarm of the storage, too. */
  #lookAtMachine(): void {
    const { machine, take, log } = this.#watched;
    const changes = machine.look();
    for (const { trouble, stands } of changes) {
      log.warn({ trouble, stands }, 'the machine');
      if (trouble !== 'storage-slow')
        take({ type: 'system', event: trouble, detail: stands ? MACHINE_WORDS[trouble] : 'in-order' });
      else if (stands) this.#slowCard = this.#raise(SLOW_CARD);
      else if (this.#slowCard !== undefined) this.#clear(this.#slowCard);
    }
    if (changes.length > 0) machine.changed();
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
