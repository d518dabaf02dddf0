import { createHash } from 'node:crypto';
import { toHex } from '../base/index.ts';
import { nodeEngine } from '../crypto/index.ts';
import {
  type DocumentSigner,
  documentSigner,
  signAck,
  signCommand,
  signKeyset,
  signOperators,
  signPolicy,
  signRoot,
  signRoster,
  signStatusDelta,
  signStatusList,
  signTime,
  statusChanges,
  statusListClaim,
  statusListHash,
  statusListOf,
} from '../issue/index.ts';
import type { SignatureEngine, VerifyKey } from '../verify/index.ts';
import { ROLES, type Role, type StatusBits } from '../wire/index.ts';
import { openTrust, type TrustOptions } from './index.ts';

/** For tests: a small district with role keys out of seeds and a document of every kind, and a disk that can fail. */
export { type Failure, SimulatedDisk } from './simulated-disk.ts';

export const NOW = 1_798_689_788;
export const DAY = 86_400;
export const DISTRICT = 'gaoxin';
export const COMMUNITY = 15_069_516;
export const GATE = 'north-1';
export const now = { seconds: NOW, quality: 'synced' } as const;
export const engine = remembering(nodeEngine());

/** The real engine, which looks at each key once for all tests of a file. */
function remembering(real: SignatureEngine): SignatureEngine {
  const keys = new Map<string, VerifyKey | undefined>();
  return {
    importKey: (suite, publicKey) => {
      const name = `${suite} ${toHex(publicKey)}`;
      if (!keys.has(name)) keys.set(name, real.importKey(suite, publicKey));
      return keys.get(name);
    },
  };
}

export function seed(name: string): Uint8Array {
  return createHash('sha256').update(`test seed ${name}`).digest();
}

export function signer(name: string): Promise<DocumentSigner> {
  return documentSigner(seed(name));
}

const claims = (version: number) => ({ iss: DISTRICT, version, iat: NOW, exp: NOW + 30 * DAY });

/** Which seeds hold a role; a role that is not named has its own name's. */
export type Holders = Partial<Record<Role, readonly string[]>>;

