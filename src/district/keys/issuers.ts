import { assert, err, ok, type Result, toHex, unixSeconds } from '../../base/index.ts';
import type { Suite } from '../../code/index.ts';
import type { Issuer } from '../../issue/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import type { IssuerJwk } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { ROTATE_BEFORE_SECONDS } from '../limits.ts';
import { type DistrictCrypto, draw, type FormerIssuerKey } from './key-ring.ts';
import type { KeyFolder } from './key-folder.ts';
import {
  type Choice,
  covers,
  freeKid,
  idOf,
  isWaiting,
  type IssuerSettings,
  jwkOf,
  type Key,
  type Row,
  type Scope,
  scopeOf,
  secretName,
} from './issuer-key.ts';

/**
 * The issuers of one district and their keys: which may sign what, which of an issuer's keys signs now, which go on being
 * believed. A kid is never given again while a code under it could live; a key signs only after gates could have it.
 */
export interface IssuersOptions {
  readonly district: string;
  readonly issuers: readonly IssuerSettings[];
  /** A new key waits so long, unless all connected gates say before that they have it. */
  readonly leadSeconds: number;
  readonly database: Database;
  readonly folder: KeyFolder;
  readonly crypto: DistrictCrypto;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Whether every gate that is connected, and at least one, holds this version of the key set. */
  readonly gatesHold: (version: number) => Promise<boolean>;
}

export interface IssuerState {
  readonly issuer: string;
  readonly kid: number;
  readonly suite: Suite;
  /** `next`: published, not signing yet; `former`: believed, signing no more; `withdrawn`: what it signed counts no more. */
  readonly state: 'next' | 'signing' | 'former' | 'withdrawn';
  /** Unix seconds */
  readonly notBefore: number;
  readonly signUntil: number;
  readonly verifyUntil: number;
  readonly cutOff?: number;
}

export type ChoiceProblem =
  | 'no-such-issuer'
  | 'outside-issuer-scope'
  | 'no-issuer'
  | 'key-over'
  | 'outlives-key';
export type RotationProblem = 'no-such-issuer' | 'rotation-under-way' | 'kids-exhausted';
export type RetirementProblem = 'no-such-key' | 'retired-already' | 'cut-off-ahead' | 'kids-exhausted';

const DAY_SECONDS = 86_400;

export class Issuers {
  readonly #options: IssuersOptions;
  #keys: readonly Key[] = [];

  private constructor(options: IssuersOptions) {
    this.#options = options;
  }

  /** @param former the one issuer key of a district of the first form, which becomes the first issuer's */
  static async open(options: IssuersOptions, former?: FormerIssuerKey): Promise<Issuers> {
    const issuers = new Issuers(options);
    if (former !== undefined) await issuers.#takeOver(former);
    await issuers.tick();
    return issuers;
  }

  get names(): readonly string[] {
    return this.#options.issuers.map(({ name }) => name);
  }

  /** The key that signs such a code now. */
  choose(choice: Choice): Result<Issuer, ChoiceProblem> {
    const now = this.#now();
    const { issuers } = this.#options;
    const named = issuers.filter(({ name }) => choice.issuer === undefined || name === choice.issuer);
    if (named.length === 0) return err(choice.issuer === undefined ? 'no-issuer' : 'no-such-issuer');
    const able = named.filter((each) => covers(each, choice));
    if (able.length === 0) return err(choice.issuer === undefined ? 'no-issuer' : 'outside-issuer-scope');
    let problem: ChoiceProblem = 'key-over';
    for (const { name } of able) {
      const key = this.#signing(name, now);
      if (key?.issuer === undefined) continue;
      if (choice.until <= key.row.verify_until_seconds) return ok(key.issuer);
      problem = 'outlives-key';
    }
    return err(problem);
  }

  /** As the database has them now. */
  reload(): Promise<void> {
    return this.#load();
  }

  /** What the key set says, and the keys by their ids. */
  listed(): { readonly keys: IssuerJwk[]; readonly ids: readonly string[] } {
    const now = this.#now();
    // A day beyond its span, so that a gate whose clock is behind still hears why a code is refused.
    const living = this.#keys.filter(({ row }) => row.verify_until_seconds + DAY_SECONDS >= now);
    return { keys: living.map(jwkOf), ids: living.map(({ row }) => row.id) };
  }

  /** The key set of this version names these keys: their waiting counts from here. */
  async published(version: number, ids: readonly string[]): Promise<void> {
    const fresh = this.#keys.filter(({ row }) => row.published_version === null && ids.includes(row.id));
    if (fresh.length === 0) return;
    await this.#options.database
      .updateTable('issuer_key')
      .set({ published_version: version })
      .where('published_version', 'is', null)
      .where(
        'id',
        'in',
        fresh.map(({ row }) => row.id),
      )
      .execute();
    await this.#load();
  }

