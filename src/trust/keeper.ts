import { err, ok, type Result } from '../base/index.ts';
import {
  type AckClaims,
  BUNDLE_DOCUMENTS_MAX,
  BUNDLE_TEXT_MAX,
  bundleFile,
  type CertificateClaims,
  type CommandItem,
  type DocumentName,
  type PhotoClaims,
  type RejectedCommandItem,
} from '../wire/index.ts';
import type { TrustNow } from './case.ts';
import { type CommandContext, verifyCommand } from './command.ts';
import { type Held, subjectOf } from './held.ts';
import { ACCEPT_QUEUE_MAX, LISTENERS_MAX, TIME_STORED_EVERY_MS } from './limits.ts';
import { type DocumentRefused, refuse } from './refused.ts';
import { type SnapshotOf, snapshotOf, type TrustSnapshot } from './snapshot.ts';
import type { TrustStore } from './store.ts';
import { type Accepted, type Taken, take, textOf, textsIn } from './taking.ts';
import { verifyWord, type WordKind } from './word.ts';
import { ACK, CERTIFICATE, PHOTO } from './words.ts';

/**
 * Keeps what the gate believes. A document is judged whole, stored durably, and only then shown, as one new snapshot;
 * a scan never sees half a change, and a power cut leaves the old or the new.
 */
export interface TrustKeeper {
  snapshot(): TrustSnapshot;
  /** @param text one document, or a JSON list of one kind, as they come over MQTT */
  accept(text: string, now: TrustNow): Promise<Result<Accepted, DocumentRefused>>;
  /** A bundle file: good documents are taken, each bad one is named. All that is taken comes to hold at once. */
  importBundle(json: string, now: TrustNow): Promise<BundleOutcome>;
  /**
   * Told after every change but a later signed time alone: it comes each minute, and whoever scans asks for the snapshot anyhow.
   * @returns a function that ends it
   */
  onChange(listener: (snapshot: TrustSnapshot, accepted: readonly Accepted[]) => void): () => void;
  /** What was found damaged or dropped, until a new document takes its place. */
  problems(): readonly TrustProblem[];
  /** Fingerprint of the present root; undefined before there is one. */
  fingerprint(): string | undefined;
  verifyAck(text: string): Promise<Result<AckClaims, DocumentRefused>>;
  verifyCertificate(text: string): Promise<Result<CertificateClaims, DocumentRefused>>;
  /** Sealed to this gate, or it is none. */
  verifyPhoto(text: string): Promise<Result<PhotoClaims, DocumentRefused>>;
  verifyCommand(text: string, context: CommandContext): Promise<CommandItem | RejectedCommandItem>;
}

export interface TrustProblem {
  /** Absent: the cache as a whole. */
  readonly document?: DocumentName;
  readonly what: string;
}

export interface BundleOutcome {
  readonly accepted: readonly Accepted[];
  readonly refused: readonly DocumentRefused[];
}

export interface KeeperParts {
  readonly of: SnapshotOf;
  readonly store: TrustStore;
  readonly held: Held;
  readonly problems: readonly TrustProblem[];
  /** The pinned root came from a file and is not in the cache yet. */
  readonly unstoredRoot: { readonly version: number; readonly text: string } | undefined;
}

export function trustKeeper(parts: KeeperParts): TrustKeeper {
  return new Keeper(parts);
}

type Listener = Parameters<TrustKeeper['onChange']>[0];

class Keeper implements TrustKeeper {
  readonly #of: SnapshotOf;
  readonly #store: TrustStore;
  readonly #listeners = new Set<Listener>();
  #held: Held;
  #snapshot: TrustSnapshot;
  #problems: readonly TrustProblem[];
  #unstoredRoot: KeeperParts['unstoredRoot'];
  /** One change at a time, in the order in which they came. */
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #storedTimeMs = 0;

  constructor(parts: KeeperParts) {
    this.#of = parts.of;
    this.#store = parts.store;
    this.#held = parts.held;
    this.#problems = parts.problems;
    this.#unstoredRoot = parts.unstoredRoot;
    this.#storedTimeMs = parts.held.contents.time?.time ?? 0;
    this.#snapshot = snapshotOf(parts.held, parts.of);
  }

  snapshot(): TrustSnapshot {
    return this.#snapshot;
  }

  problems(): readonly TrustProblem[] {
    return this.#problems;
  }

  fingerprint(): string | undefined {
    return this.#held.root?.hash;
  }

