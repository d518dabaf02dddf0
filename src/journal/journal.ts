import { assert, err, ok, type Result, toHex, unixSeconds, wallMs } from '../base/index.ts';
import type { Receipt } from '../ports/index.ts';
import {
  type BatchDraft,
  type ChainedRow,
  isWellFormedText,
  type JournalHead,
  type MemoryChange,
  memoryChange,
} from '../wire/index.ts';
import { type ChainEnd, linkBatch } from './chain.ts';
import type { Checkpoint } from './checkpoints-table.ts';
import { errorMessage } from './error-message.ts';
import { Damage, faultOf, type JournalFault } from './faults.ts';
import { checkPages, verifyFromDisk, verifyInBackground } from './integrity.ts';
import { JournalFile } from './journal-file.ts';
import type {
  CheckpointTime,
  Journal,
  JournalHealth,
  JournalOptions,
  Priority,
  VerifyReport,
} from './journal-types.ts';
import {
  APPEND_MEMORY_MAX,
  APPEND_ROWS_MAX,
  FAULTS_BEFORE_REOPENING,
  FULL_DISK_BYTES,
  UNSENT_KEPT_MS_MIN,
} from './limits.ts';
import { Listeners } from './listeners.ts';
import type { OpenedAt, OpenedStore } from './opening.ts';
import { type PurgeReport, type PurgeRequest, purgeSpan } from './purge.ts';
import { mintReceipt } from './receipts.ts';
import { freeBytes, Reserve } from './reserve.ts';
import { listSetAside, removeSetAside } from './set-aside.ts';
import { type CursorPosition, wireHead } from './store.ts';

/**
 * The gate's journal on SQLite (WAL, synchronous = FULL). What `append` acknowledges is on the disk, chained and gapless;
 * what it does not acknowledge is not half there. It never throws for a bad disk and never refuses to be opened.
 */
export function openJournal(options: JournalOptions): Journal {
  return new SqliteJournal(options);
}

interface Written {
  readonly id: string;
  readonly rows: readonly ChainedRow[];
}

