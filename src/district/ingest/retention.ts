import type { Clock, Log } from '../../ports/index.ts';
import type { Decision } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { ENTRY_DAYS, PURGE_PAUSE_MS, PURGE_ROWS, SECURITY_DAYS } from './limits.ts';

/**
 * Empties what is past its date: of a row, all that says who, when and what; its place in the chain stays, so that the
 * chain can still be proved. Done in small steps, each of them whole; what a stop interrupts goes on at the next run.
 */
export interface RetentionRules {
  /** Entries: granted, refused, by a guard, doors; ENTRY_DAYS when left out. */
  readonly entryDays?: number;
  /** All other rows, look-ups of persons among them, and alarms; SECURITY_DAYS when left out. */
  readonly securityDays?: number;
  /** Communities whose gates keep entries longer than that: for as long as their gates do. */
  readonly communities?: readonly { readonly id: number; readonly entryDays: number }[];
}

export interface Purged {
  readonly rows: number;
  readonly alarms: number;
}

export interface RetentionOptions {
  readonly database: Database;
  readonly rules: RetentionRules;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the run after the step in hand. */
  readonly stopped?: () => boolean;
}

const DAY_MS = 86_400_000;
const ENTRIES: readonly Decision[] = ['granted', 'refused', 'guard', 'manual', 'door'];

/** One whole run. */
export async function purge(options: RetentionOptions): Promise<Purged> {
  const { database, rules, clock, log, stopped = () => false } = options;
  const { entryDays = ENTRY_DAYS, securityDays = SECURITY_DAYS, communities = [] } = rules;
  const before = (days: number) => new Date(clock.wall() - days * DAY_MS).toISOString();
  const longer = communities.filter((each) => each.entryDays > entryDays);
  const spans: Span[] = [
    { before: before(entryDays), decisions: ENTRIES, notOf: longer.map(({ id }) => id) },
    ...longer.map((each) => ({ before: before(each.entryDays), decisions: ENTRIES, of: each.id })),
    { before: before(Math.max(securityDays, entryDays, ...longer.map((each) => each.entryDays))) },
  ];
  let [rows, alarms] = [0, 0];
  const repeat = async (step: () => Promise<number>, count: (done: number) => void) => {
    for (let done = PURGE_ROWS; done === PURGE_ROWS && !stopped(); ) {
      done = await step();
      count(done);
      if (done > 0) await new Promise<void>((resolve) => void clock.after(PURGE_PAUSE_MS, resolve));
    }
  };
  for (const span of spans)
    await repeat(
      () => emptyRows(database, span),
      (done) => {
        rows += done;
      },
    );
  await repeat(
    () => removeAlarms(database, before(securityDays)),
    (done) => {
      alarms += done;
    },
  );
  if (rows + alarms > 0) log.info({ rows, alarms }, 'what was past its date was emptied');
  return { rows, alarms };
}

interface Span {
  /** ISO 8601 */
  readonly before: string;
  readonly decisions?: readonly Decision[];
  readonly of?: number;
  readonly notOf?: readonly number[];
}

async function emptyRows(database: Database, span: Span): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const rows = await overdue(transaction, span);
    for (const { gate, journal, seq, hash } of rows) {
      await transaction
        .updateTable('journal_row')
        .set({ content: null, at: null, decision: null, refusal: null, place: null, pass: null })
        .where('gate', '=', gate)
        .where('journal', '=', journal)
        .where('seq', '=', seq)
        .where('hash', '=', hash)
        .execute();
      await transaction
        .deleteFrom('entry_party')
        .where('gate', '=', gate)
        .where('journal', '=', journal)
        .where('seq', '=', seq)
        .where('hash', '=', hash)
        .execute();
    }
    return rows.length;
  });
}

function overdue(database: Database, { before, decisions, of, notOf = [] }: Span) {
  let select = database
    .selectFrom('journal_row')
    .select(['gate', 'journal', 'seq', 'hash'])
    .where('at', '<', before);
  if (decisions !== undefined) select = select.where('decision', 'in', [...decisions]);
  if (of !== undefined)
    select = select.where('gate', 'in', (gates) =>
      gates.selectFrom('gate').select('id').where('community', '=', of),
    );
  if (notOf.length > 0)
    select = select.where('gate', 'not in', (gates) =>
      gates
        .selectFrom('gate')
        .select('id')
        .where('community', 'in', [...notOf]),
    );
  return select.orderBy('at').limit(PURGE_ROWS).execute();
}

/** What proves something against a gate stays: it names a row and nobody. */
async function removeAlarms(database: Database, before: string): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const found = await transaction
      .selectFrom('alarm')
      .select(['gate', 'id', 'cleared'])
      .where('at', '<', before)
      .where('alarm', '!=', 'tamper')
      .orderBy('at')
      .limit(PURGE_ROWS)
      .execute();
    for (const { gate, id, cleared } of found)
      await transaction
        .deleteFrom('alarm')
        .where('gate', '=', gate)
        .where('id', '=', id)
        .where('cleared', '=', cleared)
        .execute();
    return found.length;
  });
}