  states(): IssuerState[] {
    const now = this.#now();
    return this.#keys.map(({ row }) => ({
      issuer: row.issuer,
      kid: row.kid,
      suite: row.suite === 2 ? 2 : 1,
      state: this.#stateOf(row, now),
      notBefore: row.not_before_seconds,
      signUntil: row.sign_until_seconds,
      verifyUntil: row.verify_until_seconds,
      ...(row.cut_off_seconds === null ? {} : { cutOff: row.cut_off_seconds }),
    }));
  }

  /** The next key of an issuer. It is to be published now; it signs when gates could have it. @returns its kid */
  async rotate(name: string): Promise<Result<number, RotationProblem>> {
    const settings = this.#options.issuers.find((each) => each.name === name);
    if (settings === undefined) return err('no-such-issuer');
    if (this.#next(name) !== undefined) return err('rotation-under-way');
    return this.#make(settings, { signFrom: null });
  }

  /**
   * Withdraws a key at once; its issuer goes on with the next. The key set is to be published now.
   * @param cutOff Unix seconds, not ahead: codes of kind 1 issued from then on still count, nothing else does; without it
   *   nothing under the key counts
   */
  async retire(
    kid: number,
    { cutOff }: { cutOff?: number } = {},
  ): Promise<Result<number, RetirementProblem>> {
    const now = this.#now();
    const key = this.#keys.find(({ row }) => row.kid === kid && row.verify_until_seconds >= now);
    if (key === undefined) return err('no-such-key');
    const { row } = key;
    if (row.retired_at_seconds !== null && (row.cut_off_seconds === null || cutOff !== undefined))
      return err('retired-already');
    if (cutOff !== undefined && cutOff > now) return err('cut-off-ahead');
    const wasNeeded = this.#signing(row.issuer, now) === key || this.#next(row.issuer) === key;
    await this.#options.database
      .updateTable('issuer_key')
      .set({ retired_at_seconds: now, cut_off_seconds: cutOff ?? null })
      .where('id', '=', row.id)
      .execute();
    await this.#options.folder.remove(secretName(row.id));
    await this.#load();
    const settings = this.#options.issuers.find(({ name }) => name === row.issuer);
    const next = wasNeeded && settings !== undefined ? await this.#succeed(settings) : ok(kid);
    return next.ok ? ok(kid) : next;
  }

  /** Makes what is due, lets begin what gates have, and forgets secrets that sign no more. @returns whether the key set changes */
  async tick(): Promise<boolean> {
    await this.#load();
    const before = JSON.stringify(this.listed().keys);
    for (const settings of this.#options.issuers) await this.#lookAfter(settings);
    await this.#forgetSecrets();
    return JSON.stringify(this.listed().keys) !== before;
  }

  async #lookAfter(settings: IssuerSettings): Promise<void> {
    const { log, leadSeconds, gatesHold } = this.#options;
    const now = this.#now();
    const signing = this.#signing(settings.name, now);
    const next = this.#next(settings.name);
    if (next === undefined) {
      if (signing !== undefined && signing.row.sign_until_seconds - now > ROTATE_BEFORE_SECONDS) return;
      const made = await this.#make(settings, { signFrom: signing === undefined ? now : null });
      if (made.ok) log.info({ issuer: settings.name, kid: made.value }, 'an issuer has its next key');
      else log.error({ issuer: settings.name, why: made.error }, 'an issuer could not be given its next key');
      return;
    }
    const { published_version: version, made_at_seconds: madeAt } = next.row;
    const waited = now >= madeAt + leadSeconds;
    if (signing !== undefined && (version === null || !(waited || (await gatesHold(version))))) return;
    await this.#begin(next.row, now);
    log.info({ issuer: settings.name, kid: next.row.kid }, 'an issuer signs with its next key');
  }

  /** Without waiting: the key before may sign no more. */
  async #succeed(settings: IssuerSettings): Promise<Result<number, 'kids-exhausted'>> {
    const now = this.#now();
    const signing = this.#signing(settings.name, now);
    if (signing !== undefined) return ok(signing.row.kid);
    const next = this.#next(settings.name);
    if (next === undefined) return this.#make(settings, { signFrom: now });
    await this.#begin(next.row, now);
    return ok(next.row.kid);
  }

  async #begin({ id }: Row, now: number): Promise<void> {
    await this.#options.database
      .updateTable('issuer_key')
      .set({ sign_from_seconds: now })
      .where('id', '=', id)
      .execute();
    await this.#load();
  }

  async #make(
    settings: IssuerSettings,
    { signFrom }: { signFrom: number | null },
  ): Promise<Result<number, 'kids-exhausted'>> {
    const { crypto, random, folder, database } = this.#options;
    const { name, suite, signDays, verifyDays } = settings;
    const secret = draw(random, suite);
    const { publicKey } = crypto.signer(secret, suite);
    assert(publicKey.length === (suite === 1 ? 32 : 65), 'a signer is of the suite that was asked for');
    const id = idOf(publicKey);
    await folder.keep(secretName(id), { suite, secret });
    const now = this.#now();
    const made = await alone(database, async (transaction) => {
      const rows = await transaction.selectFrom('issuer_key').selectAll().execute();
      // Another process may have made the next one at the same time: one is enough.
      const waiting = signFrom === null ? rows.find((row) => isWaiting(row, name)) : undefined;
      if (waiting !== undefined) return waiting;
      const kid = freeKid(rows, now);
      if (kid === undefined) return undefined;
      const values: Row = {
        id,
        issuer: name,
        kid,
        suite,
        public_key: toHex(publicKey),
        scope: JSON.stringify(scopeOf(settings)),
        made_at_seconds: now,
        // A gate may be a little behind the district.
        not_before_seconds: now - DAY_SECONDS,
        sign_from_seconds: signFrom,
        sign_until_seconds: now + signDays * DAY_SECONDS,
        verify_until_seconds: now + verifyDays * DAY_SECONDS,
        published_version: null,
        retired_at_seconds: null,
        cut_off_seconds: null,
      };
      await transaction.insertInto('issuer_key').values(values).execute();
      return values;
    });
    if (made?.id !== id) await folder.remove(secretName(id));
    await this.#load();
    return made === undefined ? err('kids-exhausted') : ok(made.kid);
  }

  async #takeOver({ kid, secret, notBefore }: FormerIssuerKey): Promise<void> {
    const { crypto, folder, database, issuers } = this.#options;
    const [first] = issuers;
    const { publicKey } = crypto.signer(secret, 1);
    const id = idOf(publicKey);
    await folder.keep(secretName(id), { suite: 1, secret });
    const values: Row = {
      id,
      issuer: first?.name ?? '',
      kid,
      suite: 1,
      public_key: toHex(publicKey),
      scope: JSON.stringify(first === undefined ? {} : scopeOf(first)),
      made_at_seconds: notBefore,
      not_before_seconds: notBefore,
      sign_from_seconds: notBefore,
      // Spans that the first form's key sets gave their key.
      sign_until_seconds: notBefore + 180 * DAY_SECONDS,
      verify_until_seconds: notBefore + 270 * DAY_SECONDS,
      published_version: 1,
      retired_at_seconds: null,
      cut_off_seconds: null,
    };
    await database
      .insertInto('issuer_key')
      .values(values)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async #load(): Promise<void> {
    const { database, district, crypto, folder, issuers } = this.#options;
    const rows = await database
      .selectFrom('issuer_key')
      .selectAll()
      .orderBy('made_at_seconds')
      .orderBy('kid')
      .execute();
    const known = new Map(this.#keys.map((key) => [key.row.id, key.issuer]));
    const keys: Key[] = [];
    for (const row of rows) {
      const settings = issuers.find(({ name }) => name === row.issuer);
      const scope = settings === undefined ? (JSON.parse(row.scope) as Scope) : scopeOf(settings);
      const suite: Suite = row.suite === 2 ? 2 : 1;
      const secret =
        row.retired_at_seconds === null && !known.has(row.id)
          ? await folder.secret(secretName(row.id))
          : undefined;
      const signer = secret === undefined ? undefined : crypto.signer(secret.secret, suite);
      const issuer =
        signer === undefined
          ? known.get(row.id)
          : { district, kid: row.kid, suite, sign: (message: Uint8Array) => signer.sign(message) };
      keys.push({ row, scope, ...(issuer === undefined ? {} : { issuer }) });
    }
    this.#keys = keys;
  }

  async #forgetSecrets(): Promise<void> {
    const now = this.#now();
    for (const { row } of this.#keys)
      if (row.sign_until_seconds < now) await this.#options.folder.remove(secretName(row.id));
  }

  /** Of those that may sign, the one that began last. */
  #signing(name: string, now: number): Key | undefined {
    let newest: Key | undefined;
    for (const key of this.#keys) {
      const { row, issuer } = key;
      const begun = row.sign_from_seconds;
      if (row.issuer !== name || issuer === undefined || row.retired_at_seconds !== null) continue;
      if (begun === null || begun > now || now > row.sign_until_seconds) continue;
      if (begun >= (newest?.row.sign_from_seconds ?? 0)) newest = key;
    }
    return newest;
  }

  #next(name: string): Key | undefined {
    return this.#keys.findLast(
      ({ row, issuer }) =>
        row.issuer === name &&
        issuer !== undefined &&
        row.retired_at_seconds === null &&
        row.sign_from_seconds === null,
    );
  }

  #stateOf(row: Row, now: number): IssuerState['state'] {
    if (row.retired_at_seconds !== null || row.verify_until_seconds < now) return 'withdrawn';
    if (row.sign_from_seconds === null) return 'next';
    return this.#signing(row.issuer, now)?.row.id === row.id ? 'signing' : 'former';
  }

  #now(): number {
    return unixSeconds(this.#options.clock.wall());
  }
}
