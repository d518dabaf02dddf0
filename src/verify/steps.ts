import type { CodeFields, Refusal } from '../code/index.ts';
import type { IssuerKey, RosterEntry, Status, VerifyNow, VerifyTrust } from './trust.ts';
import { outsideTime, type Timing } from './window.ts';

/**
 * Steps 2 and 4 to 6 of docs/code-format.md, one function each. Every one answers the first refusal that applies, or
 * undefined to go on. None of them believes a field before step 3 has proved it.
 */

export interface Case extends Timing {
  readonly fields: CodeFields;
  readonly trust: VerifyTrust;
  /** Whether only residents on this community's roster may enter. */
  readonly rosterOnly: boolean;
  /** The roster's entry for the index (kind 4: for the host's). */
  readonly entry: RosterEntry | undefined;
}

/** Step 2 for a code that the district signed. */
export function refusedIssuer(key: IssuerKey, { fields, trust, now }: Case): Refusal | undefined {
  if (fields.suite !== key.suite) return 'malformed';
  if (key.retired || isCutOff(key, fields)) return 'key-retired';
  if (now.seconds < key.notBefore || now.seconds > key.notAfter) return unlessUnsure(now, 'key-retired');
  const mayKind = key.kinds?.has(fields.kind) ?? true;
  const mayCommunity = key.communities?.has(trust.community) ?? true;
  return mayKind && mayCommunity ? undefined : 'wrong-issuer';
}

/** Step 4. While the clock is unsure nothing expires: the guard decides. */
export function refusedTime(judged: Case): Refusal | undefined {
  const refusal = outsideTime(judged.fields, judged);
  return refusal === undefined ? undefined : unlessUnsure(judged.now, refusal);
}

/** Step 5: the holder's place (kind 4: the pass's, then the host's), then each companion's. */
export function refusedStatus(
  { fields, trust }: Case,
  companions: readonly RosterEntry[],
): Refusal | undefined {
  if (fields.kind === 4) {
    return refusalOf(trust.passes.at(fields.passId)) ?? refusalOf(trust.residents.at(fields.hostIndex));
  }
  const places = [fields.index, ...companions.map(({ index }) => index)];
  for (const place of places) {
    const refusal = refusalOf(trust.residents.at(place));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Step 6. */
export function refusedPlace(judged: Case, companions: readonly RosterEntry[]): Refusal | undefined {
  const { fields, trust, entry, rosterOnly } = judged;
  if (fields.kind === 4) return fields.community === trust.community ? undefined : 'wrong-community';
  if ((rosterOnly || fields.kind === 3) && entry === undefined) return 'not-on-roster';
  if (fields.kind === 2 && isForeignPhone(fields.holderPublicKey, entry)) return 'not-on-roster';
  if (fields.kind === 3 && companions.length !== sizeOf(fields.party)) return 'not-on-roster';
  const guests = fields.kind === 3 ? companions : [];
  for (const person of entry === undefined ? guests : [entry, ...guests]) {
    const vouches = rosterOnly || fields.kind === 3;
    if (vouches && hasEnded(person, judged)) return unlessUnsure(judged.now, 'not-on-roster');
  }
  return undefined;
}

/** The members of the household that a family code names, as far as the roster has them; never the holder. */
export function companionsOf({ fields, trust, entry }: Case): readonly RosterEntry[] {
  if (fields.kind !== 3 || fields.party === 0 || entry === undefined) return [];
  const found: RosterEntry[] = [];
  for (let order = 0; order < 8; order += 1) {
    if ((fields.party & (1 << order)) === 0 || order === entry.order) continue;
    const member = trust.roster.member(entry.household, order);
    if (member !== undefined) found.push(member);
  }
  return found;
}

/** The index that a roster may know; kind 4 speaks of its host. */
export function indexOf(fields: CodeFields): number {
  return fields.kind === 4 ? fields.hostIndex : fields.index;
}

/** Kinds whose codes carry no time of issue count no more under a key with a cut-off. */
function isCutOff(key: IssuerKey, fields: CodeFields): boolean {
  if (key.cutOff === undefined) return false;
  return fields.kind !== 1 || fields.iat < key.cutOff;
}

function unlessUnsure(now: VerifyNow, refusal: Refusal): Refusal {
  return now.quality === 'unsure' ? 'clock-unsure' : refusal;
}

function refusalOf(status: Status): Refusal | undefined {
  switch (status) {
    case 0:
      return undefined;
    case 1:
      return 'revoked';
    case 2:
      return 'suspended';
    case 3:
      return 'needs-guard';
  }
}

/** Where the roster lists phones for an index, no other phone counts, whatever the district signed for it. */
function isForeignPhone(publicKey: Uint8Array, entry: RosterEntry | undefined): boolean {
  const keys = entry?.keys ?? [];
  return keys.length > 0 && !keys.some((known) => sameKey(known.publicKey, publicKey));
}

export function sameKey(left: Uint8Array, right: Uint8Array): boolean {
  for (let at = 0; at < 32; at += 1) if (left[at] !== right[at]) return false;
  return left.length === 32 && right.length === 32;
}

/** How many companions a party names. The holder's own bit counts too, and so never matches those found. */
function sizeOf(party: number): number {
  let size = 0;
  for (let rest = party; rest > 0; rest >>= 1) size += rest & 1;
  return size;
}

function hasEnded({ lastDay }: RosterEntry, { today }: Case): boolean {
  return lastDay !== undefined && today() > lastDay;
}
