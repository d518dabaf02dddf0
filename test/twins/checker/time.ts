import type { ChainedRow } from '../../../src/wire/index.ts';
import type { Evidence, Proof, Say, Seen } from './evidence.ts';

/** C1 and C3: effective time never falls below the floor and never runs backwards, and each row says how sure it is, truly. */

const QUALITIES: readonly unknown[] = ['synced', 'holdover', 'unsure'];

/** docs/trust-documents.md: a clock that says it is sure is not wrong by more than its largest bound; and a little for settling. */
const SURE_ERROR_MS = 300_000 + 2_000;
/** A time document that only tells a later minute is not stored each time. */
const TIME_STORED_EVERY_MS = 600_000;
/** Stored signed time counts by whole seconds. */
const WHOLE_SECOND_MS = 1_000;

export function timeProof(evidence: Evidence, say: Say): Proof {
  let rowFloor = evidence.buildMs;
  let signed = 0;
  let signedFloor = 0;
  let newestOfLife = 0;
  let lies = false;
  /** The floor was in a journal that could not be read: until it can be, the gate knows no better, and says so. */
  let unread = false;
  const row = (one: ChainedRow, event: Seen<'appended'>) => {
    const at = Date.parse(one.at);
    if (!QUALITIES.includes(one.clock)) say('C3', `row ${one.seq} does not say how sure its clock is`);
    const floor = Math.max(rowFloor, signedFloor);
    if (at < floor && (one.clock !== 'unsure' || !unread))
      say('C1', `row ${one.seq} is of ${one.at}, ${floor - at} ms below the floor`);
    if (at < newestOfLife)
      say('C1', `row ${one.seq} is of ${one.at}, ${newestOfLife - at} ms before the row before`);
    newestOfLife = Math.max(newestOfLife, at);
    if (one.clock === 'unsure') return;
    rowFloor = Math.max(rowFloor, at);
    if (!lies && Math.abs(at - event.trueMs) > SURE_ERROR_MS)
      say('C1', `row ${one.seq} says ${one.clock} and is wrong by ${at - event.trueMs} ms`);
  };
  return {
    see(event) {
      switch (event.type) {
        case 'start':
          newestOfLife = 0;
          signedFloor = Math.max(0, signed - TIME_STORED_EVERY_MS - WHOLE_SECOND_MS);
          lies = lies || event.lies;
          unread = event.memory === undefined;
          return;
        case 'clock-lied':
          lies = true;
          return;
        case 'signed-time':
          signed = Math.max(signed, event.atMs);
          signedFloor = Math.max(signedFloor, event.atMs);
          return;
        case 'appended':
          for (const one of event.rows) row(one, event);
          return;
        default:
      }
    },
  };
}