  onChange(listener: Listener): () => void {
    if (this.#listeners.size >= LISTENERS_MAX)
      throw new RangeError(`more than ${LISTENERS_MAX} listeners to trust`);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async accept(text: string, now: TrustNow): Promise<Result<Accepted, DocumentRefused>> {
    const texts = text.length > BUNDLE_TEXT_MAX ? undefined : textsIn(text, LIST_DOCUMENTS_MAX);
    if (texts === undefined) return refuse('malformed', { document: '(list)' });
    const outcome = await this.#inTurn(() => this.#take(texts, now));
    // Of a list for all communities, those of the others are of no interest.
    const done = outcome.accepted.find((one) => one.changed) ?? outcome.accepted[0];
    if (done !== undefined) return ok(done);
    const refused = outcome.refused.find((one) => one.reason !== 'wrong-audience') ?? outcome.refused[0];
    return refused === undefined
      ? refuse('malformed', { document: '(list)', detail: 'is empty' })
      : err(refused);
  }

  async importBundle(json: string, now: TrustNow): Promise<BundleOutcome> {
    const documents = json.length > BUNDLE_TEXT_MAX ? undefined : documentsOf(json);
    if (documents === undefined) {
      const detail = `not a bundle of at most ${BUNDLE_DOCUMENTS_MAX} documents`;
      const refused = refuse('malformed', { document: '(bundle)', detail });
      return { accepted: [], refused: refused.ok ? [] : [refused.error] };
    }
    return this.#inTurn(() => this.#take(documents.map(textOf), now));
  }

  verifyAck(text: string): Promise<Result<AckClaims, DocumentRefused>> {
    return this.#word(text, ACK);
  }

  verifyCertificate(text: string): Promise<Result<CertificateClaims, DocumentRefused>> {
    return this.#word(text, CERTIFICATE);
  }

  verifyPhoto(text: string): Promise<Result<PhotoClaims, DocumentRefused>> {
    return this.#word(text, PHOTO);
  }

  verifyCommand(text: string, context: CommandContext): Promise<CommandItem | RejectedCommandItem> {
    return verifyCommand(text, { held: this.#held, identity: this.#of.identity, context });
  }

  #word<Claims extends { readonly iss: string; readonly aud: string }>(text: string, kind: WordKind<Claims>) {
    return verifyWord(text, kind, { root: this.#held.root, identity: this.#of.identity });
  }

  async #inTurn(work: () => Promise<BundleOutcome>): Promise<BundleOutcome> {
    if (this.#waiting >= ACCEPT_QUEUE_MAX) {
      const refused = refuse('busy', { document: '(any)' });
      return { accepted: [], refused: refused.ok ? [] : [refused.error] };
    }
    this.#waiting += 1;
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #take(texts: readonly string[], now: TrustNow): Promise<BundleOutcome> {
    const taken = await take(this.#held, texts, { identity: this.#of.identity, now });
    const { accepted, refused } = taken;
    if (taken.writes.size === 0 && taken.dropped.length === 0) return { accepted, refused };
    try {
      await this.#persist(taken);
    } catch (error) {
      const detail = error instanceof Error ? error.message : 'unknown fault';
      const lost = accepted
        .filter((one) => one.changed)
        .map((one) => refuse('not-stored', { document: one.document, detail }))
        .flatMap((one) => (one.ok ? [] : [one.error]));
      return { accepted: accepted.filter((one) => !one.changed), refused: [...refused, ...lost] };
    }
    this.#show(taken);
    return { accepted, refused };
  }

  /** A time document that only tells a later minute is shown without being stored: cards wear out. */
  async #persist(taken: Taken): Promise<void> {
    const writes = new Map(taken.writes);
    if (taken.dropped.includes('time')) this.#storedTimeMs = 0;
    const timeMs = taken.held.contents.time?.time ?? 0;
    const timeIsFresh = timeMs - this.#storedTimeMs < TIME_STORED_EVERY_MS;
    if (timeIsFresh && taken.dropped.length === 0 && writes.size === 1) writes.delete('time');
    if (writes.size === 0 && taken.dropped.length === 0) return;
    if (this.#unstoredRoot !== undefined && !writes.has('root')) writes.set('root', this.#unstoredRoot);
    await this.#store.commit({
      writes: [...writes].map(([name, one]) => ({ name, ...one })),
      drops: taken.dropped,
      ratchets: taken.held.ratchets,
    });
    this.#unstoredRoot = undefined;
    if (writes.has('time')) this.#storedTimeMs = timeMs;
  }

  #show(taken: Taken): void {
    this.#held = taken.held;
    this.#snapshot = snapshotOf(taken.held, this.#of);
    const renewed = new Set<DocumentName | undefined>(taken.writes.keys());
    const left = this.#problems.filter(
      ({ document }) => !renewed.has(document) && !renewed.has(listOf(document)),
    );
    const gone = taken.unbacked.map((document) => ({
      document,
      what: 'dropped: the new root has taken away the key that signed it; a new one is needed',
    }));
    this.#problems = [...left, ...gone];
    const onlyTime = taken.dropped.length === 0 && [...taken.writes.keys()].every((name) => name === 'time');
    if (onlyTime) return;
    for (const listener of this.#listeners) listener(this.#snapshot, taken.accepted);
  }
}

/** `trust/policy` carries the policies of all communities. */
const LIST_DOCUMENTS_MAX = 1_024;

function documentsOf(json: string): readonly unknown[] | undefined {
  try {
    return bundleFile.safeParse(JSON.parse(json)).data?.documents;
  } catch {
    return undefined;
  }
}

/** A new snapshot also settles what was wrong with the delta of the old one. */
function listOf(document: DocumentName | undefined): DocumentName | undefined {
  return document === undefined ? undefined : subjectOf(document);
}
