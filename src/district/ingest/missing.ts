import type { Database } from '../database/database.ts';
import { ASK_GATES_MAX, BEHIND_PROVES_MS, HOLE_PROVES_MS, RESEND_PAUSE_MS } from './limits.ts';

/**
 * From which row on a gate must send again, kept in the database so that any worker may find it and one process asks.
 * A hole is asked for once it has proved to be one; a question is repeated only after a pause.
 */
export interface Missing {
  readonly gate: string;
  readonly journal: string;
  readonly from: number;
  /** Rows that are stored are wanted once more, to find the first that differs. */
  readonly search: boolean;
  /** Unix milliseconds */
  readonly now: number;
}

/** Within the transaction that noticed it. */
export async function noteMissing(database: Database, missing: Missing): Promise<void> {
  const { gate, journal, from, search, now } = missing;
  const before = await database
    .selectFrom('missing')
    .selectAll()
    .where('gate', '=', gate)
    .where('journal', '=', journal)
    .executeTakeFirst();
  // One that reaches further back is another question.
  const isSame = before !== undefined && before.from_seq <= from && before.search === (search ? 1 : 0);
  const soonest = now + (search ? 0 : HOLE_PROVES_MS);
  const row = {
    journal,
    from_seq: from,
    search: search ? 1 : 0,
    ask_at: isSame ? (before.ask_at ?? Math.max(soonest, (before.asked_at ?? 0) + RESEND_PAUSE_MS)) : soonest,
    asked_at: isSame ? before.asked_at : null,
  };
  await database
    .insertInto('missing')
    .values({ gate, ...row })
    .onConflict((conflict) => conflict.column('gate').doUpdateSet(row))
    .execute();
}

/** A gate's newest row, as it named it. */
export interface Head {
  readonly gate: string;
  readonly journal: string;
  readonly seq: number;
  /** Unix milliseconds */
  readonly now: number;
}

/**
 * Gates said which row is their newest. If nothing of what is missing comes by itself, a gate is asked: so a district that was
 * set back to an older copy gets back what it had acknowledged.
 */
export async function noteBehind(database: Database, heads: readonly Head[]): Promise<void> {
  // What a gate said last counts.
  const newest = [...new Map(heads.map((head) => [head.gate, head])).values()];
  if (newest.length === 0) return;
  const gates = newest.map(({ gate }) => gate);
  const streams = await database
    .selectFrom('stream')
    .select(['gate', 'journal', 'seq'])
    .where('gate', 'in', gates)
    .execute();
  const stored = new Map(streams.map(({ gate, journal, seq }) => [`${gate} ${journal}`, seq]));
  const behind = newest.flatMap(({ gate, journal, seq, now }) => {
    const here = stored.get(`${gate} ${journal}`) ?? 0;
    const row = { gate, journal, from_seq: here + 1, search: 0, ask_at: now + BEHIND_PROVES_MS };
    return seq <= here ? [] : [{ ...row, asked_at: null }];
  });
  if (behind.length === 0) return;
  await database
    .insertInto('missing')
    .values(behind)
    .onConflict((conflict) =>
      conflict
        .column('gate')
        .doUpdateSet((row) => ({
          journal: row.ref('excluded.journal'),
          from_seq: row.ref('excluded.from_seq'),
          search: row.ref('excluded.search'),
          ask_at: row.ref('excluded.ask_at'),
        }))
        // A question that stands already is not put off.
        .where((where) =>
          where.or([
            where('missing.ask_at', 'is', null),
            where('missing.journal', '!=', where.ref('excluded.journal')),
          ]),
        ),
    )
    .execute();
}

/** What is to be asked now, each once: it stands again when the next batch shows that it is still missing. */
export async function takeDue(
  database: Database,
  now: number,
): Promise<readonly { gate: string; from: number }[]> {
  const due = await database
    .selectFrom('missing')
    .leftJoin('stream', (join) =>
      join.onRef('stream.gate', '=', 'missing.gate').onRef('stream.journal', '=', 'missing.journal'),
    )
    .select(['missing.gate', 'missing.from_seq', 'missing.search', 'stream.seq as stored'])
    .where('missing.ask_at', '<=', now)
    .orderBy('missing.ask_at')
    .limit(ASK_GATES_MAX)
    .execute();
  if (due.length === 0) return [];
  await database
    .updateTable('missing')
    .set({ ask_at: null, asked_at: now })
    .where('ask_at', '<=', now)
    .where(
      'gate',
      'in',
      due.map(({ gate }) => gate),
    )
    .execute();
  return due
    .filter(({ from_seq, search, stored }) => search === 1 || (stored ?? 0) < from_seq)
    .map(({ gate, from_seq }) => ({ gate, from: from_seq }));
}
