import { hash } from 'node:crypto';
import { assert, err, fromHex, type MonotonicMs, ok, type Result, toHex } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import {
  ENROL_TOKEN_BYTES,
  type EnrolBody,
  type EnrolledAnswer,
  enrolmentMessage,
  enrolmentText,
  type NewEnrolment,
} from '../../wire/index.ts';
import type { VerifySignature } from '../ingest/batch-check.ts';
import type { Database } from '../database/database.ts';
import { ENROL_ATTEMPTS_MAX, ENROL_ATTEMPTS_WITHIN_MS, ENROL_TOKEN_MS, ENROL_TOKENS_MAX } from '../limits.ts';
import type { Registry } from '../registry/registry.ts';
import { alone } from '../database/transaction.ts';

/**
 * New gates: a token of ten minutes for one gate, taken once and only with a proof of the gate's own key. Nothing is sealed
 * for the gate before an installer has compared its fingerprint. Of a token only the hash is kept.
 */
export interface EnrolmentOptions {
  readonly district: string;
  readonly timeZone: string;
  readonly communities: readonly { readonly id: number }[];
  readonly database: Database;
  readonly registry: Registry;
  readonly verifySignature: VerifySignature;
  readonly clock: Clock;
  readonly random: Random;
  /** Where gates reach the district and its broker. */
  readonly addresses: () => { desk: string; broker: { url: string; protocolVersion: 4 | 5 } };
}

export type EnrolmentProblem =
  | 'no-such-community'
  | 'address-not-printable'
  | 'too-many-tokens'
  | 'too-many-attempts'
  | 'bad-enrolment'
  | 'bad-enrolment-proof'
  | 'no-such-gate'
  | 'other-fingerprint';

export class Enrolments {
  readonly #options: EnrolmentOptions;
  #attempts: MonotonicMs[] = [];

  constructor(options: EnrolmentOptions) {
    this.#options = options;
  }

  async open({
    gate,
    community,
  }: NewEnrolment): Promise<Result<{ text: string; expiresAt: number }, EnrolmentProblem>> {
    const { database, communities, clock, random, addresses } = this.#options;
    if (!communities.some(({ id }) => id === community)) return err('no-such-community');
    const now = clock.wall();
    const token = toHex(random.bytes(ENROL_TOKEN_BYTES));
    const root = (await this.#root()).hash;
    const text = enrolmentText({ root, token, address: addresses().desk });
    if (text === undefined) return err('address-not-printable');
    const expiresAt = now + ENROL_TOKEN_MS;
    const row = { hash: hashOf(token), gate, community, expires_at: expiresAt };
    const kept = await alone(database, async (transaction) => {
      // The newest symbol of a gate is the one on the screen: an older one ends with it.
      await transaction
        .deleteFrom('enrolment')
        .where((each) => each.or([each('expires_at', '<=', now), each('gate', '=', gate)]))
        .execute();
      const open = await transaction.selectFrom('enrolment').select('hash').execute();
      if (open.length >= ENROL_TOKENS_MAX) return false;
      await transaction.insertInto('enrolment').values(row).execute();
      return true;
    });
    return kept ? ok({ text, expiresAt: Math.floor(expiresAt / 1000) }) : err('too-many-tokens');
  }

  async take(body: EnrolBody): Promise<Result<EnrolledAnswer, EnrolmentProblem>> {
    const { database, registry, verifySignature, clock, addresses, district, timeZone } = this.#options;
    if (!this.#mayTry()) return err('too-many-attempts');
    const root = await this.#root();
    const [key, signature] = [fromHex(body.deviceKey), fromHex(body.proof)];
    assert(key !== undefined && signature !== undefined, 'the schema has checked the hex');
    const message = enrolmentMessage({ root: root.hash, token: body.token }, body);
    if (!verifySignature(key, { message, signature })) return err('bad-enrolment-proof');
    const taken = await database
      .deleteFrom('enrolment')
      .where('hash', '=', hashOf(body.token))
      .where('expires_at', '>', clock.wall())
      .returning(['gate', 'community'])
      .executeTakeFirst();
    if (taken === undefined) return err('bad-enrolment');
    const { deviceKey, sealKey } = body;
    const password = await registry.enrolGate({ ...taken, deviceKey, sealKey }, { confirmed: false });
    const broker = { ...addresses().broker, username: taken.gate, password };
    return ok({ ...taken, district, timeZone, root: root.text, broker });
  }

  async confirm(gateId: string, fingerprint: string): Promise<Result<string, EnrolmentProblem>> {
    const { registry } = this.#options;
    const gate = await registry.gate(gateId);
    if (gate === undefined) return err('no-such-gate');
    const isSame = deviceFingerprint(gate.device_key) === fingerprint;
    // Confirmed by its key: one that was enrolled meanwhile under the same name is another gate.
    return isSame && (await registry.confirmGate(gateId, gate.device_key))
      ? ok(gateId)
      : err('other-fingerprint');
  }

  async #root(): Promise<{ hash: string; text: string }> {
    const { database } = this.#options;
    const query = database.selectFrom('document').select(['hash', 'text']).where('name', '=', 'root');
    return query.executeTakeFirstOrThrow();
  }

  #mayTry(): boolean {
    const now = this.#options.clock.monotonic();
    this.#attempts = this.#attempts.filter((at) => now - at < ENROL_ATTEMPTS_WITHIN_MS);
    if (this.#attempts.length >= ENROL_ATTEMPTS_MAX) return false;
    this.#attempts.push(now);
    return true;
  }
}

/** SHA-256 of the raw device key, hex: what gate and console both show. */
export function deviceFingerprint(deviceKey: string): string {
  return hash('sha256', Buffer.from(deviceKey, 'hex'), 'hex');
}

/** A token is 16 random bytes, so a plain hash keeps it. */
function hashOf(token: string): string {
  return hash('sha256', token, 'hex');
}