class SqliteJournal implements Journal {
  readonly #options: JournalOptions;
  readonly #file: JournalFile;
  readonly #reserve: Reserve;
  readonly #listeners = new Listeners();
  #memoryKnown: boolean;
  #fault: JournalFault | undefined;
  #faultsInARow = 0;
  #damage: { readonly detail: string; readonly journal: string | undefined } | undefined;
  #closed = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#file = new JournalFile(options);
    this.#reserve = new Reserve(options.file, options.reserveBytes);
    this.#memoryKnown = this.#begun();
    this.#reserve.ensure();
  }

  get head(): JournalHead | undefined {
    return this.#file.head;
  }

  append(
    drafts: readonly BatchDraft[],
    memory: readonly MemoryChange[],
    priority: Priority,
  ): Result<readonly Receipt[], JournalFault> {
    checkBatch(drafts, memory);
    const written =
      priority === 'manual' ? this.#writeManual(drafts, memory) : this.#writeForCode(drafts, memory);
    if (!written.ok) return written;
    // With the reserve gone the log is kept short, so that what is left lasts.
    if (!this.#reserve.whole) this.maintain();
    const { id, rows } = written.value;
    this.#listeners.tell(rows);
    return ok(rows.map(({ seq, hash }) => mintReceipt(id, seq, hash)));
  }

  loadMemory(): readonly MemoryChange[] {
    const loaded = this.#tried(() => this.#file.open().store.memory());
    this.#memoryKnown = this.#memoryKnown || loaded.ok;
    return loaded.ok ? loaded.value : [];
  }

  cursor(name: string): CursorPosition | undefined {
    const found = this.#tried(() => this.#file.open().store.cursor(name));
    return found.ok ? found.value : undefined;
  }

  moveCursor(name: string, position: CursorPosition): Result<boolean, JournalFault> {
    const found = this.#tried(() => {
      const { store } = this.#file.open();
      return { row: store.rows.raw(position.seq), present: store.cursor(name)?.seq ?? 0 };
    });
    if (!found.ok) return found;
    const { row, present } = found.value;
    if (row === undefined || toHex(row.hash) !== position.hash || present >= row.seq) return ok(false);
    return this.#wrote(() => {
      const { store } = this.#file.open();
      store.transaction(() => store.setCursor(name, row));
      return true;
    });
  }

  async checkpoint(
    time: CheckpointTime,
    seq?: number,
  ): Promise<Result<Checkpoint | undefined, JournalFault>> {
    const { sign } = this.#options;
    const asked = this.#tried(() => {
      const { store, id, end } = this.#file.open();
      return { id, row: store.rows.raw(seq ?? end.seq), present: store.checkpoints.newest() };
    });
    if (!asked.ok) return asked;
    const { id, row, present } = asked.value;
    if (sign === undefined || row === undefined) return ok(undefined);
    if (present?.seq === row.seq) return ok(present);
    const about = wireHead(id, row);
    const claims = {
      iat: unixSeconds(time.at),
      journal: id,
      seq: about.seq,
      hash: about.hash,
      clock: time.clock,
    };
    try {
      const jwt = await sign(claims);
      return this.#wrote(() => this.#keepCheckpoint(id, row, { at: time.at, jwt }));
    } catch (cause) {
      return err({ code: 'unsigned', detail: errorMessage(cause) });
    }
  }

  lastCheckpoint(): Checkpoint | undefined {
    const found = this.#tried(() => this.#file.open().store.checkpoints.newest());
    return found.ok ? found.value : undefined;
  }

  async verifyRest(reach: 'rest' | 'whole' = 'rest'): Promise<VerifyReport> {
    const { opened } = this.#file;
    if (opened === undefined)
      return { state: 'unread', detail: this.#fault?.detail ?? 'the journal is closed' };
    const { store, verifiedFrom, end } = opened;
    const stopped = () => this.#file.opened?.store !== store;
    try {
      const { file } = this.#options;
      const followed =
        reach === 'rest'
          ? await verifyInBackground(store.rows, verifiedFrom, stopped)
          : await verifyFromDisk(file, end.seq, stopped);
      if (!followed) return { state: 'unread', detail: 'the file was closed' };
      await checkPages(file);
      return { state: 'whole', rows: end.seq };
    } catch (cause) {
      return this.#verdictOf(cause, opened);
    }
  }

  startAnew(opened: OpenedAt): Result<JournalHead, JournalFault> {
    return this.#wrote(() => this.#file.startAnew(opened));
  }

  purge(request: PurgeRequest): Result<PurgeReport, JournalFault> {
    return this.#wrote(() => {
      const { store } = this.#file.open();
      const span = purgeSpan(store.rows, request);
      const { memory } = store.purge(span, unixSeconds(request.now));
      this.#removeOldSetAside(request);
      const wiped = store.truncateWal();
      return { rows: span.to - span.from + 1, memory, purgedUpTo: span.to, more: span.more, wiped };
    });
  }

  maintain(): void {
    this.#tried(() => {
      this.#file.open().store.tidyWal();
    });
    this.#reserve.ensure();
  }

  onAppend(listener: (rows: readonly ChainedRow[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  health(): JournalHealth {
    const free = freeBytes(this.#options.file);
    // Damage of a file that has been set aside meanwhile is not this journal's.
    const damage = this.#damage?.journal === this.head?.id ? this.#damage?.detail : undefined;
    return {
      writable: this.#writable,
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
      ...(damage === undefined ? {} : { damage }),
      ...(free === undefined ? {} : { freeBytes: free }),
      reserve: this.#reserve.whole ? 'whole' : 'released',
      memoryKnown: this.#memoryKnown,
      listenerFaults: this.#listeners.faults,
    };
  }

  close(): void {
    this.#file.close();
    this.#closed = true;
  }

  /** A start on a full disk needs some blocks for the log before anything can even be read. */
  #begun(): boolean {
    const first = this.#tried(() => this.#file.open());
    if (first.ok || first.error.code !== 'disk-full' || !this.#reserve.whole) return first.ok;
    this.#reserve.release();
    return this.#tried(() => this.#file.open()).ok;
  }

  get #writable(): boolean {
    return this.#file.opened !== undefined && this.#fault === undefined;
  }

  /** Only while the reserve is whole, and only when it is known which codes were used before. */
  #writeForCode(
    drafts: readonly BatchDraft[],
    memory: readonly MemoryChange[],
  ): Result<Written, JournalFault> {
    if (this.#closed) return this.#write(drafts, memory);
    if (!this.#memoryKnown)
      return err(this.#fault ?? { code: 'io', detail: 'what was remembered has not been read' });
    if (!this.#reserve.ensure())
      return err({ code: 'disk-full', detail: 'only the reserve for manual openings is left' });
    return this.#write(drafts, memory);
  }

  /** May use up the reserve. */
  #writeManual(
    drafts: readonly BatchDraft[],
    memory: readonly MemoryChange[],
  ): Result<Written, JournalFault> {
    const written = this.#write(drafts, memory);
    if (written.ok || written.error.code !== 'disk-full' || !this.#reserve.whole) return written;
    this.#reserve.release();
    return this.#write(drafts, memory);
  }

  /**
   * What SQLite finds corrupt while it writes may be its own handle, so the file is opened and checked again first.
   * If that does not help the file is set aside: this batch is refused, the next one stands in a new journal.
   */
  #write(drafts: readonly BatchDraft[], memory: readonly MemoryChange[]): Result<Written, JournalFault> {
    if (this.#faultsInARow >= FAULTS_BEFORE_REOPENING) this.#file.shut();
    const first = this.#writeOnce(drafts, memory);
    if (first.ok || first.error.code !== 'corrupt') return first;
    this.#file.shut();
    const second = this.#writeOnce(drafts, memory);
    if (!second.ok && second.error.code === 'corrupt') this.#wrote(() => this.#file.startAnew());
    return second;
  }

  #writeOnce(drafts: readonly BatchDraft[], memory: readonly MemoryChange[]): Result<Written, JournalFault> {
    return this.#wrote(() => {
      const { id, store, end } = this.#file.open();
      const linked = linkBatch(end, this.#file.anew ? withoutOldEntries(drafts, end.seq) : drafts);
      store.write({ id, raws: linked.raws, memory, end: linked.end });
      const last = linked.rows.at(-1);
      if (last !== undefined)
        this.#file.moved(linked.end, { at: wallMs(Date.parse(last.at)), clock: last.clock });
      return { id, rows: linked.rows };
    });
  }

  #keepCheckpoint(
    id: string,
    row: ChainEnd,
    signed: { readonly at: number; readonly jwt: string },
  ): Checkpoint | undefined {
    const { store, id: present } = this.#file.open();
    if (present !== id) return undefined;
    store.transaction(() => store.checkpoints.put(row.seq, row.hash, signed));
    return store.checkpoints.newest(row.seq);
  }

  #verdictOf(cause: unknown, opened: OpenedStore): VerifyReport {
    const fault = faultOf(cause);
    if (fault.code !== 'corrupt' || this.#file.opened?.store !== opened.store)
      return { state: 'unread', detail: fault.detail };
    this.#damage = { detail: fault.detail, journal: opened.id };
    const seq = cause instanceof Damage ? cause.seq : undefined;
    return { state: 'damaged', detail: fault.detail, ...(seq === undefined ? {} : { seq }) };
  }

  #removeOldSetAside(request: PurgeRequest): void {
    const before = Math.min(request.olderThan, request.now - UNSENT_KEPT_MS_MIN);
    for (const { file, at } of listSetAside(this.#options.file)) if (at < before) removeSetAside(file);
  }

  /** As `#tried`, for work that ends with a durable write: only that proves that the disk can be written again. */
  #wrote<Value>(work: () => Value): Result<Value, JournalFault> {
    const done = this.#tried(work);
    if (done.ok) {
      this.#fault = undefined;
      this.#faultsInARow = 0;
    }
    return done;
  }

  /** Turns what a bad disk throws into a fault, and remembers it for `health`. */
  #tried<Value>(work: () => Value): Result<Value, JournalFault> {
    if (this.#closed) return err({ code: 'closed', detail: 'the journal is closed' });
    try {
      return ok(work());
    } catch (cause) {
      const fault = this.#precise(faultOf(cause));
      this.#fault = fault;
      if (fault.code === 'io' || fault.code === 'corrupt') this.#faultsInARow += 1;
      if (fault.code === 'corrupt') this.#damage = { detail: fault.detail, journal: this.head?.id };
      return err(fault);
    }
  }

  /** SQLite tells some failures of a full disk (a sync, the shared memory file) as input-output errors. */
  #precise(fault: JournalFault): JournalFault {
    const free = fault.code === 'io' ? freeBytes(this.#options.file) : undefined;
    return free !== undefined && free < FULL_DISK_BYTES ? { code: 'disk-full', detail: fault.detail } : fault;
  }
}

function checkBatch(drafts: readonly BatchDraft[], memory: readonly MemoryChange[]): void {
  assert(drafts.length <= APPEND_ROWS_MAX, 'a batch holds so many rows at most');
  assert(memory.length <= APPEND_MEMORY_MAX, 'a batch holds so many changes of memory at most');
  for (const change of memory) {
    assert(memoryChange.safeParse(change).success, 'a change of memory has the fields of the wire');
    assert(isWellFormedText(change.key + (change.value ?? '')), 'memory is well-formed text');
  }
}

/** Entries that lie behind the beginning of the new journal can not be named in it. */
function withoutOldEntries(drafts: readonly BatchDraft[], before: number): readonly BatchDraft[] {
  return drafts.map((draft) => {
    if (draft.entry === undefined || draft.entry <= before) return draft;
    const { entry: _old, ...rest } = draft;
    return rest;
  });
}
