import { CompiledQuery } from 'kysely';
import type { Database, Resident } from '../database/database.ts';

/** What the desk must know of a resident to sign for them, asked anew for every code: nothing is remembered that could go stale. */
export type Standing = Pick<Resident, 'place' | 'assurance' | 'state'> & {
  readonly community: number;
};

/** Written out once: building the same query for every code would cost more than its answer. */
export function standingOf(database: Database): (index: number) => Promise<Standing | undefined> {
  const { sql } = database
    .selectFrom('resident')
    .innerJoin('household', 'household.id', 'resident.household')
    .select(['resident.place', 'resident.assurance', 'resident.state', 'household.community'])
    .where('resident.place', '=', 0)
    .compile();
  return async (index) => {
    const { rows } = await database.executeQuery<Standing>(CompiledQuery.raw(sql, [index]));
    return rows[0];
  };
}

/** Whether a phone's key, hex, is registered for a resident. */
export function phonesOf(database: Database): (index: number, publicKey: string) => Promise<boolean> {
  const { sql } = database
    .selectFrom('holder_key')
    .select('slot')
    .where('place', '=', 0)
    .where('public_key', '=', '')
    .compile();
  return async (index, publicKey) => {
    const { rows } = await database.executeQuery(CompiledQuery.raw(sql, [index, publicKey]));
    return rows.length > 0;
  };
}
