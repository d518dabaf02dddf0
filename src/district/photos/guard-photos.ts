import type { Transaction } from 'kysely';
import type { Clock } from '../../ports/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import type { PersonVault } from '../registry/person-vault.ts';
import { PHOTOS_STEP } from './limits.ts';

/**
 * What guards are shown of residents: one small picture of each who agreed, encrypted under the keys of persons. It goes with
 * its index, in the same transaction, or when somebody withdraws it; no other index ever gets it.
 */
export interface GuardPhotosOptions {
  readonly database: Database;
  readonly vault: PersonVault;
  readonly clock: Pick<Clock, 'wall'>;
}

export interface NewGuardPhoto {
  /** Index of the resident. */
  readonly place: number;
  readonly jpeg: Uint8Array;
  readonly receipt: string;
}

export class GuardPhotos {
  readonly #options: GuardPhotosOptions;

  constructor(options: GuardPhotosOptions) {
    this.#options = options;
  }

  /** In the place of the one before. @returns false when the index has ended, and nothing was kept */
  async put(transaction: Transaction<Tables>, { place, jpeg, receipt }: NewGuardPhoto): Promise<boolean> {
    const { vault, clock } = this.#options;
    const holder = await transaction
      .selectFrom('resident')
      .select('ended')
      .where('place', '=', place)
      .executeTakeFirst();
    if (holder === undefined || holder.ended !== null) return false;
    const record = vault.seal(recordOf(place), Buffer.from(jpeg).toString('base64'));
    const values = { record, accepted_at: clock.wall(), receipt };
    await transaction
      .insertInto('resident_photo')
      .values({ place, ...values })
      .onConflict((conflict) => conflict.column('place').doUpdateSet(values))
      .execute();
    return true;
  }

  /** @returns base64 */
  async picture(place: number): Promise<string | undefined> {
    const { database, vault } = this.#options;
    const row = await database
      .selectFrom('resident_photo')
      .select('record')
      .where('place', '=', place)
      .executeTakeFirst();
    return row === undefined ? undefined : vault.open(recordOf(place), row.record);
  }

  /** @returns which of these applications' photos guards are shown */
  async shown(receipts: readonly string[]): Promise<ReadonlySet<string>> {
    if (receipts.length === 0) return new Set();
    const rows = await this.#options.database
      .selectFrom('resident_photo')
      .select('receipt')
      .where('receipt', 'in', receipts)
      .execute();
    return new Set(rows.map(({ receipt }) => receipt));
  }

  /** @returns whether there was one */
  async remove(place: number): Promise<boolean> {
    const done = await this.#options.database
      .deleteFrom('resident_photo')
      .where('place', '=', place)
      .executeTakeFirst();
    return done.numDeletedRows > 0n;
  }

  /** What is due from time to time: none of an ended index is left, whoever ended it, and none under an older key. */
  readonly keep = async (): Promise<void> => {
    const { database, vault } = this.#options;
    await alone(database, (transaction) =>
      transaction
        .deleteFrom('resident_photo')
        .where((photo) =>
          photo.not(
            photo.exists(
              photo
                .selectFrom('resident')
                .select('resident.place')
                .whereRef('resident.place', '=', 'resident_photo.place')
                .where('resident.ended', 'is', null),
            ),
          ),
        )
        .execute(),
    );
    const old = await database
      .selectFrom('resident_photo')
      .select(['place', 'record'])
      .where('record', 'not like', `${vault.current}.%`)
      .limit(PHOTOS_STEP)
      .execute();
    for (const { place, record } of old)
      await database
        .updateTable('resident_photo')
        .set({ record: vault.seal(recordOf(place), vault.open(recordOf(place), record)) })
        .where('place', '=', place)
        // One that was replaced meanwhile is under the current key by that.
        .where('record', '=', record)
        .execute();
  };
}

function recordOf(row: number) {
  return { table: 'resident_photo', row, field: 'record' };
}
