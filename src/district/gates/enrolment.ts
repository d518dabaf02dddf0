import { hash } from 'node:crypto';
import { assert, err, fromHex, ok, type Result, toHex } from '../../base/index.ts';
import { RateLimit } from '../../http/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import {
  ENROL_TOKEN_BYTES,
  parseSigned,
  type EnrolBody,
  type EnrolledAnswer,
  enrolmentMessage,
  enrolmentText,
  type NewEnrolment,
  type NewGate,
  type RenewCertificateBody,
  renewalMessage,
} from '../../wire/index.ts';
import type { VerifySignature } from '../ingest/batch-check.ts';
import type { Database } from '../database/database.ts';
import {
  ENROL_ATTEMPTS_MAX,
  ENROL_ATTEMPTS_WITHIN_MS,
  ENROL_ROOTS_MAX,
  ENROL_TOKEN_MS,
  ENROL_TOKENS_MAX,
  LIMITED_CALLERS_MAX,
} from '../limits.ts';
import type { CertificateProblem, GateCertificates } from './certificates.ts';
import type { GateLife, LifeProblem } from './life.ts';
import { brokerHash } from '../centre/mosquitto.ts';
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
  readonly certificates: GateCertificates;
  readonly life: GateLife;
  /** Where gates reach the district and its broker, and how they show there who they are. */
  readonly addresses: () => { desk: string; broker: GateBroker };
  /** The broker takes in who may enter. */
  readonly admissionChanged: () => Promise<void>;
}

export interface GateBroker {
  readonly url: string;
  readonly protocolVersion: 4 | 5;
  /** It speaks TLS under a certificate of these authorities, PEM; left out: whatever the gate’s system trusts. */
  readonly authorities?: readonly string[];
  /** It takes the district’s certificates from gates. */
  readonly takesCertificates: boolean;
}

export type EnrolmentProblem =
  | 'no-such-community'
  | 'address-not-printable'
  | 'too-many-tokens'
  | 'too-many-attempts'
  | 'bad-enrolment'
  | 'bad-enrolment-proof'
  | 'no-such-gate'
  | 'other-fingerprint'
  | CertificateProblem
  | LifeProblem;

export class Enrolments {
  readonly #options: EnrolmentOptions;
  /** By address: whoever tries without end stops nobody else. */
  readonly #tries: RateLimit;

