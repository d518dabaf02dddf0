import { err, fromHex, localTime, ok, type Result, toHex, unixSeconds, utcDay } from '../../base/index.ts';
import { type Assurance, type Claim, parseCode, signedMessage, signedParts } from '../../code/index.ts';
import { type Issuer, issueCard, issueCredential, issuePass, issueToken } from '../../issue/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { IssuedCode, NewPass } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import type { Choice } from '../keys/issuer-key.ts';
import type { ChoiceProblem, Issuers } from '../keys/issuers.ts';
import type { DistrictCrypto, KeyRing } from '../keys/key-ring.ts';
import type { HolderKeyProblem, Registry } from '../registry/registry.ts';
import { PassBook } from './pass-book.ts';
import { phonesOf, type Standing, standingOf } from './standing.ts';

/**
 * The issuing desk: gives codes to residents of the registry who are in good standing. It signs nothing for anybody else,
 * nothing outside its issuer's scope, and nothing that outlives the issuer key.
 */
export interface IssuingOptions {
  readonly district: string;
  readonly timeZone: string;
  readonly database: Database;
  readonly registry: Registry;
  readonly issuers: Issuers;
  readonly keys: Pick<KeyRing, 'shortCodes'>;
  /** false: no phone is given a secret of short codes. */
  readonly shortCodes?: boolean;
  readonly crypto: DistrictCrypto;
  readonly clock: Clock;
}

export type IssuingProblem =
  | 'no-such-resident'
  | 'not-in-good-standing'
  | 'key-not-registered'
  | 'no-short-codes'
  | ChoiceProblem;
export type ProofProblem = HolderKeyProblem | 'bad-proof' | 'proof-too-old';

/** Which issuer is to sign, by its name; left out, the first that may. */
export interface IssuerWish {
  readonly issuer?: string | undefined;
}

/** A proof of possession is a kind 3 code of the present: as fresh as a gate would ask for. */
const PROOF_WINDOW_SECONDS = 90;
const DAY_SECONDS = 86_400;

export class Issuing {
  readonly #options: IssuingOptions;
  readonly #passes: PassBook;
  readonly #hasPhone: (index: number, publicKey: string) => Promise<boolean>;
  readonly #standing: (index: number) => Promise<Standing | undefined>;

  constructor(options: IssuingOptions) {
    this.#options = options;
    this.#standing = standingOf(options.database);
    this.#hasPhone = phonesOf(options.database);
    this.#passes = new PassBook(options.registry);
  }

