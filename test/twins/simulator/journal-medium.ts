import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  accessSync,
  constants,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedRandom } from '../../../device/sim/index.ts';
import { toHex } from '../../../src/base/index.ts';
import { type Journal, type OpenedAt, openJournal, type StoredRow } from '../../../src/journal/index.ts';
import { openJournalReader } from '../../../src/journal/reading.ts';
import { TEST_RESERVE_BYTES } from '../../../src/journal/testing.ts';
import { journalDisk, JournalModel } from './journal-model.ts';

/** Where a simulated gate's journal lies: it outlives the process, and is cut with the power. */
export interface JournalMedium {
  open(opened: OpenedAt): Journal;
  /** The process is gone in the middle of whatever it did. */
  cut(): void;
  /** Every row that is durable now. */
  rows(): readonly StoredRow[];
  /** Reads fail until told otherwise; only the model can. */
  setUnreadable(unreadable: boolean): boolean;
  remove(): void;
}

export function modelMedium(random: SimulatedRandom): JournalMedium {
  const disk = journalDisk(toHex(random.bytes(16)));
  return {
    open: (opened) => new JournalModel(disk, opened),
    cut: () => undefined,
    rows: () => disk.rows,
    setUnreadable: (unreadable) => {
      disk.unreadable = unreadable;
      return true;
    },
    remove: () => undefined,
  };
}

/** A real journal on a file system in memory. A cut leaves what the file held, sometimes with a torn tail behind it. */
export function realMedium(random: SimulatedRandom): JournalMedium {
  return new FileMedium(random);
}

const FILES = ['journal.sqlite', 'journal.sqlite-wal', 'journal.sqlite.reserve'];
const TORN_BYTES_MAX = 5_000;
/** https://sqlite.org/fileformat2.html#walformat */
const WAL_HEADER_BYTES = 32;

class FileMedium implements JournalMedium {
  readonly #random: SimulatedRandom;
  #folder = newFolder();
  #journal: Journal | undefined;

  constructor(random: SimulatedRandom) {
    this.#random = random;
  }

  open(opened: OpenedAt): Journal {
    this.#journal = openJournal({
      file: this.#file,
      opened,
      random: (length) => this.#random.bytes(length),
      reserveBytes: TEST_RESERVE_BYTES,
    });
    return this.#journal;
  }

  cut(): void {
    const [from, to] = [this.#folder, newFolder()];
    for (const name of FILES) {
      if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
    }
    this.#folder = to;
    if (this.#random.below(3) === 0) this.#tear();
    this.#journal?.close();
    this.#journal = undefined;
    rmSync(from, { recursive: true, force: true });
  }

  rows(): readonly StoredRow[] {
    const reader = openJournalReader(this.#file);
    try {
      return [...reader.iterate()];
    } finally {
      reader.close();
    }
  }

  setUnreadable(): boolean {
    return false;
  }

  remove(): void {
    this.#journal?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, 'journal.sqlite');
  }

  /** A frame that was begun and never acknowledged. A log without its header was lengthened, and never written. */
  #tear(): void {
    const wal = join(this.#folder, 'journal.sqlite-wal');
    if (!existsSync(wal)) return;
    const length = 1 + this.#random.below(TORN_BYTES_MAX);
    const begun = statSync(wal).size >= WAL_HEADER_BYTES;
    appendFileSync(wal, begun ? this.#random.bytes(length) : new Uint8Array(length));
  }
}

function newFolder(): string {
  return mkdtempSync(join(memoryFolder(), 'menwei-simulator-'));
}

function memoryFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}
