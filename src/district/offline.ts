import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result, unixSeconds, wallMs } from '../base/index.ts';
import { sealRoster, signTime } from '../issue/index.ts';
import type { Clock, Random } from '../ports/index.ts';
import { openDatabase } from './database/database.ts';
import { KeyRing } from './keys/key-ring.ts';
import { TIME_LIFE_SECONDS } from './limits.ts';
import { bundleOf } from './publishing/bundle.ts';
import { SealedRosters } from './publishing/sealed-rosters.ts';
import { readRoot } from './publishing/root-desk.ts';
import { Shelf } from './publishing/shelf.ts';

/**
 * A district's data without the district: what a command does beside it, whether it runs or not. It signs no document that
 * the running one keeps, so that no version can be given twice.
 */
export interface OfflineOptions {
  readonly dataDir: string;
  readonly district: string;
  /** `postgres://…`; left out, SQLite in `dataDir`. */
  readonly database?: string;
  readonly clock: Clock;
  readonly random: Random;
}

export interface OfflineDistrict {
  readonly keys: KeyRing;
  /** General JWS texts, oldest first. */
  readonly roots: () => Promise<string[]>;
  /** A root that was judged. The running district takes it in within seconds. @returns false: that version is there by now */
  readonly storeRoot: (text: string) => Promise<boolean>;
  /** @returns the file's text, and what in it has expired */
  readonly bundle: (
    gate?: string,
  ) => Promise<Result<{ text: string; expired: readonly string[] }, BundleProblem>>;
  readonly close: () => Promise<void>;
}

export type BundleProblem = 'no-root' | 'no-such-gate' | 'gate-not-confirmed' | 'gate-without-key';

export async function openOffline(options: OfflineOptions): Promise<OfflineDistrict> {
  const { dataDir, district, clock, random } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const database = await openDatabase(options.database ?? join(dataDir, 'district.sqlite'));
  const keys = await KeyRing.open({ folder: join(dataDir, 'keys'), random });
  const shelf = new Shelf({ district, database, clock });
  const roots = async () => {
    const rows = await database.selectFrom('root_version').select('text').orderBy('version').execute();
    return rows.map(({ text }) => text);
  };
  const time = async () => {
    const [wall, documents] = [clock.wall(), await shelf.named()];
    const iat = unixSeconds(wall);
    const exp = iat + TIME_LIFE_SECONDS;
    return signTime(keys.signers.time, { iss: district, iat, exp, time: wallMs(wall), documents });
  };
  return {
    keys,
    roots,
    storeRoot: async (text) => {
      const done = await database
        .insertInto('root_version')
        .values({ version: readRoot(text).version, text })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    bundle: async (id) => {
      const chain = await roots();
      const newest = chain.at(-1);
      if (newest === undefined) return err('no-root');
      keys.adopt(readRoot(newest));
      const gate =
        id === undefined
          ? undefined
          : await database.selectFrom('gate').selectAll().where('id', '=', id).executeTakeFirst();
      if (id !== undefined && gate === undefined) return err('no-such-gate');
      if (gate !== undefined && gate.confirmed !== 1) return err('gate-not-confirmed');
      if (gate?.seal_key === null) return err('gate-without-key');
      const told = keys.missing.includes('time') ? undefined : await time();
      const sealed = new SealedRosters({ database, shelf, seal: sealRoster });
      const bundle = await bundleOf({ shelf, sealed, roots: chain, time: told, gate });
      const expired = (await shelf.spans()).filter(
        (span) => !span.name.endsWith('-delta') && shelf.isOver(span),
      );
      return ok({ text: JSON.stringify(bundle), expired: expired.map(({ name }) => name) });
    },
    close: () => database.destroy(),
  };
}
