import { fromHex, toHex } from '../../base/index.ts';
import { nodeEngine, sha256, toPublicJwk } from '../../crypto/index.ts';
import {
  type GateSealKey,
  type PlaceStatus,
  sealRoster,
  signKeyset,
  signOperators,
  signPolicy,
  signRoot,
  signRoster,
  signStatusList,
  signTime,
  statusListClaim,
  statusListHash,
  statusListOf,
} from '../../issue/index.ts';
import { type ContextFile, parseClaims, parseSigned, ROLES, type StatusSubject } from '../../wire/index.ts';
import type { RoleKeys } from './role-keys.ts';

/** Makes a complete set of signed documents out of a plain context: a whole district on one page. */
export interface ContextBundle {
  /** The bundle file's text. */
  readonly bundle: string;
  /** What a gate pins: the root chain. */
  readonly root: string;
  readonly version: number;
  readonly roots: readonly string[];
  /** What was left out, and why; one sentence each. */
  readonly notes: readonly string[];
}

export interface BundleRequest {
  readonly context: ContextFile;
  readonly keys: RoleKeys;
  /** Unix seconds at which everything is issued. */
  readonly at: number;
  /** Absent: the roster is signed only. */
  readonly gateKey?: GateSealKey;
}

const DAY = 86_400;
/** Spans of docs/trust-documents.md, the table's last column. */
const LIFE_DAYS = { root: 365, keyset: 90, status: 3, policy: 30, roster: 7, operators: 30 } as const;
/** A root that would end before its documents is issued again. */
const ROOT_LEFT_MIN_DAYS = LIFE_DAYS.keyset;

interface Issue extends BundleRequest {
  readonly version: number;
  readonly note: (text: string) => void;
}

/** @throws ZodError when the context asks for what no document may say */
export async function bundleOf(request: BundleRequest): Promise<ContextBundle> {
  const notes: string[] = [];
  const version = request.keys.lastVersion + 1;
  const issue: Issue = { ...request, version, note: (text) => void notes.push(text) };
  const roots = await rootsFor(issue);
  const [residents, residentsHash] = await list(issue, 'residents');
  const [visitors, visitorsHash] = await list(issue, 'visitors');
  const { signers } = request.keys;
  const policy = await policyOf(issue);
  const keyset = await keysetOf(issue);
  const operators = await signOperators(signers.operators, { ...claims(issue, 'operators'), operators: [] });
  const roster = await rosterOf(issue);
  const { community } = request.context;
  const named = (text: string) => ({ version, hash: payloadHash(text) });
  const time = await signTime(signers.time, {
    iss: request.context.district.id,
    iat: request.at,
    exp: request.at + 60,
    time: request.at * 1_000,
    documents: {
      root: { version: roots.length, hash: payloadHash(roots.at(-1) ?? '') },
      keyset: named(keyset),
      operators: named(operators),
      residents: { version, hash: residentsHash },
      visitors: { version, hash: visitorsHash },
      [`policy/${community}`]: named(policy),
      [`roster/${community}`]: named(roster),
    },
  });
  const sealed = request.gateKey === undefined ? roster : await sealRoster(roster, request.gateKey);
  const documents = [
    ...roots.map((text) => JSON.parse(text) as object),
    policy,
    keyset,
    residents,
    visitors,
    sealed,
  ];
  const bundle = { type: 'menwei-bundle', documents: [...documents, operators, time] };
  return { bundle: `${JSON.stringify(bundle)}\n`, root: rootFile(roots), version, roots, notes };
}

function claims(issue: Issue, kind: Exclude<keyof typeof LIFE_DAYS, 'root'>) {
  const { context, version, at } = issue;
  return { iss: context.district.id, version, iat: at, exp: at + LIFE_DAYS[kind] * DAY };
}

async function rootsFor(issue: Issue): Promise<readonly string[]> {
  const { keys, at, context } = issue;
  const last = keys.roots.at(-1);
  if (last !== undefined && expiryOf(last) - at >= ROOT_LEFT_MIN_DAYS * DAY) return keys.roots;
  const all = [...keys.root, ...Object.values(keys.signers)];
  const roleOf = (kids: readonly string[], threshold: number) => ({ keys: [...kids], threshold });
  const text = await signRoot(keys.root, {
    iss: context.district.id,
    version: keys.roots.length + 1,
    iat: at,
    exp: at + LIFE_DAYS.root * DAY,
    keys: Object.fromEntries(all.map(({ kid, publicJwk }) => [kid, publicJwk])),
    roles: Object.fromEntries(
      ROLES.map((role) => [
        role,
        role === 'root'
          ? roleOf(
              keys.root.map(({ kid }) => kid),
              2,
            )
          : roleOf([keys.signers[role].kid], 1),
      ]),
    ) as never,
  });
  return [...keys.roots, text];
}

