import type { Random } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { openPersonKeys } from './person-keys.ts';
import { PersonVault } from './person-vault.ts';

/**
 * Brings the persons' keys and their database together. A database tells by keyed proofs which keys it was written with,
 * so that a key file of another district, or an old copy, is refused before anything is written under it.
 */
export async function openVault(
  database: Database,
  { file, random }: { file: string; random: Random },
): Promise<PersonVault> {
  const stored = await database.selectFrom('person_key').selectAll().execute();
  const keys = await openPersonKeys({ file, random, mayMake: stored.length === 0 });
  const vault = new PersonVault(keys, random);
  const proofs = new Map(vault.proofs().map(({ id, proof }) => [id, proof]));
  for (const { id, proof } of stored) {
    if (proofs.get(id) === proof) continue;
    throw new Error(`${file}: not the keys of this database (${id}); bring back the file that belongs to it`);
  }
  await database
    .insertInto('person_key')
    .values([...proofs].map(([id, proof]) => ({ id, proof })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return vault;
}
