import { ed25519Signer, sha256 } from '../../../src/crypto/index.ts';
import { toHex, utcDay } from '../../../src/base/index.ts';
import type { Claim, CodeFields } from '../../../src/code/index.ts';
import { type HolderKey, showCredential, showProof } from '../../../src/holder/index.ts';
import { issueCard, issueCredential, issuePass, issueToken } from '../../../src/issue/index.ts';
import { COMMUNITY, DAY, DISTRICT, NOW, seed, TestDistrict } from '../../../src/trust/testing.ts';
import type { StatusBits } from '../../../src/wire/index.ts';

/** The world outside the gate: a district with its documents, residents with their phones and cards, and people who forge. */

/** A moment of the test district, Unix milliseconds. */
export const WORLD_START_MS = NOW * 1_000;
/** The build is older than all that happens. */
export const WORLD_BUILD_MS = (NOW - 40 * DAY) * 1_000;
export const SISTER_GATE = 'east-1';

/** A code as somebody shows it. */
export interface ShownCode {
  readonly text: string;
  readonly hash: string;
  readonly fields: CodeFields;
  /** The signature is not the one that the fields name. */
  readonly forged: boolean;
}

/** On the roster: households of three, two and three. Resident 40 is of the district, but of another community. */
export const RESIDENTS = [10, 11, 12, 13, 14, 15, 16, 17] as const;
export const STRANGER = 40;
export const PHONES = [10, 11, 12, 13, 14] as const;
export const PASSES = [100, 101, 102] as const;
export const HOUSEHOLD_OF = new Map(
  RESIDENTS.map((index) => [index as number, index < 13 ? 1 : index < 15 ? 2 : 3]),
);

export const POLICIES = [
  { passback: 'off', printedCard: 'guard' },
  { passback: 'off', printedCard: 'open' },
  { passback: 'refuse', printedCard: 'open' },
  { passback: 'flag', printedCard: 'open', visitors: true, pulseMs: 6_000, longPulseMs: 30_000 },
] as const;

/** Signed once for all seeds: what every gate holds at its first start. */
export interface StartDocuments {
  readonly district: TestDistrict;
  readonly root: string;
  /** A bundle file for each policy. */
  readonly bundles: readonly string[];
}

export async function startDocuments(): Promise<StartDocuments> {
  const district = await TestDistrict.found();
  const root = district.roots[0] ?? '';
  const span = { notBefore: NOW - 30 * DAY, signUntil: NOW + 400 * DAY, verifyUntil: NOW + 500 * DAY };
  const keys = [{ ...(await issuerJwk()), kid: '42', suite: 1 as const, ...span }];
  const long = { exp: NOW + 90 * DAY };
  const verbs = ['open', 'lock-down', 'release', 'identify', 'resend-from', 'reload'];
  const common = [
    root,
    await district.keyset(1, { keys, ...long }),
    await district.list(1, {}),
    await district.list(1, {}, { sub: 'visitors' }),
    await district.roster(1, { entries: rosterEntries() }),
    await district.operators(1, { verbs, until: NOW + 90 * DAY }),
  ];
  const bundles: string[] = [];
  for (const lane of POLICIES) {
    const policy = await district.policy(1, { lane, gates: { [SISTER_GATE]: 'ab'.repeat(32) } });
    bundles.push(bundleOf([...common, policy]));
  }
  return { district, root, bundles };
}

/** A general JWS is JSON already; tokens are texts. */
function bundleOf(texts: readonly string[]): string {
  const documents = texts.map((text): unknown => (text.startsWith('{') ? JSON.parse(text) : text));
  return JSON.stringify({ type: 'menwei-bundle', documents });
}

async function issuerJwk() {
  const { publicKey } = ISSUER;
  return { kty: 'OKP' as const, crv: 'Ed25519' as const, x: Buffer.from(publicKey).toString('base64url') };
}

function rosterEntries() {
  return RESIDENTS.map((index) => ({
    index,
    household: HOUSEHOLD_OF.get(index) ?? 0,
    order: (index - 10) % 8,
    keys: keysOf(index),
    display: `住*${index}`,
    lookups: [],
    ...(index === 11 ? { needsMoreTime: true as const } : {}),
  }));
}

function keysOf(index: number) {
  return isPhone(index) ? [{ slot: 0, public: toHex(phoneOf(index).publicKey) }] : [];
}

const ISSUER = ed25519Signer(seed('issuer'));
const FORGER = ed25519Signer(seed('forger'));
const phones = new Map<number, HolderKey>();

export function isPhone(index: number): boolean {
  return PHONES.some((phone) => phone === index);
}

export function phoneOf(index: number): HolderKey {
  const known = phones.get(index);
  if (known !== undefined) return known;
  const signer = ed25519Signer(seed(`phone ${index}`));
  const phone = { publicKey: signer.publicKey, sign: async (message: Uint8Array) => signer.sign(message) };
  phones.set(index, phone);
  return phone;
}

export interface CodeWish {
  readonly index: number;
  /** Unix seconds of the phone, or of the district. */
  readonly seconds: number;
  readonly forged?: boolean;
  readonly minutes?: number;
  readonly uses?: number;
  readonly party?: number;
}

export async function showCode(kind: CodeFields['kind'], wish: CodeWish): Promise<ShownCode> {
  const forged = wish.forged === true;
  const claim = await claimOf(kind, wish);
  return { text: claim.canonical, hash: toHex(sha256(claim.bytes)), fields: claim.fields, forged };
}

function claimOf(kind: CodeFields['kind'], wish: CodeWish): Claim | Promise<Claim> {
  const { index, seconds, forged, minutes = 10, uses = 1 } = wish;
  const signer = forged === true ? FORGER : ISSUER;
  const sign = (message: Uint8Array) => signer.sign(message);
  const issuer = { district: DISTRICT, kid: 42, suite: 1 as const, sign };
  const today = utcDay(seconds);
  switch (kind) {
    case 1:
      return issueToken(issuer, { index, iat: seconds, ttlMinutes: minutes, assurance: 1 });
    case 2:
      return credentialClaim(issuer, wish, today);
    case 3:
      return proofClaim(wish);
    case 4:
      return issuePass(issuer, {
        passId: index,
        hostIndex: 13,
        community: COMMUNITY,
        from: seconds,
        minutes,
        uses,
      });
    default:
      return issueCard(issuer, { index, firstDay: today - 1, lastDay: today + 20, assurance: 0 });
  }
}

async function credentialClaim(
  issuer: Parameters<typeof issueCredential>[0],
  { index, seconds }: CodeWish,
  today: number,
): Promise<Claim> {
  const phone = phoneOf(index);
  const credential = issueCredential(issuer, {
    index,
    lastDay: today + 7,
    assurance: 1,
    holderPublicKey: phone.publicKey,
  });
  const shown = await showCredential(phone, { district: DISTRICT, credential, seconds });
  if (!shown.ok) throw new Error(shown.error);
  return shown.value;
}

function proofClaim({ index, seconds, forged, party = 0 }: CodeWish): Promise<Claim> {
  const phone = phoneOf(forged === true ? 999 : index);
  return showProof(phone, { district: DISTRICT, index, slot: 0, party, seconds });
}

export type ListStates = Record<number, StatusBits>;

/** A status list that is signed at this moment and fresh for three days. */
export function signedList(
  documents: StartDocuments,
  list: { subject: 'residents' | 'visitors'; version: number; states: ListStates; seconds: number },
): Promise<string> {
  const { subject, version, states, seconds } = list;
  return documents.district.list(version, states, { sub: subject, iat: seconds, exp: seconds + 3 * DAY });
}
