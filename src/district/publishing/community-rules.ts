import type { z } from 'zod';
import type { Clock } from '../../ports/index.ts';
import { communityRules } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';

/** Rules of a community that were set while the district ran. They take the place of the configuration's as a whole. */
export type CommunityRules = z.output<typeof communityRules>;

export async function storedRules(
  database: Database,
  community: number,
): Promise<CommunityRules | undefined> {
  const row = await database
    .selectFrom('community_rules')
    .select('rules')
    .where('community', '=', community)
    .executeTakeFirst();
  return row === undefined ? undefined : communityRules.parse(JSON.parse(row.rules));
}

/** The policy of the community is to be published now. */
export async function setRules(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  community: number,
  rules: CommunityRules,
): Promise<void> {
  const values = { rules: JSON.stringify(rules), changed_at: clock.wall() };
  await database
    .insertInto('community_rules')
    .values({ community, ...values })
    .onConflict((conflict) => conflict.column('community').doUpdateSet(values))
    .execute();
}
