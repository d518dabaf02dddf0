import { err, type Result } from '../../../src/base/index.ts';
import type {
  CheckpointTime,
  CursorPosition,
  Journal,
  JournalFault,
  OpenedAt,
  Priority,
  PurgeRequest,
} from '../../../src/journal/index.ts';
import type { Receipt } from '../../../src/ports/index.ts';
import type { BatchDraft, ChainedRow, MemoryChange } from '../../../src/wire/index.ts';
import type { Seen } from './trace.ts';

/** What goes wrong with the next appends. */
export interface JournalTrouble {
  readonly code: 'disk-full' | 'io';
  /** `code`: only the reserve for manual openings is left, neither for scans nor for words of the network. */
  readonly for: 'code' | 'all';
  left: number;
}

/** Where the process dies: with nothing of the next batch durable, or with all of it, before it hears so. */
export type CutPoint = 'before-commit' | 'after-commit';

export interface JournalWatch {
  readonly tell: (seen: Seen) => void;
  readonly alive: () => boolean;
  readonly trouble: () => JournalTrouble | undefined;
  /** @returns where to die in this append, once */
  readonly cutPoint: () => CutPoint | undefined;
  readonly die: () => void;
}

/** A journal that is watched from outside, fails when it is told to, and takes nothing from a dead process. */
export class TracedJournal implements Journal {
  readonly #inner: Journal;
  readonly #watch: JournalWatch;
  readonly #listeners = new Set<(rows: readonly ChainedRow[]) => void>();
  #fault: JournalFault | undefined;

  constructor(inner: Journal, watch: JournalWatch) {
    this.#inner = inner;
    this.#watch = watch;
    inner.onAppend((rows) => {
      this.#appended = rows;
    });
  }

  #appended: readonly ChainedRow[] = [];

  get head() {
    return this.#inner.head;
  }

  append(
    drafts: readonly BatchDraft[],
    memory: readonly MemoryChange[],
    priority: Priority,
  ): Result<readonly Receipt[], JournalFault> {
    const { tell, alive, die, cutPoint } = this.#watch;
    if (!alive()) return err({ code: 'closed', detail: 'the process is gone' });
    const fault = this.#troubleFor(priority);
    if (fault !== undefined) return this.#failed(fault, drafts, priority);
    const cut = cutPoint();
    if (cut === 'before-commit') {
      die();
      return err({ code: 'io', detail: 'the process is gone' });
    }
    this.#appended = [];
    const written = this.#inner.append(drafts, memory, priority);
    if (!written.ok) return this.#failed(written.error, drafts, priority);
    this.#fault = undefined;
    const journal = written.value[0]?.journalId ?? this.#inner.head?.id ?? '';
    const heard = cut === undefined;
    tell({ type: 'appended', journal, rows: this.#rowsOf(written.value), memory, heard });
    if (cut !== undefined) die();
    else for (const listener of this.#listeners) listener(this.#appended);
    return written;
  }

  loadMemory() {
    return this.#inner.loadMemory();
  }

  cursor(name: string) {
    return this.#inner.cursor(name);
  }

  moveCursor(name: string, position: CursorPosition) {
    const fault = this.#troubleFor('manual');
    const moved = fault === undefined ? this.#inner.moveCursor(name, position) : err(fault);
    const journal = this.#inner.head?.id ?? '';
    if (moved.ok && moved.value) this.#watch.tell({ type: 'cursor', journal, ...position });
    return moved;
  }

  checkpoint(time: CheckpointTime, seq?: number) {
    return this.#inner.checkpoint(time, seq);
  }

  lastCheckpoint() {
    return this.#inner.lastCheckpoint();
  }

  verifyRest() {
    return this.#inner.verifyRest();
  }

  startAnew(opened: OpenedAt) {
    return this.#inner.startAnew(opened);
  }

  purge(request: PurgeRequest) {
    if (!this.#watch.alive()) return err<JournalFault>({ code: 'closed', detail: 'the process is gone' });
    this.#watch.tell({ type: 'purged', seconds: Math.floor(request.now / 1_000) });
    return this.#inner.purge(request);
  }

  maintain(): void {
    if (this.#watch.alive()) this.#inner.maintain();
  }

  onAppend(listener: (rows: readonly ChainedRow[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  health() {
    const inner = this.#inner.health();
    return this.#fault === undefined ? inner : { ...inner, writable: false, fault: this.#fault };
  }

  close(): void {
    this.#inner.close();
  }

  #troubleFor(priority: Priority): JournalFault | undefined {
    const trouble = this.#watch.trouble();
    if (trouble === undefined || (trouble.for === 'code' && priority === 'manual')) return undefined;
    trouble.left -= 1;
    return { code: trouble.code, detail: 'simulated' };
  }

  #failed(fault: JournalFault, drafts: readonly BatchDraft[], priority: Priority) {
    this.#fault = fault;
    this.#watch.tell({ type: 'append-failed', priority, drafts });
    return err(fault);
  }

  /** As the journal itself told them, or, where it told none, as far as the receipts go. */
  #rowsOf(receipts: readonly Receipt[]): readonly ChainedRow[] {
    return this.#appended.length === receipts.length ? this.#appended : [];
  }
}
