import { randomBytes } from 'node:crypto';
import { isoTime, wallMs } from '../../src/base/index.ts';
import { APPEND_ROWS_MAX, type Journal, openJournal, RESERVE_BYTES } from '../../src/journal/index.ts';
import type { BatchDraft, MemoryChange } from '../../src/wire/index.ts';

/** A gate's journal, and the rows of a gate at which somebody passes every second. */

/** @param seconds Unix time at which it is opened */
export function openAt(file: string, seconds: number): Journal {
  return openJournal({
    file,
    reserveBytes: RESERVE_BYTES,
    opened: { at: wallMs(seconds * 1_000), clock: 'synced' },
    random: (length) => new Uint8Array(randomBytes(length)),
  });
}

/** @throws when the journal does not take them */
export function append(
  journal: Journal,
  drafts: readonly BatchDraft[],
  memory: readonly MemoryChange[],
): void {
  const written = journal.append(drafts, memory, 'code');
  if (!written.ok) throw new Error(`the journal says ${written.error.code}: ${written.error.detail}`);
}

/** In the largest batches that the journal takes. @param fromSeconds Unix time of the first row */
export function fill(journal: Journal, rows: number, fromSeconds: number): void {
  for (let done = 0; done < rows; done += APPEND_ROWS_MAX) {
    const count = Math.min(APPEND_ROWS_MAX, rows - done);
    append(
      journal,
      Array.from({ length: count }, (_, place) => granted(done + place, fromSeconds)),
      [],
    );
  }
}

/** As decide drafts the row of a granted token. */
export function granted(call: number, fromSeconds: number): BatchDraft {
  return {
    at: isoTime(wallMs((fromSeconds + call) * 1_000)),
    clock: 'synced',
    lane: 'north-in',
    direction: 'in',
    reader: 'north-in-1',
    decision: 'granted',
    kind: 1,
    index: 1_000_000 + (call % 1_000_000),
  };
}

/** The code is used, the resident is inside. */
export function memoryOf(call: number, fromSeconds: number): MemoryChange[] {
  const index = 1_000_000 + call;
  const at = fromSeconds + call;
  return [
    { key: `used/in/1/${index}/${at}`, value: String(at), until: at + 630 },
    { key: `inside/${index}`, value: String(at), until: at + 30 * 86_400 },
  ];
}
