import type { Selectable } from 'kysely';
import { assert, err, ok, type Result, unixSeconds } from '../../base/index.ts';
import { type DocumentSigner, documentSigner } from '../../issue/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import type { Ed25519Jwk } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { OPERATOR_KEY_DAYS, ROTATE_BEFORE_SECONDS } from '../limits.ts';
import type { KeyFolder } from './key-folder.ts';
import type { OperatorKeyTable } from './tables.ts';

/** The console's command keys: one signs, its successor is made known to gates before it does, a withdrawn one is gone at once. */
export interface OperatorKeysOptions {
  readonly leadSeconds: number;
  readonly database: Database;
  readonly folder: KeyFolder;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Whether every gate that is connected, and at least one, holds this version of the operators' list. */
  readonly gatesHold: (version: number) => Promise<boolean>;
}

export interface ListedOperatorKey {
  readonly kid: string;
  readonly key: Ed25519Jwk;
  /** Unix seconds */
  readonly from: number;
  readonly until: number;
}

interface Key {
  readonly row: Selectable<OperatorKeyTable>;
  readonly signer: DocumentSigner;
}

const DAY_SECONDS = 86_400;

export class OperatorKeys {
  readonly #options: OperatorKeysOptions;
  /** Living ones, oldest first. */
  #keys: readonly Key[] = [];

  private constructor(options: OperatorKeysOptions) {
    this.#options = options;
  }

  /** @param former seed of the one operator key of a district of the first form */
  static async open(options: OperatorKeysOptions, former?: Uint8Array): Promise<OperatorKeys> {
    const keys = new OperatorKeys(options);
    if (former !== undefined) await keys.#insert(former, { signFrom: keys.#now() });
    await keys.tick();
    return keys;
  }

  /** The one that signs commands now. */
  get signer(): DocumentSigner {
    const signing = this.#signing() ?? this.#keys.at(-1);
    assert(signing !== undefined, 'there is always an operator key');
    return signing.signer;
  }

  /** As the database has them now. */
  reload(): Promise<void> {
    return this.#load();
  }

  listed(): readonly ListedOperatorKey[] {
    return this.#keys.map(({ row, signer }) => ({
      kid: row.kid,
      key: signer.publicJwk,
      from: row.from_seconds,
      until: row.until_seconds,
    }));
  }

  async published(version: number): Promise<void> {
    await this.#options.database
      .updateTable('operator_key')
      .set({ published_version: version })
      .where('published_version', 'is', null)
      .where('kid', 'in', ['', ...this.#keys.map(({ row }) => row.kid)])
      .execute();
    await this.#load();
  }

  /** The operators' list is to be published now. @returns the new key's thumbprint */
  async rotate(): Promise<Result<string, 'rotation-under-way'>> {
    if (this.#next() !== undefined) return err('rotation-under-way');
    return ok(await this.#make({ signFrom: null }));
  }

  /** Withdraws a key at once, and goes on with another. The operators' list is to be published now. */
  async retire(kid: string): Promise<Result<string, 'no-such-key'>> {
    const key = this.#keys.find(({ row }) => row.kid === kid);
    if (key === undefined) return err('no-such-key');
    await this.#options.database
      .updateTable('operator_key')
      .set({ retired_at_seconds: this.#now() })
      .where('kid', '=', kid)
      .execute();
    await this.#options.folder.remove(`operator-${kid}`);
    await this.#load();
    const next = this.#next();
    if (this.#signing() === undefined && next !== undefined) await this.#begin(next);
    if (this.#signing() === undefined) await this.#make({ signFrom: this.#now() });
    return ok(this.signer.kid);
  }

  /** Makes what is due, and lets begin what gates have. @returns whether the operators' list changes */
  async tick(): Promise<boolean> {
    const before = JSON.stringify(this.listed());
    await this.#load();
    const now = this.#now();
    const [signing, next] = [this.#signing(), this.#next()];
    if (next !== undefined) {
      const { published_version: version, made_at_seconds: madeAt } = next.row;
      const waited = now >= madeAt + this.#options.leadSeconds;
      if (signing === undefined || (version !== null && (waited || (await this.#options.gatesHold(version)))))
        await this.#begin(next);
    } else if (signing === undefined || signing.row.until_seconds - now < ROTATE_BEFORE_SECONDS)
      await this.#make({ signFrom: signing === undefined ? now : null });
    return JSON.stringify(this.listed()) !== before;
  }

  async #begin({ row }: Key): Promise<void> {
    await this.#options.database
      .updateTable('operator_key')
      .set({ sign_from_seconds: this.#now() })
      .where('kid', '=', row.kid)
      .execute();
    this.#options.log.info({ key: row.kid }, 'commands are signed with the next operator key');
    await this.#load();
  }

  async #make({ signFrom }: { signFrom: number | null }): Promise<string> {
    return this.#insert(this.#options.random.bytes(32), { signFrom });
  }

  async #insert(secret: Uint8Array, { signFrom }: { signFrom: number | null }): Promise<string> {
    const { kid } = await documentSigner(secret);
    await this.#options.folder.keep(`operator-${kid}`, { suite: 1, secret });
    const now = this.#now();
    await this.#options.database
      .insertInto('operator_key')
      .values({
        kid,
        made_at_seconds: now,
        from_seconds: now - DAY_SECONDS,
        sign_from_seconds: signFrom,
        until_seconds: now + OPERATOR_KEY_DAYS * DAY_SECONDS,
        published_version: null,
        retired_at_seconds: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await this.#load();
    return kid;
  }

  async #load(): Promise<void> {
    const rows = await this.#options.database
      .selectFrom('operator_key')
      .selectAll()
      .where('retired_at_seconds', 'is', null)
      .where('until_seconds', '>=', this.#now())
      .orderBy('made_at_seconds')
      .orderBy('kid')
      .execute();
    const keys: Key[] = [];
    for (const row of rows) {
      const known = this.#keys.find((key) => key.row.kid === row.kid);
      const secret =
        known === undefined ? await this.#options.folder.secret(`operator-${row.kid}`) : undefined;
      const signer =
        known?.signer ?? (secret === undefined ? undefined : await documentSigner(secret.secret));
      if (signer !== undefined) keys.push({ row, signer });
    }
    this.#keys = keys;
  }

  #signing(): Key | undefined {
    const signing = this.#keys.filter(({ row }) => row.sign_from_seconds !== null);
    return signing.sort((left, right) => begun(left) - begun(right)).at(-1);
  }

  #next(): Key | undefined {
    return this.#keys.findLast(({ row }) => row.sign_from_seconds === null);
  }

  #now(): number {
    return unixSeconds(this.#options.clock.wall());
  }
}

function begun({ row }: Key): number {
  return row.sign_from_seconds ?? 0;
}
