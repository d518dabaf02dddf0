import type { Clock } from '../../ports/index.ts';
import { alone } from '../database/transaction.ts';
import { contentOf, eraseContent, pictureOf, type StorePlace, wordsOf } from './application-store.ts';
import { KEPT_STEP, OUTCOME_KEPT_MS } from './limits.ts';

/** What is done to applications by the clock: content past its date is erased, old outcomes too, and records of an older key are written anew. */
type Place = StorePlace & { readonly clock: Clock };

/** @returns how many lost their content */
export async function eraseDue({ database, clock }: Place): Promise<number> {
  const now = clock.wall();
  return alone(database, async (transaction) => {
    const due = await transaction
      .selectFrom('application')
      .select('id')
      .where('erase_at', '<=', now)
      .limit(KEPT_STEP)
      .execute();
    const ids = due.map(({ id }) => id);
    await eraseContent(transaction, ids);
    // Only what has nothing left but its outcome goes: the receipt is not asked for any more by then.
    await transaction
      .deleteFrom('application')
      .where('decided_at', '<', now - OUTCOME_KEPT_MS)
      .where('erase_at', 'is', null)
      .where('state', 'in', ['accepted', 'applied', 'refused', 'withdrawn'])
      .where('subject', 'is', null)
      .execute();
    return ids.length;
  });
}

/** One step; what is left is done at the next. */
export async function renewKeys({ database, vault }: Place): Promise<void> {
  const old = `${vault.current}.%`;
  const pictures = await database
    .selectFrom('application_picture')
    .selectAll()
    .where('record', 'not like', old)
    .limit(PICTURES_STEP)
    .execute();
  for (const { application, record } of pictures)
    await database
      .updateTable('application_picture')
      .set({ record: vault.seal(pictureOf(application), vault.open(pictureOf(application), record)) })
      .where('application', '=', application)
      .execute();
  for (const [column, placeOf] of [
    ['content', contentOf],
    ['words', wordsOf],
  ] as const) {
    const rows = await database
      .selectFrom('application')
      .select(['id', column])
      .where(column, 'is not', null)
      .where(column, 'not like', old)
      .limit(KEPT_STEP)
      .execute();
    for (const row of rows) {
      const sealed = row[column];
      if (sealed === null) continue;
      const again = vault.seal(placeOf(row.id), vault.open(placeOf(row.id), sealed));
      // One that was erased meanwhile stays so.
      await database
        .updateTable('application')
        .set({ [column]: again })
        .where('id', '=', row.id)
        .where(column, '=', sealed)
        .execute();
    }
  }
}

/** Each is some megabytes. */
const PICTURES_STEP = 8;
