import { assert, err, ok, type Result } from '../../../src/base/index.ts';
import type {
  CursorPosition,
  Journal,
  JournalFault,
  OpenedAt,
  Priority,
  PurgeRequest,
  StoredRow,
} from '../../../src/journal/index.ts';
import { mintReceipt } from '../../../src/journal/testing.ts';
import type { Receipt } from '../../../src/ports/index.ts';
import type { BatchDraft, ChainedRow, JournalHead, MemoryChange, RowDraft } from '../../../src/wire/index.ts';
import { chained } from '../gate.ts';

/** What a journal has on its disk, over power cuts. */
export interface JournalDisk {
  readonly id: string;
  readonly rows: ChainedRow[];
  readonly memory: Map<string, MemoryChange>;
  readonly cursors: Map<string, CursorPosition>;
  /** The disk answers no read. */
  unreadable: boolean;
}

export function journalDisk(id: string): JournalDisk {
  return { id, rows: [], memory: new Map(), cursors: new Map(), unreadable: false };
}

/** The journal's promises without its file: what is acknowledged is on the disk, whole; what is not is not there at all. */
export class JournalModel implements Journal {
  readonly #disk: JournalDisk;
  readonly #listeners = new Set<(rows: readonly ChainedRow[]) => void>();
  #memoryKnown: boolean;
  #closed = false;

  constructor(disk: JournalDisk, opened: OpenedAt) {
    this.#disk = disk;
    this.#memoryKnown = !disk.unreadable;
    if (disk.rows.length > 0 || disk.unreadable) return;
    const at = new Date(opened.at).toISOString();
    disk.rows.push(chained(undefined, { at, clock: opened.clock, reason: 'journal-opened' }));
  }

  get head(): JournalHead | undefined {
    const last = this.#disk.rows.at(-1);
    return last === undefined || this.#disk.unreadable
      ? undefined
      : { id: this.#disk.id, seq: last.seq, hash: last.hash };
  }

  append(
    drafts: readonly BatchDraft[],
    memory: readonly MemoryChange[],
    priority: Priority,
  ): Result<readonly Receipt[], JournalFault> {
    const fault = this.#fault();
    if (fault !== undefined) return err(fault);
    if (priority !== 'manual' && !this.#memoryKnown)
      return err({ code: 'io', detail: 'what was remembered has not been read' });
    const rows = this.#link(drafts);
    this.#disk.rows.push(...rows);
    for (const change of memory) {
      if (change.value === undefined) this.#disk.memory.delete(change.key);
      else this.#disk.memory.set(change.key, change);
    }
    for (const listener of this.#listeners) listener(rows);
    return ok(rows.map(({ seq, hash }) => mintReceipt(this.#disk.id, seq, hash)));
  }

  loadMemory(): readonly MemoryChange[] {
    if (this.#fault() !== undefined) return [];
    this.#memoryKnown = true;
    return [...this.#disk.memory.values()];
  }

  cursor(name: string): CursorPosition | undefined {
    return this.#disk.cursors.get(name);
  }

  moveCursor(name: string, position: CursorPosition): Result<boolean, JournalFault> {
    const fault = this.#fault();
    if (fault !== undefined) return err(fault);
    const row = this.#disk.rows[position.seq - 1];
    const before = this.cursor(name)?.seq ?? 0;
    if (row?.hash !== position.hash || before >= position.seq) return ok(false);
    this.#disk.cursors.set(name, position);
    return ok(true);
  }

  async checkpoint() {
    return ok(undefined);
  }

  lastCheckpoint() {
    return undefined;
  }

  async verifyRest() {
    return { state: 'whole' as const, rows: this.#disk.rows.length };
  }

  startAnew(): Result<JournalHead, JournalFault> {
    return err({ code: 'io', detail: 'the model has one journal' });
  }

  /** Forgets memory whose time is over; rows keep their content. */
  purge({ now }: PurgeRequest) {
    const past = [...this.#disk.memory.values()].filter(
      ({ until }) => until !== undefined && until < Math.floor(now / 1_000),
    );
    for (const { key } of past) this.#disk.memory.delete(key);
    return ok({ rows: 0, memory: past.length, purgedUpTo: 0, more: false, wiped: true });
  }

  maintain(): void {
    // The model keeps no log.
  }

  onAppend(listener: (rows: readonly ChainedRow[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  health() {
    const fault = this.#fault();
    return {
      writable: fault === undefined,
      ...(fault === undefined ? {} : { fault }),
      reserve: 'whole' as const,
      memoryKnown: this.#memoryKnown,
      listenerFaults: 0,
    };
  }

  close(): void {
    this.#closed = true;
  }

  rows(): readonly StoredRow[] {
    return this.#disk.rows;
  }

  #fault(): JournalFault | undefined {
    if (this.#closed) return { code: 'closed', detail: 'closed' };
    return this.#disk.unreadable ? { code: 'io', detail: 'simulated: unreadable' } : undefined;
  }

  #link(drafts: readonly BatchDraft[]): ChainedRow[] {
    const rows: ChainedRow[] = [];
    const before = this.#disk.rows.at(-1);
    for (const [place, { entryOf, ...draft }] of drafts.entries()) {
      assert(entryOf === undefined || entryOf < place, 'entryOf is an earlier draft');
      const entry = entryOf === undefined ? {} : { entry: (before?.seq ?? 0) + entryOf + 1 };
      rows.push(chained(rows.at(-1) ?? before, { ...draft, ...entry } satisfies Partial<RowDraft>));
    }
    return rows;
  }
}