  /** Kind 1 */
  async token(
    index: number,
    ttlMinutes: number,
    wish: IssuerWish = {},
  ): Promise<Result<IssuedCode, IssuingProblem>> {
    const now = this.#now();
    const until = now + ttlMinutes * 60;
    return this.#issue(index, { ...wish, kind: 1, until }, (issuer, { assurance }) => {
      const claim = issueToken(issuer, { index, iat: now, ttlMinutes, assurance });
      return shown(claim, until);
    });
  }

  /** Kind 5 */
  async card(
    index: number,
    days: number,
    wish: IssuerWish = {},
  ): Promise<Result<IssuedCode, IssuingProblem>> {
    const now = this.#now();
    const until = now + days * DAY_SECONDS;
    return this.#issue(index, { ...wish, kind: 5, until }, (issuer, { assurance }) => {
      const firstDay = localTime(now, this.#options.timeZone).day;
      const lastDay = firstDay + days - 1;
      return shown(issueCard(issuer, { index, firstDay, lastDay, assurance }), until);
    });
  }

  /** Kind 2, the district's part in hex, for a phone that is registered. */
  async credential(
    index: number,
    { publicKey, days, issuer }: { publicKey: string; days: number } & IssuerWish,
  ): Promise<Result<{ credential: string; lastDay: number }, IssuingProblem>> {
    const holderPublicKey = fromHex(publicKey);
    if (holderPublicKey === undefined || !(await this.#hasPhone(index, publicKey)))
      return err('key-not-registered');
    const now = this.#now();
    const lastDay = utcDay(now) + days - 1;
    const until = now + days * DAY_SECONDS;
    return this.#issue(index, { issuer, kind: 2, until }, (by, { assurance }) => ({
      credential: toHex(issueCredential(by, { index, lastDay, assurance, holderPublicKey })),
      lastDay,
    }));
  }

  /** What a phone makes its short codes of, hex. Asked again with every token: a stolen gate changes it. */
  async shortCodeSecret(index: number): Promise<Result<string, IssuingProblem>> {
    const { keys, district, shortCodes } = this.#options;
    if (shortCodes === false) return err('no-short-codes');
    const standing = await this.#goodStanding(index);
    if (!standing.ok) return standing;
    const { community } = standing.value;
    return ok(toHex(await keys.shortCodes.secretFor({ district, community, index })));
  }

  /** Kind 4. The pass enters the visitors' list by what the caller publishes next. */
  async pass(
    host: number,
    { issuer: wish, ...pass }: NewPass & IssuerWish,
  ): Promise<Result<IssuedCode & { passId: number }, IssuingProblem>> {
    const standing = await this.#goodStanding(host);
    if (!standing.ok) return standing;
    const from = pass.from ?? this.#now();
    const { community, minutes, uses } = pass;
    const until = from + minutes * 60;
    const issuer = this.#options.issuers.choose({ kind: 4, community, issuer: wish, until });
    if (!issuer.ok) return issuer;
    const passId = await this.#passes.enter({ ...pass, host, from });
    const fields = { passId, hostIndex: host, community, from, minutes, uses };
    return ok({ ...shown(issuePass(issuer.value, fields), until), passId });
  }

  /** Registers a phone: the proof is a kind 3 code of its key, for this index and the slot that it was offered. */
  async registerKey(
    index: number,
    given: { publicKey: string; proof: string },
  ): Promise<Result<number, ProofProblem>> {
    const { registry, clock, crypto, district } = this.#options;
    const resident = await registry.resident(index);
    if (resident === undefined) return err('no-such-resident');
    if (resident.nextSlot === undefined) return err('too-many-keys');
    const claim = parseCode(given.proof);
    const key = fromHex(given.publicKey);
    if (!claim.ok || key === undefined) return err('bad-proof');
    const { fields } = claim.value;
    const [part] = signedParts(claim.value);
    if (
      fields.kind !== 3 ||
      fields.index !== index ||
      fields.slot !== resident.nextSlot ||
      part === undefined
    )
      return err('bad-proof');
    const message = signedMessage('holder', district, part.bytes);
    if (!crypto.verifySignature(key, { message, signature: part.signature })) return err('bad-proof');
    if (Math.abs(unixSeconds(clock.wall()) - fields.ts) > PROOF_WINDOW_SECONDS) return err('proof-too-old');
    return registry.addHolderKey(index, fields.slot, given.publicKey);
  }

  async #issue<Code>(
    index: number,
    choice: Omit<Choice, 'community'>,
    make: (issuer: Issuer, resident: { assurance: Assurance }) => Code,
  ): Promise<Result<Code, IssuingProblem>> {
    const standing = await this.#goodStanding(index);
    if (!standing.ok) return standing;
    const { community } = standing.value;
    const issuer = this.#options.issuers.choose({ ...choice, community });
    return issuer.ok ? ok(make(issuer.value, { assurance: assuranceOf(standing.value) })) : issuer;
  }

  async #goodStanding(index: number): Promise<Result<Standing, IssuingProblem>> {
    const resident = await this.#standing(index);
    if (resident === undefined) return err('no-such-resident');
    return resident.state === 1 || resident.state === 2 ? err('not-in-good-standing') : ok(resident);
  }

  #now(): number {
    return unixSeconds(this.#options.clock.wall());
  }
}

function assuranceOf({ assurance }: Standing): Assurance {
  return assurance === 1 || assurance === 2 ? assurance : 0;
}

function shown(claim: Claim, expiresAt: number): IssuedCode {
  return { code: claim.canonical, kind: claim.fields.kind, expiresAt };
}
