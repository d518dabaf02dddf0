import type { Disk } from '../ports/index.ts';
import type { SignatureEngine } from '../verify/index.ts';
import { DOCUMENT_NAMES, type DocumentName, ROOT_TYPE } from '../wire/index.ts';
import type { GateIdentity } from './case.ts';
import type { GateKey } from './envelope.ts';
import { type Held, NOTHING_HELD } from './held.ts';
import { judge } from './judge.ts';
import { type TrustKeeper, type TrustProblem, trustKeeper } from './keeper.ts';
import { ROOT_CHAIN_MAX } from './limits.ts';
import { describeRefused } from './refused.ts';
import { type HeldRoot, rootFingerprint, walkRoots } from './root.ts';
import { TrustStore } from './store.ts';
import { rootText, textsIn } from './taking.ts';

/**
 * Opens the cache and verifies all of it again from the pinned root. Never throws for what it finds: a damaged document
 * falls back to the copy before, a lost one is missing, and both are said.
 */
export interface TrustOptions {
  /** Folder of the cache; it belongs to this keeper alone. */
  readonly directory: string;
  readonly disk: Disk;
  readonly district: string;
  readonly community: number;
  readonly gate: string;
  /** The root that was pinned at set-up: its fingerprint, or the text of the root file. */
  readonly root: { readonly fingerprint: string } | { readonly document: string };
  readonly engine: SignatureEngine;
  /** For sealed rosters. */
  readonly gateKey?: GateKey;
  /** Take a roster that is signed but not sealed. */
  readonly plainRoster?: boolean;
  /** Shown until a signed policy names one. */
  readonly timeZone?: string;
}

export async function openTrust(options: TrustOptions): Promise<TrustKeeper> {
  const problems: TrustProblem[] = [];
  const say = (what: string, document?: DocumentName) =>
    void problems.push(document === undefined ? { what } : { document, what });
  const fileRoots = 'document' in options.root ? rootsIn(options.root.document) : [];
  const identity = await identityOf(options, fileRoots);
  if (identity.pin === '') say('the pinned root is not a root document; nothing is believed', 'root');
  const store = new TrustStore(options.disk, options.directory, say);
  const ratchets = await store.open(say);
  let held: Held = { ...NOTHING_HELD, ratchets };
  const stored = await restoreRoot(store, { identity, say });
  const root = await withFile(stored, fileRoots, { identity, say });
  if (root !== undefined) held = { ...held, root };
  for (const name of DOCUMENT_NAMES) {
    if (name !== 'root' && store.has(name)) held = await restore(store, name, { held, identity, say });
  }
  const of = { identity, timeZone: options.timeZone ?? 'Asia/Shanghai' };
  const unstoredRoot = root === undefined || root.hash === stored?.hash ? undefined : rootText(root);
  return trustKeeper({ of, store, held, problems, unstoredRoot });
}

interface Restoring {
  readonly identity: GateIdentity;
  readonly say: (what: string, document?: DocumentName) => void;
}

async function identityOf(options: TrustOptions, fileRoots: readonly string[]): Promise<GateIdentity> {
  const { district, community, gate, engine, gateKey } = options;
  const pin = 'fingerprint' in options.root ? options.root.fingerprint : await firstFingerprint(fileRoots);
  return {
    district,
    community,
    gate,
    pin,
    engine,
    plainRoster: options.plainRoster === true,
    ...(gateKey === undefined ? {} : { gateKey }),
  };
}

/** Of a chain the first is the one that was pinned. */
async function firstFingerprint(texts: readonly string[]): Promise<string> {
  return (texts[0] === undefined ? undefined : await rootFingerprint(texts[0])) ?? '';
}

function rootsIn(text: string): readonly string[] {
  return textsIn(text.trim(), ROOT_CHAIN_MAX) ?? [];
}

async function restoreRoot(store: TrustStore, by: Restoring): Promise<HeldRoot | undefined> {
  let tried = false;
  for await (const { text, copy } of store.texts('root')) {
    const walked = text === undefined ? undefined : await walkRoots(undefined, rootsIn(text), by.identity);
    if (walked?.ok === true) {
      if (copy === 'previous') by.say(fellBack(`${ROOT_TYPE} chain`), 'root');
      return walked.value;
    }
    tried = true;
  }
  if (tried) by.say('the stored root chain is damaged, or does not lead from the pinned root', 'root');
  return undefined;
}

async function withFile(
  stored: HeldRoot | undefined,
  fileRoots: readonly string[],
  by: Restoring,
): Promise<HeldRoot | undefined> {
  if (fileRoots.length === 0) return stored;
  const walked = await walkRoots(stored, fileRoots, by.identity);
  if (walked.ok) return walked.value;
  // The file is as old as the set-up; the chain in the cache has gone on from it.
  if (stored === undefined) by.say(describeRefused(walked.error), 'root');
  return stored;
}

async function restore(
  store: TrustStore,
  name: DocumentName,
  by: Restoring & { readonly held: Held },
): Promise<Held> {
  let why = 'it cannot be read';
  for await (const { text, copy } of store.texts(name)) {
    if (text === undefined) continue;
    const { held, identity } = by;
    const judged = await judge(text, { held, identity, occasion: { type: 'restore' } });
    if (judged.ok && judged.value.paper.name === name) {
      if (copy === 'previous') by.say(fellBack(name), name);
      return judged.value.held;
    }
    if (!judged.ok) why = judged.error.reason;
  }
  by.say(`the stored ${name} is damaged and no good copy is left (${why}); a new one is needed`, name);
  return by.held;
}

function fellBack(what: string): string {
  return `the stored ${what} is damaged; the copy before it is in use until a new one comes`;
}