/** One root stands alone in its file, several as a chain of which the first is pinned. */
function rootFile(roots: readonly string[]): string {
  return `${roots.length === 1 ? roots[0] : `[${roots.join(',')}]`}\n`;
}

async function policyOf(issue: Issue): Promise<string> {
  const { context, keys } = issue;
  const { skewSeconds, windowSeconds, wideningMaxSeconds, who, printedCard } = context.policy;
  return signPolicy(keys.signers.policy, {
    ...claims(issue, 'policy'),
    aud: context.community,
    timeZone: context.district.timeZone,
    skewSeconds,
    windowSeconds,
    wideningMaxSeconds,
    lane: { who, printedCard },
  });
}

async function keysetOf(issue: Issue): Promise<string> {
  const engine = nodeEngine();
  const keys = issue.context.keyset.flatMap((key) => {
    const publicKey = fromHex(key.public) ?? new Uint8Array();
    if (engine.importKey(key.suite, publicKey) === undefined) {
      issue.note(`keyset: kid ${key.kid} must not be used (docs/code-format.md) and was left out`);
      return [];
    }
    const { kid, suite, notBefore, notAfter, retired, cutOff, kinds, communities } = key;
    const jwk = toPublicJwk({ suite, publicKey });
    const span = { notBefore, signUntil: notAfter, verifyUntil: notAfter };
    const optional = {
      ...(retired ? { retired: true } : {}),
      ...(cutOff === undefined ? {} : { cutOff }),
      ...(kinds === undefined ? {} : { kinds }),
      ...(communities === undefined ? {} : { communities }),
    };
    return [{ ...jwk, kid: String(kid), suite, ...span, ...optional }];
  });
  return signKeyset(issue.keys.signers.keyset, { ...claims(issue, 'keyset'), keys: keys as never });
}

async function list(issue: Issue, sub: StatusSubject): Promise<readonly [text: string, hash: string]> {
  const { context, keys } = issue;
  const residents = sub === 'residents';
  const length = residents ? context.statusLength : context.passLength;
  const named = residents
    ? context.statuses.map(({ index, state }) => ({ place: index, state }))
    : context.passStatuses.map(({ passId, state }) => ({ place: passId, state }));
  const bytes = statusListOf(length, inside(named, { length, sub, note: issue.note }));
  const text = await signStatusList(keys.signers.status, {
    ...claims(issue, 'status'),
    sub,
    length,
    status_list: await statusListClaim(bytes),
  });
  return [text, statusListHash(bytes)];
}

/** What lies beyond a list is revoked whatever is said of it. */
function inside(
  named: readonly PlaceStatus[],
  of: { readonly length: number; readonly sub: string; readonly note: (text: string) => void },
): readonly PlaceStatus[] {
  const within = named.filter(({ place }) => place < of.length);
  if (within.length < named.length) {
    of.note(`${of.sub}: ${named.length - within.length} named beyond the list’s end count as revoked`);
  }
  return within;
}

async function rosterOf(issue: Issue): Promise<string> {
  const { context, keys } = issue;
  const entries = context.roster.map(({ needsMoreTime, minor, keys: holderKeys, ...member }) => ({
    ...member,
    ...(needsMoreTime ? { needsMoreTime: true as const } : {}),
    ...(minor ? { minor: true as const } : {}),
    keys: holderKeys.flatMap(({ slot, public: hex }) => {
      if (hex.length === 64) return [{ slot, public: hex.toLowerCase() }];
      issue.note(
        `roster: the key in slot ${slot} of index ${member.index} has not 32 bytes and was left out`,
      );
      return [];
    }),
  }));
  return signRoster(keys.signers.roster, {
    ...claims(issue, 'roster'),
    aud: context.community,
    entries,
  });
}

function payloadHash(text: string): string {
  const signed = parseSigned(text);
  return signed.ok ? toHex(sha256(signed.value.payload)) : '';
}

function expiryOf(rootText: string): number {
  const signed = parseSigned(rootText);
  const root = signed.ok ? (parseClaims(signed.value.payload) as { readonly exp?: unknown }) : {};
  return typeof root.exp === 'number' ? root.exp : 0;
}
