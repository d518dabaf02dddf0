import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { assert, decodeBase64url } from '../../base/index.ts';
import {
  signStatusDelta,
  signStatusList,
  statusChanges,
  statusListClaim,
  statusListHash,
  statusListOf,
} from '../../issue/index.ts';
import {
  parseClaims,
  parseSigned,
  STATUS_BYTES_MAX,
  setStatus,
  statusAt,
  type StatusBits,
  statusBytes,
  statusDeltaPayload,
  statusListPayload,
  type StatusSubject,
} from '../../wire/index.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { DELTA_CHANGES_MAX, LIFE_SECONDS } from '../limits.ts';
import type { Registry } from '../registry/registry.ts';
import { type Shelf, signerOf } from './shelf.ts';

/**
 * The two status lists: a whole list from time to time, and between them one cumulative delta on top of it. The bytes stay
 * in memory, checked against the registry at the start and at every whole list, so that a change costs one pass of SHA-256.
 */
export interface StatusListsOptions {
  readonly district: string;
  readonly registry: Pick<Registry, 'statuses' | 'statesOf'>;
  readonly keys: Pick<KeyRing, 'signers'>;
  readonly shelf: Shelf;
}

interface Held {
  /** May be longer than the list: the visitors' grows. */
  bytes: Uint8Array;
  /** Places */
  length: number;
  /** Places that have changed since the whole list of `base`. */
  readonly changed: Set<number>;
  readonly base: number;
  version: number;
}

/** A list made small, as it stood at one version. */
export interface Packed {
  readonly version: number;
  readonly claim: Awaited<ReturnType<typeof statusListClaim>>;
}

export class StatusLists {
  readonly #options: StatusListsOptions;
  readonly #held = new Map<StatusSubject, Held>();

  constructor(options: StatusListsOptions) {
    this.#options = options;
  }

  /** Signs what is missing, behind the registry, or by a key that signs no more. */
  async refresh(list: StatusSubject): Promise<void> {
    const { shelf, keys } = this.#options;
    const stored = await shelf.get(list);
    if (stored === undefined) return this.#signFirst(list);
    const held = await this.#load(list);
    if (shelf.isOver(stored) || signerOf(stored.text) !== keys.signers.status.kid)
      return void (await this.signWhole(list));
    const newest = (await shelf.get(`${list}-delta`)) ?? stored;
    if (newest.hash !== hashOf(held)) await this.#signDelta(list, held);
  }

