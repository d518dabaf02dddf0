import { existsSync } from 'node:fs';
import { type WallMs, wallMs } from '../../base/index.ts';
import type { Journal } from '../../journal/index.ts';
import { type JournalReader, openJournalReader, READ_ROWS_MAX } from '../../journal/reading.ts';
import type { CursorStore, JournalSource } from '../../report/index.ts';
import { GENESIS_HASH, type JournalHead } from '../../wire/index.ts';

/**
 * The journal as reporting reads it, by a connection that cannot write; only the cursor goes back, by the journal's own hand.
 * While no journal can be opened it is an empty one without a name, so that the gate still reports what it can.
 */

const CURSOR = 'district';
const NO_JOURNAL: JournalHead = { id: '0'.repeat(32), seq: 0, hash: GENESIS_HASH };
/**
 * Rows that are looked at, from the newest back, for one whose clock was sure. A reader that is flooded while the clock is unsure
 * writes two thousand at once and one in two seconds after that: four hours of it do not take the floor away.
 */
const LOOK_BACK_ROWS = 10_000;
/** Nearly always one of the newest is: what is read must be verified. */
const FIRST_LOOK_ROWS = 32;

/** @param doubt told of rows that could not be read: what is then to be believed of the file, its owner finds out */
export function journalSource(
  journal: Journal,
  file: string,
  doubt: () => void = () => undefined,
): { journal: JournalSource; cursor: CursorStore } {
  let reader: JournalReader | undefined;
  const reading = (): JournalReader => {
    reader ??= openJournalReader(file);
    return reader;
  };
  return {
    journal: {
      get id() {
        return (journal.head ?? NO_JOURNAL).id;
      },
      head: () => journal.head ?? NO_JOURNAL,
      rows(from, limit) {
        try {
          return reading().rows(from, limit);
        } catch (cause) {
          doubt();
          throw cause;
        }
      },
      onAppend: (listener) =>
        journal.onAppend((rows) => {
          for (const row of rows) listener(row);
        }),
    },
    cursor: {
      load() {
        const held = journal.cursor(CURSOR);
        return held === undefined || journal.head === undefined
          ? undefined
          : { journal: journal.head.id, ...held };
      },
      store(cursor) {
        if (cursor.journal !== journal.head?.id) return;
        const moved = journal.moveCursor(CURSOR, { seq: cursor.seq, hash: cursor.hash });
        if (!moved.ok) throw new Error(`the cursor could not be stored: ${moved.error.detail}`);
      },
    },
  };
}

/** Time of the newest row whose clock was not `unsure`, for the clock's floor; nothing when there is none, or none readable. */
export function lastSureTime(file: string): { lastRowMs?: WallMs } {
  if (!existsSync(file)) return {};
  try {
    const reader = openJournalReader(file);
    try {
      const { seq } = reader.head();
      let look = FIRST_LOOK_ROWS;
      for (let to = seq; to > Math.max(0, seq - LOOK_BACK_ROWS); to -= look, look = READ_ROWS_MAX) {
        const from = Math.max(1, to - look + 1);
        const sure = reader
          .rows(from, to - from + 1)
          .findLast((row) => 'at' in row && row.clock !== 'unsure');
        if (sure !== undefined && 'at' in sure) return { lastRowMs: wallMs(Date.parse(sure.at)) };
      }
      return {};
    } finally {
      reader.close();
    }
  } catch {
    // What is wrong with the file is found, and said, by whoever opens it for writing.
    return {};
  }
}
