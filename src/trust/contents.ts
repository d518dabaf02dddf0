import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { concat, decodeBase64url, fromHex, ok, type Result } from '../base/index.ts';
import {
  type HolderKey,
  type IssuerKey,
  lazyKey,
  type RosterEntry,
  type SignatureEngine,
  type VerifyKey,
} from '../verify/index.ts';
import {
  type IssuerJwk,
  type KeysetPayload,
  type RosterMember,
  type RosterPayload,
  STATUS_BYTES_MAX,
  setStatus,
  type StatusDeltaPayload,
  type StatusListPayload,
  type StatusBits,
  statusBytes,
} from '../wire/index.ts';
import { deltaOf, type KeysetContent, type ListContent, type RosterContent } from './held.ts';
import { type DocumentRefused, refuse } from './refused.ts';

/** From checked payloads to what verify reads: keys ready for use, lists inflated, rosters indexed. */

/** Every key is checked by the engine once, here: one that must not be used refuses the whole set. */
export function readKeyset(
  payload: KeysetPayload,
  engine: SignatureEngine,
): Result<KeysetContent, DocumentRefused> {
  const keys = new Map<number, IssuerKey>();
  for (const [at, jwk] of payload.keys.entries()) {
    const bytes = publicKeyOf(jwk);
    const key = bytes === undefined ? undefined : engine.importKey(jwk.suite, bytes);
    if (key === undefined)
      return refuse('bad-key', { document: 'keyset', field: `keys.${at}`, detail: `kid ${jwk.kid}` });
    keys.set(Number(jwk.kid), issuerKey(jwk, key));
  }
  return ok({ keys, listed: payload.keys });
}

/** Inflates off the main thread, and never more than the limit. */
export async function readList(payload: StatusListPayload): Promise<Result<ListContent, DocumentRefused>> {
  const at = { document: payload.sub, field: 'status_list.lst' };
  const packed = decodeBase64url(payload.status_list.lst);
  if (packed === undefined) return refuse('malformed', { ...at, detail: 'is not base64url' });
  let bytes: Uint8Array;
  try {
    bytes = await promisify(inflate)(packed, { maxOutputLength: STATUS_BYTES_MAX });
  } catch (error) {
    const bomb = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return refuse(bomb ? 'too-large' : 'malformed', { ...at, detail: bomb ? 'inflated' : 'is not zlib' });
  }
  if (bytes.length !== statusBytes(payload.length)) {
    return refuse('malformed', { document: payload.sub, field: 'length', detail: `${bytes.length} bytes` });
  }
  const { length, version } = payload;
  // A copy of just that size: what inflate gives may lie in a larger buffer.
  const own = new Uint8Array(bytes);
  return ok({ bytes: own, length, version, base: version, hash: await listHash(own) });
}

/** A changed copy of the list that is held; the one that scans are reading stays as it is. */
export async function applyDelta(
  list: ListContent | undefined,
  delta: StatusDeltaPayload,
): Promise<Result<ListContent, DocumentRefused>> {
  const at = { document: deltaOf(delta.sub), wantsSnapshot: delta.sub };
  if (list === undefined || list.base !== delta.base) {
    const held = list === undefined ? 'no list is held' : `held is a change of version ${list.base}`;
    return refuse('base-mismatch', { ...at, field: 'base', detail: `${delta.base}, ${held}` });
  }
  if (delta.length < list.length)
    return refuse('malformed', { ...at, field: 'length', detail: 'a list never shrinks' });
  const bytes = new Uint8Array(statusBytes(delta.length));
  bytes.set(list.bytes);
  for (const state of [0, 1, 2, 3] as const) {
    if (!change(bytes, delta, state)) return refuse('malformed', { ...at, field: `changes.${state}` });
  }
  const hash = await listHash(bytes);
  if (hash !== delta.hash) return refuse('hash-mismatch', { ...at, field: 'hash' });
  return ok({ bytes, length: delta.length, version: delta.version, base: delta.base, hash });
}

/** Holder keys are made ready when they are first used: a check of thousands at once would stall the gate. */
export function readRoster(payload: RosterPayload, engine: SignatureEngine): RosterContent {
  const byIndex = new Map<number, RosterEntry>();
  const byPlace = new Map<number, RosterEntry>();
  const byLookup = new Map<string, RosterEntry[]>();
  for (const member of payload.entries) {
    const entry = rosterEntry(member, engine);
    byIndex.set(member.index, entry);
    byPlace.set(member.household * 8 + member.order, entry);
    for (const hash of member.lookups) byLookup.set(hash, [...(byLookup.get(hash) ?? []), entry]);
  }
  const keyOf = (hex: string | undefined) => (hex === undefined ? undefined : fromHex(hex));
  const [lookupKey, shortCodeKey] = [keyOf(payload.lookupKey), keyOf(payload.shortCodeKey)];
  return {
    size: byIndex.size,
    get: (index) => byIndex.get(index),
    member: (household, order) => byPlace.get(household * 8 + order),
    find: (hash) => byLookup.get(hash) ?? [],
    indices: Uint32Array.from(byIndex.keys()),
    ...(lookupKey === undefined ? {} : { lookupKey }),
    ...(shortCodeKey === undefined ? {} : { shortCodeKey }),
  };
}

function publicKeyOf(jwk: IssuerJwk): Uint8Array | undefined {
  const x = decodeBase64url(jwk.x);
  if (jwk.suite === 1) return x;
  const y = decodeBase64url(jwk.y);
  return x === undefined || y === undefined ? undefined : concat(Uint8Array.of(4), x, y);
}

function issuerKey(jwk: IssuerJwk, key: VerifyKey): IssuerKey {
  return {
    kid: Number(jwk.kid),
    suite: jwk.suite,
    key,
    notBefore: jwk.notBefore,
    notAfter: jwk.verifyUntil,
    retired: jwk.retired === true,
    ...(jwk.cutOff === undefined ? {} : { cutOff: jwk.cutOff }),
    ...(jwk.kinds === undefined ? {} : { kinds: new Set(jwk.kinds) }),
    ...(jwk.communities === undefined ? {} : { communities: new Set(jwk.communities) }),
  };
}

async function listHash(bytes: Uint8Array): Promise<string> {
  // One pass over 3 MB; in pieces, so that a scan can come in between.
  const hash = createHash('sha256');
  const piece = 262_144;
  for (let at = 0; at < bytes.length; at += piece) {
    hash.update(bytes.subarray(at, at + piece));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return hash.digest('hex');
}

function change(bytes: Uint8Array, delta: StatusDeltaPayload, state: StatusBits): boolean {
  let place = 0;
  for (const gap of delta.changes[`${state}`]) {
    place += gap;
    if (place >= delta.length) return false;
    setStatus(bytes, place, state);
  }
  return true;
}

function rosterEntry(member: RosterMember, engine: SignatureEngine): RosterEntry {
  const { index, household, order, display, lastDay } = member;
  return {
    index,
    household,
    order,
    keys: member.keys.map((key) => holderKey(key, engine)),
    ...(display === undefined ? {} : { display }),
    ...(lastDay === undefined ? {} : { lastDay }),
    ...(member.needsMoreTime === undefined ? {} : { needsMoreTime: true }),
    ...(member.minor === undefined ? {} : { minor: true }),
  };
}

function holderKey(listed: RosterMember['keys'][number], engine: SignatureEngine): HolderKey {
  const publicKey = fromHex(listed.public) ?? new Uint8Array();
  return { slot: listed.slot, publicKey, key: lazyKey(engine, 1, publicKey) };
}