  /** Whether a whole list would now be better than a longer delta, or the one there is has lived half its life. */
  async wantsWhole(list: StatusSubject): Promise<boolean> {
    const span = (await this.#options.shelf.spans()).find(({ name }) => name === list);
    if (span === undefined || this.#options.shelf.halfSpent(span)) return true;
    return (this.#held.get(list)?.changed.size ?? 0) > DELTA_CHANGES_MAX;
  }

  /** Takes the registry's present states of these places in, and signs a delta with them. @returns its version */
  async change(list: StatusSubject, places: readonly number[]): Promise<number> {
    const held = this.#held.get(list) ?? (await this.#load(list));
    const { length, states } = await this.#options.registry.statesOf(list, places);
    grow(held, length);
    for (const place of places) {
      if (place >= held.length) continue;
      setStatus(held.bytes, place, bitsOf(states.get(place) ?? 0));
      held.changed.add(place);
    }
    await this.#signDelta(list, held);
    return this.#held.get(list)?.version ?? held.version;
  }

  /** The costly part of a whole list, done beside the changes that go on meanwhile. */
  async pack(list: StatusSubject): Promise<Packed> {
    const held = this.#held.get(list) ?? (await this.#load(list));
    const { version } = held;
    return { version, claim: await statusListClaim(bytesOf(held).slice()) };
  }

  /** @returns false when the list has changed since it was packed */
  async signWhole(list: StatusSubject, packed?: Packed): Promise<boolean> {
    const known = this.#held.get(list) ?? (await this.#load(list));
    if (packed !== undefined && packed.version !== known.version) return false;
    const { bytes, length } = await this.#fromRegistry(list, known.length);
    const isSame = statusListHash(bytes) === hashOf(known);
    const claim = packed !== undefined && isSame ? packed.claim : await statusListClaim(bytes);
    await this.#putWhole(list, { bytes, length, version: known.version + 1, claim });
    return true;
  }

  async #signFirst(list: StatusSubject): Promise<void> {
    const { bytes, length } = await this.#fromRegistry(list, 0);
    await this.#putWhole(list, { bytes, length, version: 1, claim: await statusListClaim(bytes) });
  }

  async #putWhole(
    list: StatusSubject,
    { bytes, length, version, claim }: { bytes: Uint8Array; length: number } & Packed,
  ): Promise<void> {
    const { district, keys, shelf } = this.#options;
    const issued = shelf.issued(version, LIFE_SECONDS.status);
    const text = await signStatusList(keys.signers.status, {
      ...issued,
      iss: district,
      sub: list,
      length,
      status_list: claim,
    });
    const { isOurs } = await shelf.put({ name: list, ...issued, text, hash: statusListHash(bytes) });
    if (!isOurs) return void (await this.#load(list));
    await shelf.remove(`${list}-delta`);
    this.#held.set(list, { bytes, length, changed: new Set(), base: version, version });
  }

  async #signDelta(list: StatusSubject, held: Held): Promise<void> {
    const { district, keys, shelf } = this.#options;
    if (!(await this.#isNewest(list, held))) return this.#signDelta(list, await this.#load(list));
    const issued = shelf.issued(held.version + 1, LIFE_SECONDS.status);
    const digest = hashOf(held);
    const text = await signStatusDelta(keys.signers.status, {
      iss: district,
      sub: list,
      base: held.base,
      version: issued.version,
      iat: issued.iat,
      length: held.length,
      changes: statusChanges(held.bytes, held.changed),
      hash: digest,
    });
    held.version = issued.version;
    const { isOurs } = await shelf.put({ name: `${list}-delta`, ...issued, text, hash: digest });
    if (isOurs) return;
    // Another process has signed in between: what it knows is read, and the change is said on top of that.
    const again = await this.#load(list);
    if (hashOf(again) !== (await shelf.get(`${list}-delta`))?.hash) await this.#signDelta(list, again);
  }

  /** False: another process has signed a list or a delta since. */
  async #isNewest(list: StatusSubject, { base, version }: Held): Promise<boolean> {
    const spans = await this.#options.shelf.spans();
    const versionOf = (name: string) => spans.find((span) => span.name === name)?.version ?? 0;
    return versionOf(list) === base && Math.max(base, versionOf(`${list}-delta`)) === version;
  }

  /** From the registry, with every place that differs from the whole list that is out or stands in the delta on it. */
  async #load(list: StatusSubject): Promise<Held> {
    const { shelf } = this.#options;
    const [stored, delta] = [await shelf.get(list), await shelf.get(`${list}-delta`)];
    assert(stored !== undefined, 'a list is signed before it is changed');
    const base = statusListPayload.parse(claimsOf(stored.text));
    const packed = decodeBase64url(base.status_list.lst);
    assert(packed !== undefined, 'what was signed can be read');
    const baseBytes = await promisify(inflate)(packed, { maxOutputLength: STATUS_BYTES_MAX });
    const { bytes, length } = await this.#fromRegistry(list, base.length);
    const changed = differing(baseBytes, { bytes, length });
    const said = delta === undefined ? undefined : statusDeltaPayload.parse(claimsOf(delta.text));
    if (said?.base === stored.version) for (const place of placesOf(said.changes)) changed.add(place);
    const version = Math.max(stored.version, delta?.version ?? 0);
    const held = { bytes, length, changed, base: stored.version, version };
    this.#held.set(list, held);
    return held;
  }

  async #fromRegistry(
    list: StatusSubject,
    lengthBefore: number,
  ): Promise<{ bytes: Uint8Array; length: number }> {
    const found = await this.#options.registry.statuses(list);
    // A list never shrinks: a place beyond its end would count as revoked.
    const length = Math.max(found.length, lengthBefore);
    const named = found.named.map(({ place, state }) => ({ place, state: bitsOf(state) }));
    return { bytes: statusListOf(length, named), length };
  }
}

function bytesOf({ bytes, length }: Pick<Held, 'bytes' | 'length'>): Uint8Array {
  return bytes.subarray(0, statusBytes(length));
}

function hashOf(held: Held): string {
  return statusListHash(bytesOf(held));
}

/** To twice the size, so that a list that grows place by place is not copied each time. */
function grow(held: Held, length: number): void {
  if (length <= held.length) return;
  const needed = statusBytes(length);
  if (needed > held.bytes.length) {
    const larger = new Uint8Array(Math.max(needed, held.bytes.length * 2));
    larger.set(held.bytes);
    held.bytes = larger;
  }
  held.length = length;
}

const PLACES_OF_BYTE = 4;

function differing(before: Uint8Array, { bytes, length }: Pick<Held, 'bytes' | 'length'>): Set<number> {
  const changed = new Set<number>();
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === (before[at] ?? 0)) continue;
    const first = at * PLACES_OF_BYTE;
    for (let place = first; place < Math.min(first + PLACES_OF_BYTE, length); place += 1)
      if (at >= before.length || statusAt(bytes, place) !== statusAt(before, place)) changed.add(place);
  }
  return changed;
}

function* placesOf(changes: Readonly<Record<string, readonly number[]>>): Generator<number> {
  for (const gaps of Object.values(changes)) {
    let place = 0;
    for (const gap of gaps) {
      place += gap;
      yield place;
    }
  }
}

function claimsOf(text: string): unknown {
  const signed = parseSigned(text);
  assert(signed.ok, 'a stored document can be read');
  return parseClaims(signed.value.payload);
}

function bitsOf(state: number): StatusBits {
  return (state & 3) as StatusBits;
}
