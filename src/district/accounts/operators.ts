import type { Database } from '../database/database.ts';
import { OPERATORS_MAX } from '../limits.ts';
import { RESERVED_NAMES } from './roles.ts';
import { rolesOf } from './sessions.ts';

/** Accounts that may give orders to gates now: not disabled, and of the role. At most `OPERATORS_MAX`, by name. */
export async function operatorsOf(database: Database): Promise<string[]> {
  const accounts = await database
    .selectFrom('account')
    .select(['name', 'roles'])
    .where('disabled', '=', 0)
    .orderBy('name')
    .execute();
  return accounts
    .filter(({ name, roles }) => !RESERVED_NAMES.has(name) && rolesOf(roles).has('operator'))
    .map(({ name }) => name)
    .slice(0, OPERATORS_MAX);
}
