import { decodeProtectedHeader } from 'jose';
import { ok, type Result } from '../base/index.ts';
import {
  DOCUMENT_NAMES,
  type DocumentName,
  KEYSET_TYPE,
  OPERATORS_TYPE,
  POLICY_TYPE,
  ROOT_TYPE,
  ROSTER_TYPE,
  type Role,
  STATUS_DELTA_TYPE,
  STATUS_LIST_TYPE,
  TIME_TYPE,
} from '../wire/index.ts';
import type { GateIdentity, SignedTimeSeen, TrustNow } from './case.ts';
import { type Held, ROLE_OF, scopedName, without } from './held.ts';
import { isPast, judge, unbacked } from './judge.ts';
import { type DocumentRefused, refuse } from './refused.ts';
import { type HeldRoot, walkRoots } from './root.ts';
import { rolesThatLostKeys, versionOf } from './versions.ts';

/** Any number of documents, in the order in which they depend on each other, onto what is held. Stores and shows nothing. */

export interface Accepted {
  readonly document: DocumentName;
  readonly version: number;
  /** false: it was held already. */
  readonly changed: boolean;
  /** Of a root: roles that lost a key, whose versions begin anew. `time` among them takes the clock's signed floor back. */
  readonly resets: readonly Role[];
  /** Of a time document: evidence for the clock. */
  readonly time?: SignedTimeSeen;
}

export interface Taken {
  readonly held: Held;
  readonly accepted: readonly Accepted[];
  readonly refused: readonly DocumentRefused[];
  readonly writes: ReadonlyMap<DocumentName, { readonly version: number; readonly text: string }>;
  /** Documents that go: a delta whose snapshot was replaced, and those that a new root no longer backs. */
  readonly dropped: readonly DocumentName[];
  readonly unbacked: readonly DocumentName[];
}

const ORDER = [
  ROOT_TYPE,
  POLICY_TYPE,
  KEYSET_TYPE,
  STATUS_LIST_TYPE,
  STATUS_DELTA_TYPE,
  ROSTER_TYPE,
  OPERATORS_TYPE,
  TIME_TYPE,
];

export interface Taking {
  readonly identity: GateIdentity;
  readonly now: TrustNow;
}

export async function take(held: Held, texts: readonly string[], by: Taking): Promise<Taken> {
  const ranked = texts
    .map((text) => ({ text, rank: rankOf(text) }))
    .sort((left, right) => left.rank - right.rank);
  const roots = ranked.filter(({ rank }) => rank === 0).map(({ text }) => text);
  const accepted: Accepted[] = [];
  const refused: DocumentRefused[] = [];
  const writes = new Map<DocumentName, { version: number; text: string }>();
  let next = held;
  let gone: readonly DocumentName[] = [];
  if (roots.length > 0) {
    const root = await takeRoots(next, roots, by);
    if (root.ok) {
      ({ held: next, gone } = root.value);
      accepted.push(root.value.accepted);
      if (root.value.accepted.changed) writes.set('root', rootText(root.value.root));
    } else refused.push(root.error);
  }
  for (const { text } of ranked.slice(roots.length)) {
    const judged = await judge(text, {
      held: next,
      identity: by.identity,
      occasion: { type: 'accept', now: by.now },
    });
    if (!judged.ok) {
      refused.push(judged.error);
      continue;
    }
    const { paper, changed, time } = judged.value;
    next = judged.value.held;
    if (changed) writes.set(paper.name, { version: paper.version, text });
    accepted.push({
      document: paper.name,
      version: paper.version,
      changed,
      resets: [],
      ...(time ? { time } : {}),
    });
  }
  const dropped = [...held.papers.keys()].filter((name) => !next.papers.has(name));
  return {
    held: next,
    accepted,
    refused,
    writes,
    dropped,
    unbacked: gone.filter((name) => dropped.includes(name)),
  };
}

/** The chain as one text, the form of `trust/root`. */
export function rootText(root: HeldRoot): { readonly version: number; readonly text: string } {
  return { version: root.payload.version, text: `[${root.chain.join(',')}]` };
}

/** Documents in a text: one, or a JSON list of them. Undefined: a list that cannot be read. */
export function textsIn(text: string, documentsMax: number): readonly string[] | undefined {
  if (!text.startsWith('[')) return [text];
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Array.isArray(list) && list.length <= documentsMax ? list.map(textOf) : undefined;
}

/** A document in a JSON list: a compact text, or a general JWS as an object. */
export function textOf(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document ?? null);
}

async function takeRoots(
  held: Held,
  texts: readonly string[],
  by: Taking,
): Promise<
  Result<{ held: Held; root: HeldRoot; accepted: Accepted; gone: readonly DocumentName[] }, DocumentRefused>
> {
  const walked = await walkRoots(held.root, texts, by.identity);
  if (!walked.ok) return walked;
  const root = walked.value;
  const accepted = { document: 'root', version: root.payload.version, resets: [] } as const;
  if (root === held.root) return ok({ held, root, accepted: { ...accepted, changed: false }, gone: [] });
  if (isPast(root.payload.exp, by.now)) return refuse('expired', { document: 'root', field: 'exp' });
  const resets = held.root === undefined ? [] : rolesThatLostKeys(held.root, root);
  const gone = unbacked({ ...held, root });
  const carried = forgetVersions(without({ ...held, root }, gone), resets, by.identity.community);
  return ok({ held: carried, root, accepted: { ...accepted, changed: true, resets }, gone });
}

/** Versions of these roles begin anew, from what is still held of them. */
function forgetVersions(held: Held, roles: readonly Role[], community: number): Held {
  const ratchets = new Map(held.ratchets);
  for (const name of DOCUMENT_NAMES) {
    if (!roles.includes(ROLE_OF[name])) continue;
    ratchets.delete(scopedName(name, community));
  }
  for (const name of DOCUMENT_NAMES) {
    const version = roles.includes(ROLE_OF[name]) ? versionOf(held, name) : undefined;
    if (version !== undefined) ratchets.set(scopedName(name, community), version);
  }
  if (!roles.includes('time')) return { ...held, ratchets };
  const { said: _forgotten, ...contents } = held.contents;
  return { ...held, ratchets, contents };
}

function rankOf(text: string): number {
  try {
    const parsed: unknown = text.startsWith('{')
      ? (JSON.parse(text) as { signatures?: unknown[] }).signatures?.[0]
      : text;
    const { typ, enc } = decodeProtectedHeader(parsed as string);
    const rank = ORDER.indexOf(typ ?? (enc === undefined ? '' : ROSTER_TYPE));
    return rank < 0 ? ORDER.length : rank;
  } catch {
    return ORDER.length;
  }
}
