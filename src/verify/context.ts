import { assert, fromHex } from '../base/index.ts';
import type { ContextFile } from '../wire/index.ts';
import type { SignatureEngine } from './engine.ts';
import { lazyKey } from './keys.ts';
import type {
  HolderKey,
  IssuerKey,
  Roster,
  RosterEntry,
  Status,
  StatusList,
  VerifyNow,
  VerifyTrust,
} from './trust.ts';
import type { VerifyAgainst } from './verify.ts';

/** A context file as verify wants it. It believes the file: for tests and tools, never for a gate. */

/** @returns what to judge against, and the file's `now` with a synced clock */
export function judgeBy(
  context: ContextFile,
  engine: SignatureEngine,
): { against: VerifyAgainst; now: VerifyNow } {
  return {
    against: { trust: trustOf(context, engine), rules: context.policy },
    now: { seconds: context.now, quality: 'synced', errorSeconds: 0 },
  };
}

function trustOf(context: ContextFile, engine: SignatureEngine): VerifyTrust {
  return {
    district: context.district.id,
    community: context.community,
    timeZone: context.district.timeZone,
    keys: new Map(context.keyset.map((key) => [key.kid, issuerKeyOf(key, engine)])),
    residents: sparseList(
      context.statusLength,
      context.statuses.map(({ index, state }) => [index, state]),
    ),
    passes: sparseList(
      context.passLength,
      context.passStatuses.map(({ passId, state }) => [passId, state]),
    ),
    roster: rosterOf(context.roster.map((resident) => entryOf(resident, engine))),
  };
}

function issuerKeyOf(key: ContextFile['keyset'][number], engine: SignatureEngine): IssuerKey {
  const { kid, suite, notBefore, notAfter, retired, cutOff, kinds, communities } = key;
  return {
    kid,
    suite,
    notBefore,
    notAfter,
    retired,
    key: lazyKey(engine, suite, bytesOf(key.public)),
    ...(cutOff === undefined ? {} : { cutOff }),
    ...(kinds === undefined ? {} : { kinds: new Set(kinds) }),
    ...(communities === undefined ? {} : { communities: new Set(communities) }),
  };
}

function entryOf(resident: ContextFile['roster'][number], engine: SignatureEngine): RosterEntry {
  const { index, household, order, display, needsMoreTime, minor, lastDay } = resident;
  const keys = resident.keys.map((key): HolderKey => {
    const publicKey = bytesOf(key.public);
    return { slot: key.slot, publicKey, key: lazyKey(engine, 1, publicKey) };
  });
  return {
    index,
    household,
    order,
    keys,
    ...(display === undefined ? {} : { display }),
    ...(needsMoreTime === undefined ? {} : { needsMoreTime }),
    ...(minor === undefined ? {} : { minor }),
    ...(lastDay === undefined ? {} : { lastDay }),
  };
}

function rosterOf(entries: readonly RosterEntry[]): Roster {
  const byIndex = new Map(entries.map((entry) => [entry.index, entry]));
  const byMember = new Map(entries.map((entry) => [`${entry.household}/${entry.order}`, entry]));
  return {
    get: (index) => byIndex.get(index),
    member: (household, order) => byMember.get(`${household}/${order}`),
  };
}

function sparseList(length: number, set: readonly (readonly [place: number, status: Status])[]): StatusList {
  const statuses = new Map(set);
  return { length, at: (place) => (place < length ? (statuses.get(place) ?? 0) : 1) };
}

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  assert(bytes !== undefined, 'the schema admits hex only');
  return bytes;
}
