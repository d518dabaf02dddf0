import type { IssuerKey, Roster, RosterEntry } from '../verify/index.ts';
import type {
  DocumentName,
  IssuerJwk,
  NamedVersion,
  OperatorsPayload,
  Policy,
  Role,
  StatusSubject,
  TimePayload,
} from '../wire/index.ts';
import { statusAt } from '../wire/index.ts';
import type { Status, StatusList } from '../verify/index.ts';
import type { HeldRoot } from './root.ts';

/** Everything that the gate believes at one moment, immutable: a change is a new one of these. */
export interface Held {
  readonly root?: HeldRoot;
  readonly papers: ReadonlyMap<DocumentName, Paper>;
  readonly contents: Contents;
  /** Highest accepted version by scoped name; outlives the document. */
  readonly ratchets: ReadonlyMap<string, NamedVersion>;
}

export interface Contents {
  readonly policy?: Policy;
  readonly keyset?: KeysetContent;
  readonly residents?: ListContent;
  readonly visitors?: ListContent;
  readonly roster?: RosterContent;
  readonly operators?: OperatorsPayload;
  readonly time?: TimePayload;
  /** The newest that signed times have said of each document, by scoped name. */
  readonly said?: Readonly<Record<string, Said>>;
}

export interface Said extends NamedVersion {
  /** Unix seconds */
  readonly at: number;
}

/** What is known of a held document besides its content. */
export interface Paper {
  readonly name: DocumentName;
  readonly version: number;
  /** SHA-256 of the payload's bytes; of a list, of its inflated bytes. */
  readonly hash: string;
  /** Unix seconds */
  readonly issuedAt: number;
  /** Unix seconds; a delta has none of its own. */
  readonly expiresAt?: number;
  readonly signers: readonly string[];
}

export interface KeysetContent {
  readonly keys: ReadonlyMap<number, IssuerKey>;
  readonly listed: readonly IssuerJwk[];
}

/** A status list after its delta, if there is one. */
export interface ListContent {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly version: number;
  readonly hash: string;
  /** Version of the snapshot under it. */
  readonly base: number;
}

export interface RosterContent extends Roster {
  readonly size: number;
  readonly lookupKey?: Uint8Array;
  /** Of the community's short codes, 32 bytes; absent where the district gives none. */
  readonly shortCodeKey?: Uint8Array;
  /** Everybody who is on it. */
  readonly indices: Uint32Array;
  find(lookupHash: string): readonly RosterEntry[];
}

export const NOTHING_HELD: Held = { papers: new Map(), contents: {}, ratchets: new Map() };

export const ROLE_OF: Readonly<Record<DocumentName, Role>> = {
  root: 'root',
  policy: 'policy',
  keyset: 'keyset',
  residents: 'status',
  visitors: 'status',
  'residents-delta': 'status',
  'visitors-delta': 'status',
  roster: 'roster',
  operators: 'operators',
  time: 'time',
};

export function deltaOf(subject: StatusSubject): 'residents-delta' | 'visitors-delta' {
  return `${subject}-delta`;
}

/** The list that a document is about. */
export function subjectOf(name: DocumentName): StatusSubject | undefined {
  if (name === 'residents' || name === 'residents-delta') return 'residents';
  return name === 'visitors' || name === 'visitors-delta' ? 'visitors' : undefined;
}

/** Under which name versions are counted and the signed time names them: a delta counts with its list. */
export function scopedName(name: DocumentName, community: number): string {
  if (name === 'policy' || name === 'roster') return `${name}/${community}`;
  return subjectOf(name) ?? name;
}

export function without(held: Held, names: readonly DocumentName[]): Held {
  const papers = new Map(held.papers);
  let contents = held.contents;
  for (const name of names) {
    papers.delete(name);
    const subject = subjectOf(name);
    // What is left of a list without its delta is not known any more, so both go.
    if (subject !== undefined) for (const part of [subject, deltaOf(subject)]) papers.delete(part);
    const gone: readonly string[] = name === 'time' ? ['time', 'said'] : [subject ?? name];
    contents = Object.fromEntries(Object.entries(contents).filter(([key]) => !gone.includes(key)));
  }
  return { ...held, papers, contents };
}

/** A list as verify reads it. */
export function statusList(content: ListContent | undefined): StatusList {
  if (content === undefined) return { length: 0, at: () => 1 };
  const { bytes, length } = content;
  return {
    length,
    at: (place: number): Status => (place >= 0 && place < length ? statusAt(bytes, place) : 1),
  };
}
