import { equalBytes } from '../base/index.ts';
import type { JournalHead } from '../wire/index.ts';
import type { ChainEnd } from './chain.ts';
import { Damage, faultOf } from './faults.ts';
import { lockJournal } from './lock.ts';
import { type OpenedAt, type OpenedStore, type OpeningOptions, openStore } from './opening.ts';
import { setAside } from './set-aside.ts';
import { wireHead } from './store.ts';

/**
 * The journal's file over the life of the process: opened when it is needed, opened again after failures, set aside
 * when its bytes do not hold. Remembers the chain as it was acknowledged, and never goes on from anything else.
 */
export class JournalFile {
  readonly #options: OpeningOptions;
  #unlock: (() => void) | undefined;
  #opened: OpenedStore | undefined;
  #known: { readonly id: string; readonly end: ChainEnd } | undefined;
  #now: OpenedAt;
  #anew = false;

  constructor(options: OpeningOptions) {
    this.#options = options;
    this.#now = options.opened;
  }

  /** Undefined while the file is not open; a change of it means another handle or another journal. */
  get opened(): OpenedStore | undefined {
    return this.#opened;
  }

  /** The newest acknowledged row; stays known while the file can not be opened. */
  get head(): JournalHead | undefined {
    return this.#known === undefined ? undefined : wireHead(this.#known.id, this.#known.end);
  }

  /** A new journal was begun while the gate was at work: its sequence numbers say nothing about entries before. */
  get anew(): boolean {
    return this.#anew;
  }

  /** @throws what `openStore` throws; Damage never leaves a damaged file in place */
  open(): OpenedStore {
    if (this.#opened !== undefined) return this.#opened;
    this.#lock();
    const opened = this.#openOrSetAside();
    this.#opened = opened;
    this.#known = { id: opened.id, end: opened.end };
    return opened;
  }

  /** The chain has grown to here, durably. */
  moved(end: ChainEnd, now: OpenedAt): void {
    const opened = this.open();
    this.#opened = { ...opened, end };
    this.#known = { id: opened.id, end };
    this.#now = now;
  }

  /** @param now absent: the time of the newest row */
  startAnew(now: OpenedAt = this.#now): JournalHead {
    this.#now = now;
    this.shut();
    this.#lock();
    this.#setAside();
    const { id, end } = this.open();
    return wireHead(id, end);
  }

  /** Gives up the handle; the next `open` takes a new one. */
  shut(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    try {
      opened?.store.close();
    } catch {
      // A handle that can not even be closed is given up.
    }
  }

  close(): void {
    this.shut();
    this.#unlock?.();
    this.#unlock = undefined;
  }

  #lock(): void {
    this.#unlock ??= lockJournal(this.#options.file);
  }

  /** Damage counts when it shows twice: a file is not given up for one bad read. */
  #openOrSetAside(): OpenedStore {
    const found = this.#openUnlessDamaged() ?? this.#openUnlessDamaged();
    if (found !== undefined) return found;
    this.#setAside();
    return openStore({ ...this.#options, opened: this.#now });
  }

  #openUnlessDamaged(): OpenedStore | undefined {
    try {
      return this.#continuing(openStore({ ...this.#options, opened: this.#now }));
    } catch (cause) {
      if (faultOf(cause).code !== 'corrupt') throw cause;
      return undefined;
    }
  }

  /** A file opened again must still have every row that was acknowledged. */
  #continuing(opened: OpenedStore): OpenedStore {
    if (this.#known === undefined) return opened;
    const { id, end } = this.#known;
    const row = opened.store.rows.raw(end.seq);
    if (opened.id === id && row !== undefined && equalBytes(row.hash, end.hash)) return opened;
    opened.store.close();
    throw new Damage('rows that were acknowledged are gone');
  }

  #setAside(): void {
    setAside(this.#options.file, this.#now.at);
    this.#anew = this.#anew || this.#known !== undefined;
    this.#known = undefined;
  }
}
