import { sql } from 'kysely';
import { type Database, openDatabase } from './database/database.ts';

/**
 * Makes a database that was set back to an older copy safe to start: gates have seen more than it knows, so versions and
 * counters jump above anything that was given out, and everything is signed anew. Rows of gates come back by themselves.
 */
export interface RestoredOptions {
  /** A file, or `postgres://…` */
  readonly place: string;
  /** Unix milliseconds */
  readonly now: number;
}

/** @returns when the copy last heard a gate or stored a row, Unix milliseconds; undefined: never */
export async function markRestored({ place, now }: RestoredOptions): Promise<number | undefined> {
  const database = await openDatabase(place);
  try {
    await raiseVersions(database, now);
    // Whoever held something, was signed in or invited, is so no more; what was due to be asked is asked again when the gates are heard.
    for (const table of ['lease', 'missing', 'session', 'invitation', 'enrolment'] as const)
      await database.deleteFrom(table).execute();
    // What was open in the copy may have been carried out since: it is asked for anew, never done twice.
    await database
      .updateTable('approval')
      .set({ state: 'expired', body: null })
      .where('state', '=', 'open')
      .execute();
    const newest = await database
      .selectFrom('stream')
      .select(({ fn }) => fn.max('updated_at').as('at'))
      .executeTakeFirst();
    return newest?.at ?? undefined;
  } finally {
    await database.destroy();
  }
}

/** 2025-01-01T00:00:00Z: before any district began to count its versions. */
const COUNTING_BEGAN_SECONDS = 1_735_689_600;

/**
 * A version that no district has reached in `now`: it would have signed the document every second since its beginning.
 * Below 2^31, which a column holds, until 2093.
 */
export function versionFloor(now: number): number {
  return Math.floor(now / 1_000) - COUNTING_BEGAN_SECONDS;
}

/** The root stays: each of its versions follows the one before, and the gates' own copy of a newer one counts on. */
async function raiseVersions(database: Database, now: number): Promise<void> {
  const floor = versionFloor(now);
  await database
    .updateTable('document')
    .set({
      version: sql<number>`case when version < ${floor} then ${floor} else version + 1 end`,
      // Its life is over: it is signed again, one version higher, before anything is published.
      expires_at_seconds: sql<number>`issued_at_seconds`,
    })
    .where('name', '!=', 'root')
    .execute();
}
