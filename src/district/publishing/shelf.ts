import { hash } from 'node:crypto';
import { assert, unixSeconds } from '../../base/index.ts';
import type { DocumentSigner } from '../../issue/index.ts';
import type { Clock } from '../../ports/index.ts';
import { type NamedVersion, parseSigned } from '../../wire/index.ts';
import type { Database, StoredDocument } from '../database/database.ts';
import type { FieldOfRow, PersonVault } from '../registry/person-vault.ts';

/**
 * The district's current documents, in the database. A document is renewed when its content or its signer has changed or
 * half of its life is over, and its version only rises, whoever else renews it at the same time.
 */
export interface ShelfOptions {
  readonly district: string;
  readonly database: Database;
  readonly clock: Clock;
  /** Rosters lie in the database sealed: they hold the key of their look-ups. */
  readonly vault?: PersonVault;
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
  readonly signer: DocumentSigner;
  readonly sign: (signer: DocumentSigner, payload: never) => Promise<string>;
}

export type Made = Issued & {
  readonly name: string;
  readonly text: string;
  readonly hash: string;
  /** Digest of what it was made of; absent where that is not compared. */
  readonly content?: string | null;
};

/** A document without its text, which may be large. */
export type Span = Omit<StoredDocument, 'text'>;

export class Shelf {
  readonly #options: ShelfOptions;

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  async get(name: string): Promise<StoredDocument | undefined> {
    const stored = await this.#options.database
      .selectFrom('document')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
    return stored === undefined ? undefined : this.#opened(stored);
  }

  async all(): Promise<StoredDocument[]> {
    const stored = await this.#options.database.selectFrom('document').selectAll().execute();
    return stored.map((document) => this.#opened(document));
  }

  /** All but their texts. */
  spans(): Promise<Span[]> {
    return this.#options.database.selectFrom('document').select(SPAN).execute();
  }

  span(name: string): Promise<Span | undefined> {
    return this.#options.database
      .selectFrom('document')
      .select(SPAN)
      .where('name', '=', name)
      .executeTakeFirst();
  }

  /** Signs nothing when content and signer are those of the stored one. @returns what is stored now, and whether it was made now */
  async renew(recipe: Recipe): Promise<{ readonly version: number; readonly isNew: boolean }> {
    const { name, lifeSeconds, content, signer, sign } = recipe;
    const digest = contentDigest(content, signer.kid);
    const stored = await this.span(name);
    if (stored !== undefined && !this.halfSpent(stored) && (await this.#isOf(digest, recipe, stored)))
      return { version: stored.version, isNew: false };
    const issued = this.issued((stored?.version ?? 0) + 1, lifeSeconds);
    const text = await sign(signer, { iss: this.#options.district, ...content, ...issued } as never);
    const made = { name, ...issued, text, hash: payloadHash(text), content: digest };
    return { version: (await this.put(made)).stored.version, isNew: true };
  }

  /** One that was stored before digests were kept is signed once more to compare it. */
  async #isOf(digest: string, { name, content, signer, sign }: Recipe, stored: Span): Promise<boolean> {
    if (stored.content !== null) return stored.content === digest;
    const text = (await this.get(name))?.text;
    if (text === undefined || signerOf(text) !== signer.kid) return false;
    const { version, issued_at_seconds: iat, expires_at_seconds: exp } = stored;
    const same = await sign(signer, { iss: this.#options.district, ...content, version, iat, exp } as never);
    if (payloadHash(same) !== stored.hash) return false;
    await this.#options.database
      .updateTable('document')
      .set({ content: digest })
      .where('name', '=', name)
      .where('version', '=', version)
      .execute();
    return true;
  }

  issued(version: number, lifeSeconds: number): Issued {
    const iat = unixSeconds(this.#options.clock.wall());
    return { version, iat, exp: iat + lifeSeconds };
  }

  halfSpent({
    issued_at_seconds: from,
    expires_at_seconds: until,
  }: Pick<StoredDocument, 'issued_at_seconds' | 'expires_at_seconds'>): boolean {
    return unixSeconds(this.#options.clock.wall()) >= from + (until - from) / 2;
  }

  isOver({ expires_at_seconds: until }: Pick<StoredDocument, 'expires_at_seconds'>): boolean {
    return unixSeconds(this.#options.clock.wall()) >= until;
  }

  /** @returns what is stored now: another process may have been first with this version or a higher one */
  async put({
    name,
    version,
    iat,
    exp,
    text,
    hash: digest,
    content = null,
  }: Made): Promise<{ stored: StoredDocument; isOurs: boolean }> {
    const row = {
      name,
      version,
      issued_at_seconds: iat,
      expires_at_seconds: exp,
      hash: digest,
      text,
      content,
    };
    const kept = { ...row, text: this.#sealed(name, text) };
    const done = await this.#options.database
      .insertInto('document')
      .values(kept)
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet(kept).where('document.version', '<', version),
      )
      .executeTakeFirst();
    if ((done.numInsertedOrUpdatedRows ?? 0n) > 0n) return { stored: row, isOurs: true };
    const stored = await this.get(name);
    assert(stored !== undefined, 'a document that stood in the way is there');
    return { stored, isOurs: false };
  }

  async remove(name: string): Promise<void> {
    await this.#options.database.deleteFrom('document').where('name', '=', name).execute();
  }

  #sealed(name: string, text: string): string {
    const place = placeOf(name);
    return place === undefined ? text : (this.#options.vault?.seal(place, text) ?? text);
  }

  /** One that was stored before there were persons' keys is read as it is. */
  #opened(stored: StoredDocument): StoredDocument {
    const place = placeOf(stored.name);
    const { vault } = this.#options;
    if (place === undefined || vault === undefined || !SEALED.test(stored.text)) return stored;
    return { ...stored, text: vault.open(place, stored.text) };
  }

  /** Newest version and hash of each document, as a time document names them: a delta counts as its list. */
  async named(): Promise<Record<string, NamedVersion>> {
    const documents: Record<string, NamedVersion> = {};
    for (const { name, version, hash: digest } of await this.spans()) {
      const of = name.replace(/-delta$/, '');
      if ((documents[of]?.version ?? 0) < version) documents[of] = { version, hash: digest };
    }
    return documents;
  }
}

const SPAN = ['name', 'version', 'hash', 'issued_at_seconds', 'expires_at_seconds', 'content'] as const;

export function rosterName(community: number): string {
  return `roster/${community}`;
}

/** Of what a document says and who signs it; two that differ only in version and life have the same. */
function contentDigest(content: Content, kid: string): string {
  return hash('sha256', `${kid} ${JSON.stringify(content)}`, 'hex');
}

/** One dot; a signed document has two, or is JSON. */
const SEALED = /^[a-z0-9]{1,8}\.[\w-]+$/;

function placeOf(name: string): FieldOfRow | undefined {
  const [, community] = /^roster\/(\d+)$/.exec(name) ?? [];
  return community === undefined ? undefined : { table: 'document', row: Number(community), field: 'roster' };
}

/** SHA-256 of a signed document's payload, hex. */
export function payloadHash(text: string): string {
  const signed = parseSigned(text);
  assert(signed.ok, 'what was signed can be read');
  return hash('sha256', signed.value.payload, 'hex');
}

/** Thumbprint of the first key under whose signature a stored text stands. */
export function signerOf(text: string): string | undefined {
  const signed = parseSigned(text);
  return signed.ok ? signed.value.signatures[0]?.kid : undefined;
}