  constructor(options: EnrolmentOptions) {
    this.#options = options;
    this.#tries = new RateLimit({
      count: ENROL_ATTEMPTS_MAX,
      withinMs: ENROL_ATTEMPTS_WITHIN_MS,
      callersMax: LIMITED_CALLERS_MAX,
      clock: options.clock,
    });
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

  /** @param address of whoever asks */
  async take(body: EnrolBody, address = ''): Promise<Result<EnrolledAnswer, EnrolmentProblem>> {
    const { database, life, clock, district, timeZone } = this.#options;
    if (this.#tries.take(address) > 0) return err('too-many-attempts');
    const roots = await this.#roots();
    if (!this.#isProved(body, roots)) return err('bad-enrolment-proof');
    const taken = await database
      .deleteFrom('enrolment')
      .where('hash', '=', hashOf(body.token))
      .where('expires_at', '>', clock.wall())
      .returning(['gate', 'community'])
      .executeTakeFirst();
    if (taken === undefined) return err('bad-enrolment');
    const may = await life.mayEnrol(taken.gate, body.deviceKey);
    if (!may.ok) return may;
    const broker = await this.#admit(taken, body);
    if (!broker.ok) return broker;
    const root = roots.at(-1)?.text ?? '';
    return ok({
      ...taken,
      district,
      timeZone,
      root,
      roots: roots.map(({ text }) => text),
      broker: broker.value,
    });
  }

  /** A gate whose keys somebody has compared by hand. @returns its broker password, told once */
  async enter(gate: NewGate): Promise<Result<string, LifeProblem>> {
    const { registry, life, random, admissionChanged } = this.#options;
    const may = await life.mayEnrol(gate.gate, gate.deviceKey);
    if (!may.ok) return may;
    const isKnown = (await registry.gate(gate.gate)) !== undefined;
    await life.replace(gate.gate, gate);
    const password = await registry.enrolGate(gate);
    await life.keepBrokerHash(gate.gate, await brokerHash(password, random));
    if (isKnown) await life.throwOut(gate.gate);
    await admissionChanged();
    return ok(password);
  }

  /** A certificate for a gate that was away too long to ask over its broker: it proves itself by its device key alone. */
  async renew(body: RenewCertificateBody, address = ''): Promise<Result<string, EnrolmentProblem>> {
    const { registry, life, certificates, verifySignature, district } = this.#options;
    if (this.#tries.take(address) > 0) return err('too-many-attempts');
    const gate = await registry.gate(body.gate);
    const state = await life.stateOf(body.gate);
    const key = fromHex(gate?.device_key ?? '');
    const message = renewalMessage({ district, gate: body.gate, requestHash: hashOf(body.request) });
    const signature = fromHex(body.proof) ?? new Uint8Array();
    const isLiving = state === 'waiting' || state === 'confirmed';
    // One answer for a name that is not there, a life that is over, and a wrong key: nothing is told of who is there.
    if (key === undefined || !isLiving || !verifySignature(key, { message, signature }))
      return err('bad-enrolment-proof');
    return certificates.answer(body.gate, body.request);
  }

  /** A certificate where the gate asks for one and the broker takes it, else a password: never both. */
  async #admit(
    { gate, community }: NewEnrolment,
    { deviceKey, sealKey, request }: EnrolBody,
  ): Promise<Result<EnrolledAnswer['broker'], EnrolmentProblem>> {
    const { registry, certificates, life, random, addresses, admissionChanged } = this.#options;
    const { takesCertificates, authorities, ...at } = addresses().broker;
    const trusted = authorities === undefined ? {} : { authorities: [...authorities] };
    const asked = takesCertificates ? request : undefined;
    const before = await registry.gate(gate);
    // What the forerunner has ends before the new one is given anything.
    await life.replace(gate, { deviceKey });
    const certificate = asked === undefined ? undefined : await certificates.issue(gate, asked);
    if (certificate?.ok === false) return certificate;
    const password = await registry.enrolGate({ gate, community, deviceKey, sealKey }, { confirmed: false });
    const shows = certificate === undefined ? { password } : { certificate: certificate.value };
    if (certificate === undefined) await life.keepBrokerHash(gate, await brokerHash(password, random));
    if (before !== undefined) await life.throwOut(gate);
    await admissionChanged();
    return ok({ ...at, ...trusted, username: gate, ...shows });
  }

  #isProved(body: EnrolBody, roots: readonly { readonly hash: string }[]): boolean {
    const [key, signature] = [fromHex(body.deviceKey), fromHex(body.proof)];
    assert(key !== undefined && signature !== undefined, 'the schema has checked the hex');
    const own = {
      ...body,
      ...(body.request === undefined ? {} : { requestHash: hashOf(body.request) }),
    };
    // The symbol may be older than the newest root by its ten minutes.
    return roots.slice(-ENROL_ROOTS_MAX).some(({ hash: root }) => {
      const message = enrolmentMessage({ root, token: body.token }, own);
      return this.#options.verifySignature(key, { message, signature });
    });
  }

  async confirm(gateId: string, fingerprint: string): Promise<Result<string, EnrolmentProblem>> {
    const { registry, life } = this.#options;
    const gate = await registry.gate(gateId);
    const state = await life.stateOf(gateId);
    // One whose life is over is enrolled anew, never confirmed again.
    if (gate === undefined || state === 'retired' || state === 'stolen') return err('no-such-gate');
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

  async #roots(): Promise<readonly { readonly hash: string; readonly text: string }[]> {
    const { database } = this.#options;
    const versions = await database.selectFrom('root_version').select('text').orderBy('version').execute();
    return versions.map(({ text }) => ({ text, hash: payloadHash(text) }));
  }
}

/** SHA-256 of the raw device key, hex: what gate and console both show. */
export function deviceFingerprint(deviceKey: string): string {
  return hash('sha256', Buffer.from(deviceKey, 'hex'), 'hex');
}

/** A token is 16 random bytes, so a plain hash keeps it. */
function hashOf(text: string): string {
  return hash('sha256', text, 'hex');
}

/** As a symbol names a root. */
function payloadHash(document: string): string {
  const signed = parseSigned(document);
  assert(signed.ok, 'a root that was stored can be read');
  return hash('sha256', signed.value.payload, 'hex');
}
