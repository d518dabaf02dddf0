import type { VerifyTrust } from '../verify/index.ts';
import {
  type DocumentName,
  type Operator,
  type Policy,
  policyPayload,
  STATUS_SUBJECTS,
} from '../wire/index.ts';
import type { GateIdentity, TrustNow } from './case.ts';
import { type ExpiryWarning, type Freshness, freshnessOf, listFreshAt, warningsOf } from './freshness.ts';
import { type Held, type RosterContent, statusList } from './held.ts';

/** What the gate believes, as one immutable thing: a scan reads one from beginning to end. */
export interface TrustSnapshot extends VerifyTrust {
  /** The signed rules; until there are any, the defaults, under which no key opens anything. */
  readonly policy: Policy;
  readonly operators: readonly Operator[];
  readonly roster: RosterContent;
  /** What is held, by document; `root` included. */
  readonly versions: ReadonlyMap<DocumentName, HeldVersion>;
  freshness(now: TrustNow): Freshness;
  warnings(now: TrustNow): readonly ExpiryWarning[];
}

export interface HeldVersion {
  readonly version: number;
  readonly hash: string;
  /** Unix seconds */
  readonly issuedAt: number;
  readonly expiresAt?: number;
  /** Lists: when it was last known to be current. */
  readonly freshAt?: number;
}

const NO_ROSTER: RosterContent = {
  size: 0,
  indices: new Uint32Array(),
  get: () => undefined,
  member: () => undefined,
  find: () => [],
};

export interface SnapshotOf {
  readonly identity: GateIdentity;
  /** Until a signed policy names one. */
  readonly timeZone: string;
}

export function snapshotOf(held: Held, of: SnapshotOf): TrustSnapshot {
  const { identity } = of;
  const { contents } = held;
  const policy = contents.policy ?? unsignedDefaults(of);
  return Object.freeze({
    district: identity.district,
    community: identity.community,
    timeZone: policy.timeZone,
    keys: contents.keyset?.keys ?? new Map(),
    residents: statusList(contents.residents),
    passes: statusList(contents.visitors),
    roster: contents.roster ?? NO_ROSTER,
    policy,
    operators: contents.operators?.operators ?? [],
    versions: versionsOf(held),
    freshness: (now: TrustNow) => freshnessOf(held, { now, community: identity.community }),
    warnings: (now: TrustNow) => warningsOf(held, now),
  });
}

function versionsOf(held: Held): ReadonlyMap<DocumentName, HeldVersion> {
  const versions = new Map<DocumentName, HeldVersion>();
  if (held.root !== undefined) {
    const { payload, hash } = held.root;
    versions.set('root', { version: payload.version, hash, issuedAt: payload.iat, expiresAt: payload.exp });
  }
  for (const { name, version, hash, issuedAt, expiresAt } of held.papers.values()) {
    versions.set(name, { version, hash, issuedAt, ...(expiresAt === undefined ? {} : { expiresAt }) });
  }
  for (const subject of STATUS_SUBJECTS) {
    const [list, paper, freshAt] = [
      held.contents[subject],
      versions.get(subject),
      listFreshAt(held, subject),
    ];
    if (list === undefined || paper === undefined || freshAt === undefined) continue;
    versions.set(subject, { ...paper, version: list.version, hash: list.hash, freshAt });
  }
  return versions;
}

function unsignedDefaults(of: SnapshotOf): Policy {
  const { district, community } = of.identity;
  return policyPayload.parse({
    iss: district,
    aud: community,
    version: 1,
    iat: 0,
    exp: 0,
    timeZone: of.timeZone,
  });
}
