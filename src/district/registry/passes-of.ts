import { RESIDENT_STATES, type ResidentState } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';

/** Visitors' passes in the name of one resident. */
export interface StoredPass {
  readonly id: number;
  readonly community: number;
  /** Unix seconds */
  readonly from: number;
  readonly minutes: number;
  readonly uses: number;
  readonly state: ResidentState;
}

/** Newest first. */
export async function passesOf(
  database: Database,
  host: number,
  limit: number,
): Promise<readonly StoredPass[]> {
  const found = await database
    .selectFrom('pass')
    .select(['id', 'community', 'from_seconds', 'minutes', 'uses', 'state'])
    .where('host', '=', host)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return found.map(({ from_seconds: from, state, ...pass }) => ({
    ...pass,
    from,
    state: RESIDENT_STATES[state] ?? 'revoked',
  }));
}
