import { utcDay } from '../../src/base/index.ts';
import { type HolderKey as Phone, showCredential, showProof } from '../../src/holder/index.ts';
import { issueCard, issueCredential, issueToken } from '../../src/issue/index.ts';
import {
  lazyKey,
  type RosterEntry,
  type SignatureEngine,
  type VerifyAgainst,
} from '../../src/verify/index.ts';
import { statusAt } from '../../src/wire/index.ts';
import {
  COMMUNITY,
  DISTRICT,
  issuer,
  issuerPair,
  KID,
  NOW_SECONDS,
  phone,
  RESIDENTS,
  validPlaces,
} from './district.ts';

/** Valid codes of each kind, and what a gate believes when it judges them. */

/** Of each kind. */
export const CODES = 256;

export interface Codes {
  readonly token: readonly string[];
  /** Kind 2 of phones on the roster, and of phones that no roster lists. */
  readonly credential: readonly string[];
  readonly unlisted: readonly string[];
  readonly proof: readonly string[];
  readonly card: readonly string[];
  readonly places: readonly number[];
  readonly phones: readonly Phone[];
}

export async function codesOf(list: Uint8Array): Promise<Codes> {
  const places = validPlaces(2 * CODES, list);
  const listed = places.slice(0, CODES);
  const phones = listed.map(() => phone());
  const today = utcDay(NOW_SECONDS);
  const days = { firstDay: today - 1, lastDay: today + 5, assurance: 1 } as const;
  const token = { iat: NOW_SECONDS - 20, ttlMinutes: 10, assurance: 1 } as const;
  return {
    token: listed.map((index) => issueToken(issuer, { ...token, index }).canonical),
    credential: await Promise.all(listed.map((index, at) => credentialText(phones[at] ?? phone(), index))),
    unlisted: await Promise.all(places.slice(CODES).map((index) => credentialText(phone(), index))),
    proof: await Promise.all(listed.map((index, at) => proofText(phones[at] ?? phone(), index))),
    card: listed.map((index) => issueCard(issuer, { ...days, index }).canonical),
    places: listed,
    phones,
  };
}

export function againstOf(codes: Codes, list: Uint8Array, engine: SignatureEngine): VerifyAgainst {
  const roster = new Map(codes.places.map((index, at) => [index, entryOf(index, codes.phones[at], engine)]));
  const key = lazyKey(engine, 1, issuerPair.publicKey);
  return {
    trust: {
      district: DISTRICT,
      community: COMMUNITY,
      timeZone: 'Asia/Shanghai',
      keys: new Map([
        [KID, { kid: KID, suite: 1, key, notBefore: 0, notAfter: NOW_SECONDS + 86_400, retired: false }],
      ]),
      residents: { length: RESIDENTS, at: (place) => (place < RESIDENTS ? statusAt(list, place) : 1) },
      passes: { length: 0, at: () => 1 },
      roster: { get: (index) => roster.get(index), member: () => undefined },
    },
    rules: { skewSeconds: 30, windowSeconds: 90, wideningMaxSeconds: 120, who: 'district' },
  };
}

function entryOf(index: number, holder: Phone | undefined, engine: SignatureEngine): RosterEntry {
  const publicKey = holder?.publicKey ?? new Uint8Array();
  const key = { slot: 0, publicKey, key: lazyKey(engine, 1, publicKey) };
  return { index, household: index, order: 0, keys: [key] };
}

async function credentialText(holder: Phone, index: number): Promise<string> {
  const lastDay = utcDay(NOW_SECONDS) + 3;
  const fields = { index, lastDay, assurance: 1, holderPublicKey: holder.publicKey } as const;
  const credential = issueCredential(issuer, fields);
  const shown = await showCredential(holder, { district: DISTRICT, credential, seconds: NOW_SECONDS - 3 });
  if (!shown.ok) throw new Error(`a credential of ours is ${shown.error}`);
  return shown.value.canonical;
}

async function proofText(holder: Phone, index: number): Promise<string> {
  const fields = { index, slot: 0, party: 0, district: DISTRICT, seconds: NOW_SECONDS - 3 };
  return (await showProof(holder, fields)).canonical;
}