export class TestDistrict {
  readonly roots: string[] = [];
  #holders: Record<Role, readonly string[]> = Object.fromEntries(
    ROLES.map((role) => [role, [role]]),
  ) as unknown as Record<Role, readonly string[]>;

  static async found(holders: Holders = {}): Promise<TestDistrict> {
    const district = new TestDistrict();
    await district.root({ root: ['root-a', 'root-b', 'root-c'], ...holders });
    return district;
  }

  /** A new root version, signed by all keys of this one and of the one before, or by those named. */
  async root(holders: Holders = {}, by?: readonly string[], exp = NOW + 365 * DAY): Promise<string> {
    const before = this.#holders;
    this.#holders = { ...before, ...holders };
    const names = [...new Set(ROLES.flatMap((role) => this.#holders[role]))];
    const keys = await Promise.all(names.map(async (name) => [name, await signer(name)] as const));
    const kidOf = Object.fromEntries(keys.map(([name, key]) => [name, key.kid]));
    const roles = Object.fromEntries(
      ROLES.map((role) => [
        role,
        {
          keys: this.#holders[role].map((name) => kidOf[name] ?? ''),
          threshold: role === 'root' ? Math.min(2, this.#holders.root.length) : 1,
        },
      ]),
    ) as never;
    const signing = by ?? [...new Set([...before.root, ...this.#holders.root])];
    const text = await signRoot(await Promise.all(signing.map(signer)), {
      ...claims(this.roots.length + 1),
      exp,
      keys: Object.fromEntries(keys.map(([, key]) => [key.kid, key.publicJwk])),
      roles,
    });
    this.roots.push(text);
    return text;
  }

  chain(): string {
    return `[${this.roots.join(',')}]`;
  }

  async by(role: Role): Promise<DocumentSigner> {
    return signer(this.#holders[role][0] ?? '');
  }

  async policy(version = 1, extra: object = {}): Promise<string> {
    const zone = { aud: COMMUNITY, timeZone: 'Asia/Shanghai' };
    return signPolicy(await this.by('policy'), { ...claims(version), ...zone, ...extra });
  }

  async keyset(version = 1, extra: object = {}, issuer = 'issuer'): Promise<string> {
    const { publicJwk } = await signer(issuer);
    const span = { notBefore: NOW - DAY, signUntil: NOW + DAY, verifyUntil: NOW + 2 * DAY };
    const keys = [{ ...publicJwk, kid: '42', suite: 1 as const, ...span }];
    return signKeyset(await this.by('keyset'), { ...claims(version), keys, ...extra });
  }

  async list(version = 1, states: Record<number, StatusBits> = {}, extra: object = {}): Promise<string> {
    const bytes = listBytes(states);
    const status_list = await statusListClaim(bytes);
    const own = { sub: 'residents' as const, length: LIST_LENGTH, status_list };
    return signStatusList(await this.by('status'), {
      ...claims(version),
      exp: NOW + 3 * DAY,
      ...own,
      ...extra,
    });
  }

  async delta(
    [base, version]: readonly [number, number],
    before: Record<number, StatusBits>,
    after: Record<number, StatusBits>,
  ): Promise<string> {
    const bytes = listBytes({ ...before, ...after });
    const changes = statusChanges(bytes, Object.keys(after).map(Number));
    const own = { sub: 'residents' as const, length: LIST_LENGTH, hash: statusListHash(bytes) };
    const issued = { iss: DISTRICT, base, version, iat: NOW };
    return signStatusDelta(await this.by('status'), { ...issued, ...own, changes });
  }

  async roster(version = 1, extra: object = {}): Promise<string> {
    const entries = [{ index: 7, household: 1, order: 0, display: '张*', lookups: ['ab'.repeat(16)] }];
    return signRoster(await this.by('roster'), { ...claims(version), aud: COMMUNITY, entries, ...extra });
  }

  async operators(version = 1, extra: object = {}): Promise<string> {
    const { kid, publicJwk } = await signer('operator');
    const operator = {
      actor: 'op-1',
      kid,
      key: publicJwk,
      verbs: ['open' as const],
      from: NOW - DAY,
      until: NOW + DAY,
    };
    const operators = [{ ...operator, ...extra }];
    return signOperators(await this.by('operators'), { ...claims(version), operators });
  }

  async time(seconds = NOW, documents = {}, extra: object = {}): Promise<string> {
    const own = { iss: DISTRICT, iat: seconds, exp: seconds + 60, time: seconds * 1000, documents };
    return signTime(await this.by('time'), { ...own, ...extra });
  }

  async ack(extra: object = {}): Promise<string> {
    const row = { journal: '0'.repeat(32), seq: 9, hash: 'a'.repeat(64) };
    return signAck(await this.by('ack'), { iss: DISTRICT, aud: GATE, iat: NOW, ...row, ...extra });
  }

  async command(extra: object = {}, by = 'operator'): Promise<string> {
    const life = { iat: NOW, exp: NOW + 30, counter: 1, jti: 'c-1' };
    const what = { verb: 'open' as const, actor: 'op-1', reason: 'rehearsal', nonce: '1'.repeat(32) };
    return signCommand(await signer(by), { iss: DISTRICT, aud: GATE, ...life, ...what, ...extra });
  }
}

export const LIST_LENGTH = 1_024;

export function listBytes(states: Record<number, StatusBits>): Uint8Array {
  const named = Object.entries(states).map(([place, state]) => ({ place: Number(place), state }));
  return statusListOf(LIST_LENGTH, named);
}

export function open(district: TestDistrict, options: Pick<TrustOptions, 'disk'> & Partial<TrustOptions>) {
  return openTrust({
    directory: '/trust',
    district: DISTRICT,
    community: COMMUNITY,
    gate: GATE,
    root: { document: district.roots[0] ?? '' },
    engine,
    plainRoster: true,
    ...options,
  });
}
