import { hash } from 'node:crypto';
import { assert, unixSeconds } from '../../base/index.ts';
import type { Clock } from '../../ports/index.ts';
import { type NamedVersion, parseSigned } from '../../wire/index.ts';
import type { Database, StoredDocument } from '../database/database.ts';

/**
 * The district's current documents, in the database. A document is renewed when its content has changed or half of its
 * life is over, and its version only rises.
 */
export interface ShelfOptions {
  readonly district: string;
  readonly database: Database;
  readonly clock: Clock;
}

/** A document's payload without what each signing gives it anew. */
export type Content = Record<string, unknown>;

export interface Issued {
  readonly version: number;
  readonly iat: number;
  readonly exp: number;
}

export interface Recipe {
  readonly name: string;
  readonly lifeSeconds: number;
  readonly content: Content;
  readonly sign: (payload: Content & Issued & { readonly iss: string }) => Promise<string>;
}

export class Shelf {
  readonly #options: ShelfOptions;

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  get(name: string): Promise<StoredDocument | undefined> {
    return this.#options.database
      .selectFrom('document')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
  }

  all(): Promise<StoredDocument[]> {
    return this.#options.database.selectFrom('document').selectAll().execute();
  }

  async renew({ name, lifeSeconds, content, sign }: Recipe): Promise<StoredDocument> {
    const stored = await this.get(name);
    const iss = this.#options.district;
    if (stored !== undefined && !this.halfSpent(stored)) {
      const { version, issued_at_seconds: iat, expires_at_seconds: exp } = stored;
      const same = await sign({ iss, ...content, version, iat, exp });
      if (payloadHash(same) === stored.hash) return stored;
    }
    const issued = this.issued((stored?.version ?? 0) + 1, lifeSeconds);
    const text = await sign({ iss, ...content, ...issued });
    return this.put({ name, ...issued, text, hash: payloadHash(text) });
  }

  issued(version: number, lifeSeconds: number): Issued {
    const iat = unixSeconds(this.#options.clock.wall());
    return { version, iat, exp: iat + lifeSeconds };
  }

  halfSpent({ issued_at_seconds: from, expires_at_seconds: until }: StoredDocument): boolean {
    return unixSeconds(this.#options.clock.wall()) >= from + (until - from) / 2;
  }

  async put(made: Issued & { name: string; text: string; hash: string }): Promise<StoredDocument> {
    const { name, version, iat, exp, text, hash: digest } = made;
    const row = { name, version, issued_at_seconds: iat, expires_at_seconds: exp, hash: digest, text };
    await this.#options.database
      .insertInto('document')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
      .execute();
    return row;
  }

  async remove(name: string): Promise<void> {
    await this.#options.database.deleteFrom('document').where('name', '=', name).execute();
  }

  /** Newest version and hash of each document, as a time document names them: a delta counts as its list. */
  async named(): Promise<Record<string, NamedVersion>> {
    const documents: Record<string, NamedVersion> = {};
    for (const { name, version, hash: digest } of await this.all()) {
      const of = name.replace(/-delta$/, '');
      if ((documents[of]?.version ?? 0) < version) documents[of] = { version, hash: digest };
    }
    return documents;
  }
}

/** SHA-256 of a signed document's payload, hex. */
function payloadHash(text: string): string {
  const signed = parseSigned(text);
  assert(signed.ok, 'what was signed can be read');
  return hash('sha256', signed.value.payload, 'hex');
}
