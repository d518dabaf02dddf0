import { toHex } from '../../base/index.ts';
import type { Random } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';

/**
 * The name of the district's shared subscription, the same for all of its processes and known to nobody else. mosquitto's
 * `acl_file` says nothing of subscriptions, only of messages: whoever knew the name could join and be dealt entries that
 * the broker then withholds, and the district would have to ask for them again.
 */
export async function sharedGroup(database: Database, random: Random): Promise<string> {
  const made = { id: 1, name: toHex(random.bytes(GROUP_BYTES)) };
  await database
    .insertInto('shared_group')
    .values(made)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { name } = await database.selectFrom('shared_group').select('name').executeTakeFirstOrThrow();
  return name;
}

const GROUP_BYTES = 16;
