import type { Database } from '../../src/district/testing.ts';
import type { RowDraft } from '../../src/wire/index.ts';

/** A gate's last day as a district has it: entries that rise and fall, some refused, and its health by the quarter of an hour. */

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
const QUARTERS = 96;
const REFUSALS = ['already-used', 'expired', 'already-used', 'revoked'] as const;

/** @param person whose code it was */
export function dayOfRows(now: number, person: Partial<RowDraft>): Partial<RowDraft>[] {
  const rows: Partial<RowDraft>[] = [];
  for (let hour = 23; hour >= 1; hour -= 1) {
    const count = Math.round(7 + 6 * Math.sin(hour / 3.5));
    for (let each = 0; each < count; each += 1) {
      const at = new Date(now - hour * HOUR_MS + (each * HOUR_MS) / (count + 1)).toISOString();
      if (each % 6 === 4)
        rows.push({ at, decision: 'refused', refusal: REFUSALS[hour % 4], kind: 1, ...person });
      else if (each % 9 === 7)
        rows.push({ at, decision: 'manual', actor: 'g-07', reason: 'let-in:no-phone' });
      else rows.push({ at, decision: 'granted', direction: 'in', kind: 1, ...person });
    }
  }
  return rows;
}

/** With an hour without its network, in which rows waited and the clock went by itself. */
export async function addDayOfHealth(database: Database, gate: string, now: number): Promise<void> {
  const newest = now - (now % QUARTER_MS);
  const rows = Array.from({ length: QUARTERS }, (_, back) => {
    const isAlone = back >= 40 && back < 44;
    return {
      gate,
      at: newest - back * QUARTER_MS,
      reports: 30,
      timed: 20,
      p50_sum: 20 * (9 + Math.sin(back / 6)),
      p99_ms: 21 + (back % 13),
      temperature: 44 + 8 * Math.sin(back / 15),
      unsent: isAlone ? (44 - back) * 12 : 0,
      free_bytes: 5_000_000_000,
      clock: isAlone ? 1 : 0,
    };
  });
  await database.insertInto('gate_health').values(rows).execute();
}
