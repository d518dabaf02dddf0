import { err, fromHex, localTime, ok, type Result, toHex, unixSeconds, utcDay } from '../../base/index.ts';
import { type Assurance, type Claim, parseCode, signedMessage, signedParts } from '../../code/index.ts';
import { issueCard, issueCredential, issuePass, issueToken } from '../../issue/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { IssuedCode, NewPass } from '../../wire/index.ts';
import type { Resident } from '../database/database.ts';
import type { DistrictCrypto, KeyRing } from '../keys/key-ring.ts';
import type { HolderKeyProblem, Registry } from '../registry/registry.ts';

/**
 * The issuing desk: gives codes to residents of the registry who are in good standing. It signs nothing for anybody else,
 * and nothing that outlives the issuer key.
 */
export interface IssuingOptions {
  readonly district: string;
  readonly timeZone: string;
  readonly registry: Registry;
  readonly keys: KeyRing;
  readonly crypto: DistrictCrypto;
  readonly clock: Clock;
}

export type IssuingProblem = 'no-such-resident' | 'not-in-good-standing' | 'key-over' | 'key-not-registered';
export type ProofProblem = HolderKeyProblem | 'bad-proof' | 'proof-too-old';

/** A proof of possession is a kind 3 code of the present: as fresh as a gate would ask for. */
const PROOF_WINDOW_SECONDS = 90;

export class Issuing {
  readonly #options: IssuingOptions;

  constructor(options: IssuingOptions) {
    this.#options = options;
  }

  /** Kind 1 */
  async token(index: number, ttlMinutes: number): Promise<Result<IssuedCode, IssuingProblem>> {
    return this.#issue(index, (resident, now) => {
      const assurance = assuranceOf(resident);
      const claim = issueToken(this.#issuer, { index, iat: now, ttlMinutes, assurance });
      return shown(claim, now + ttlMinutes * 60);
    });
  }

  /** Kind 5 */
  async card(index: number, days: number): Promise<Result<IssuedCode, IssuingProblem>> {
    return this.#issue(index, (resident, now) => {
      const firstDay = localTime(now, this.#options.timeZone).day;
      const lastDay = firstDay + days - 1;
      const claim = issueCard(this.#issuer, { index, firstDay, lastDay, assurance: assuranceOf(resident) });
      return shown(claim, now + days * 86_400);
    });
  }

  /** Kind 2, the district's part in hex, for a phone that is registered. */
  async credential(
    index: number,
    { publicKey, days }: { publicKey: string; days: number },
  ): Promise<Result<{ credential: string; lastDay: number }, IssuingProblem>> {
    const holderPublicKey = fromHex(publicKey);
    const roster = await this.#options.registry.holderKeys(index);
    if (holderPublicKey === undefined || !roster.includes(publicKey)) return err('key-not-registered');
    return this.#issue(index, (resident, now) => {
      const lastDay = utcDay(now) + days - 1;
      const fields = { index, lastDay, assurance: assuranceOf(resident), holderPublicKey };
      return { credential: toHex(issueCredential(this.#issuer, fields)), lastDay };
    });
  }

  /** Kind 4. The pass enters the visitors' list by what the caller publishes next. */
  async pass(host: number, pass: NewPass): Promise<Result<IssuedCode & { passId: number }, IssuingProblem>> {
    const standing = await this.#standing(host);
    if (!standing.ok) return standing;
    const from = pass.from ?? unixSeconds(this.#options.clock.wall());
    const passId = await this.#options.registry.addPass(host, { ...pass, from });
    const { community, minutes, uses } = pass;
    const claim = issuePass(this.#issuer, { passId, hostIndex: host, community, from, minutes, uses });
    return ok({ ...shown(claim, from + minutes * 60), passId });
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

  get #issuer() {
    return this.#options.keys.issuer.issuer;
  }

  async #issue<Code>(
    index: number,
    make: (resident: Resident, now: number) => Code,
  ): Promise<Result<Code, IssuingProblem>> {
    const standing = await this.#standing(index);
    return standing.ok ? ok(make(standing.value, unixSeconds(this.#options.clock.wall()))) : standing;
  }

  async #standing(index: number): Promise<Result<Resident, IssuingProblem>> {
    const { registry, keys, clock } = this.#options;
    if (unixSeconds(clock.wall()) > keys.issuer.signUntil) return err('key-over');
    const resident = await registry.record(index);
    if (resident === undefined) return err('no-such-resident');
    return resident.state === 1 || resident.state === 2 ? err('not-in-good-standing') : ok(resident);
  }
}

function assuranceOf({ assurance }: Resident): Assurance {
  return assurance === 1 || assurance === 2 ? assurance : 0;
}

function shown(claim: Claim, expiresAt: number): IssuedCode {
  return { code: claim.canonical, kind: claim.fields.kind, expiresAt };
}
