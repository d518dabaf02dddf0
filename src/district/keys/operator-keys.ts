import type { Selectable } from 'kysely';
import { assert, err, ok, type Result, unixSeconds } from '../../base/index.ts';
import { type DocumentSigner, documentSigner } from '../../issue/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import { COMMAND_VERBS, type CommandVerb, type Ed25519Jwk } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { OPERATOR_KEY_DAYS, ROTATE_BEFORE_SECONDS } from '../limits.ts';
import type { KeyFolder } from './key-folder.ts';
import type { OperatorKeyTable } from './tables.ts';

/**
 * Command keys, of each operator one that signs: its successor is made known to gates before it does, a withdrawn one is
 * gone at once. A row at a gate names whose key it was, so no key ever signs for two.
 */
export interface OperatorKeysOptions {
  readonly leadSeconds: number;
  readonly database: Database;
  readonly folder: KeyFolder;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Who may give orders now, besides the district itself. */
  readonly people: () => Promise<readonly string[]>;
  /** Whether every gate that is connected, and at least one, holds this version of the operators' list. */
  readonly gatesHold: (version: number) => Promise<boolean>;
}

export interface ListedOperatorKey {
  readonly actor: string;
  readonly verbs: CommandVerb[];
  readonly kid: string;
  readonly key: Ed25519Jwk;
  /** Unix seconds */
  readonly from: number;
  readonly until: number;
}

export interface CommandKey {
  readonly signer: DocumentSigner;
  /** First version of the operators' list that names it. */
  readonly version: number | null;
}

interface Key {
  readonly row: Selectable<OperatorKeyTable>;
  readonly signer: DocumentSigner;
}

/** The district itself: it asks for rows that are missing, and opens nothing. */
export const DISTRICT_ACTOR = 'centre';
const DISTRICT_VERBS: readonly CommandVerb[] = ['resend-from'];
const DAY_SECONDS = 86_400;

export class OperatorKeys {
  readonly #options: OperatorKeysOptions;
  /** Living ones, oldest first. */
  #keys: readonly Key[] = [];
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(options: OperatorKeysOptions) {
    this.#options = options;
  }

  /** @param former seed of the one operator key of a district of the first form */
  static async open(options: OperatorKeysOptions, former?: Uint8Array): Promise<OperatorKeys> {
    const keys = new OperatorKeys(options);
    if (former !== undefined) await keys.#insert(former, { actor: DISTRICT_ACTOR, signFrom: keys.#now() });
    await keys.tick();
    return keys;
  }

  /** The one that signs the district's own commands now. */
  get signer(): DocumentSigner {
    const signing = this.#signing(DISTRICT_ACTOR) ?? this.#of(DISTRICT_ACTOR).at(-1);
    assert(signing !== undefined, 'there is always an operator key');
    return signing.signer;
  }

  /** The one that signs this operator's commands now; none for somebody who may give none. */
  signerOf(actor: string): CommandKey | undefined {
    const signing = this.#signing(actor);
    return signing && { signer: signing.signer, version: signing.row.published_version };
  }

  /** As the database has them now. */
  reload(): Promise<void> {
    return this.#load();
  }

  listed(): readonly ListedOperatorKey[] {
    return this.#keys.map(({ row, signer }) => ({
      actor: row.actor,
      verbs: [...(row.actor === DISTRICT_ACTOR ? DISTRICT_VERBS : COMMAND_VERBS)],
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
    if (this.#next(DISTRICT_ACTOR) !== undefined) return err('rotation-under-way');
    return ok(await this.#make({ actor: DISTRICT_ACTOR, signFrom: null }));
  }

  /** Withdraws a key at once, and goes on with another. The operators' list is to be published now. */
  async retire(kid: string): Promise<Result<string, 'no-such-key'>> {
    const key = this.#keys.find(({ row }) => row.kid === kid);
    if (key === undefined) return err('no-such-key');
    const { actor } = key.row;
    await this.#end(kid);
    const next = this.#next(actor);
    if (this.#signing(actor) === undefined && next !== undefined) await this.#begin(next);
    if (this.#signing(actor) === undefined) await this.#make({ actor, signFrom: this.#now() });
    return ok(this.signerOf(actor)?.signer.kid ?? kid);
  }

  /**
   * Makes what is due, lets begin what gates have, and withdraws the keys of those who may give no orders any more.
   * @returns whether the operators' list changes
   */
  tick(): Promise<boolean> {
    // Two at once would make two keys for one operator.
    const done = this.#tail.then(() => this.#tick());
    this.#tail = done.catch(() => undefined);
    return done;
  }

  async #tick(): Promise<boolean> {
    const before = JSON.stringify(this.listed());
    await this.#load();
    const actors = [DISTRICT_ACTOR, ...(await this.#options.people())];
    const entitled = new Set(actors);
    for (const { row } of this.#keys.filter((key) => !entitled.has(key.row.actor))) await this.#end(row.kid);
    for (const actor of actors) await this.#lookAfter(actor);
    return JSON.stringify(this.listed()) !== before;
  }

  async #lookAfter(actor: string): Promise<void> {
    const now = this.#now();
    const [signing, next] = [this.#signing(actor), this.#next(actor)];
    if (next !== undefined) {
      const { published_version: version, made_at_seconds: madeAt } = next.row;
      const waited = now >= madeAt + this.#options.leadSeconds;
      if (signing === undefined || (version !== null && (waited || (await this.#options.gatesHold(version)))))
        await this.#begin(next);
    } else if (signing === undefined || signing.row.until_seconds - now < ROTATE_BEFORE_SECONDS)
      await this.#make({ actor, signFrom: signing === undefined ? now : null });
  }

  async #end(kid: string): Promise<void> {
    await this.#options.database
      .updateTable('operator_key')
      .set({ retired_at_seconds: this.#now() })
      .where('kid', '=', kid)
      .execute();
    await this.#options.folder.remove(`operator-${kid}`);
    await this.#load();
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

  async #make(key: NewKey): Promise<string> {
    return this.#insert(this.#options.random.bytes(32), key);
  }

  async #insert(secret: Uint8Array, { actor, signFrom }: NewKey): Promise<string> {
    const { kid } = await documentSigner(secret);
    await this.#options.folder.keep(`operator-${kid}`, { suite: 1, secret });
    const now = this.#now();
    await this.#options.database
      .insertInto('operator_key')
      .values({
        kid,
        actor,
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

  #of(actor: string): Key[] {
    return this.#keys.filter(({ row }) => row.actor === actor);
  }

  #signing(actor: string): Key | undefined {
    const signing = this.#of(actor).filter(({ row }) => row.sign_from_seconds !== null);
    return signing.sort((left, right) => begun(left) - begun(right)).at(-1);
  }

  #next(actor: string): Key | undefined {
    return this.#of(actor).findLast(({ row }) => row.sign_from_seconds === null);
  }

  #now(): number {
    return unixSeconds(this.#options.clock.wall());
  }
}

interface NewKey {
  readonly actor: string;
  /** Unix seconds; null: once gates have it */
  readonly signFrom: number | null;
}

function begun({ row }: Key): number {
  return row.sign_from_seconds ?? 0;
}
