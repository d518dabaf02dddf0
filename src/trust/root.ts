import { hash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { decodeBase64url, ok, type Result } from '../base/index.ts';
import type { SignatureEngine, VerifyKey } from '../verify/index.ts';
import {
  type NamedVersion,
  parseClaims,
  type Role,
  ROOT_TYPE,
  type RootPayload,
  rootPayload,
  type SignedText,
} from '../wire/index.ts';
import { openEnvelope } from './envelope.ts';
import { ROOT_CHAIN_MAX } from './limits.ts';
import { type DocumentRefused, refuse } from './refused.ts';

/**
 * The root of trust: a chain from the version that was pinned at set-up, each signed by the threshold of the one before
 * and by its own. Whether the last has expired is judged by whoever knows the time.
 */
export interface HeldRoot {
  readonly payload: RootPayload;
  /** SHA-256 of the payload's bytes: the fingerprint. */
  readonly hash: string;
  readonly keys: ReadonlyMap<string, VerifyKey>;
  /** Texts from the pinned version to this one. */
  readonly chain: readonly string[];
  /** Version and fingerprint of each of them. */
  readonly versions: readonly NamedVersion[];
}

interface ReadRoot {
  readonly text: string;
  readonly signed: SignedText;
  readonly payload: RootPayload;
  readonly hash: string;
  readonly keys: ReadonlyMap<string, VerifyKey>;
}

const AT = { document: 'root' };

export interface RootRules {
  readonly district: string;
  /** Fingerprint of the root that was pinned at set-up. */
  readonly pin: string;
  readonly engine: SignatureEngine;
}

/**
 * Walks on from `held`, or from the pinned root when nothing is held.
 * @param texts general JWS texts of any versions; known ones may be among them
 */
export async function walkRoots(
  held: HeldRoot | undefined,
  texts: readonly string[],
  rules: RootRules,
): Promise<Result<HeldRoot, DocumentRefused>> {
  if (texts.length === 0 || texts.length > ROOT_CHAIN_MAX)
    return refuse('malformed', { ...AT, detail: `${texts.length} versions` });
  const roots: ReadRoot[] = [];
  for (const text of texts) {
    const root = await readRoot(text, rules);
    if (!root.ok) return root;
    roots.push(root.value);
  }
  roots.sort((left, right) => left.payload.version - right.payload.version);
  let current = held;
  if (current === undefined) {
    const start = startAtPin(roots, rules.pin);
    if (!start.ok) return start;
    current = start.value;
  }
  const last = roots.at(-1)?.payload.version ?? 0;
  if (last < current.payload.version) {
    return refuse('rollback', {
      ...AT,
      field: 'version',
      detail: `${last}, held is ${current.payload.version}`,
    });
  }
  for (const root of roots) {
    const next = stepTo(current, root);
    if (!next.ok) return next;
    current = next.value;
  }
  return ok(current);
}

/** Different keys of the role under whose signature the text stands. */
export function signersOf(
  root: Pick<HeldRoot, 'payload' | 'keys'>,
  role: Role,
  signed: SignedText,
): readonly string[] {
  const named = new Set(root.payload.roles[role].keys);
  const signers = new Set<string>();
  for (const { kid, message, signature } of signed.signatures) {
    if (kid === undefined || !named.has(kid) || signers.has(kid)) continue;
    if (root.keys.get(kid)?.verify(message, signature) === true) signers.add(kid);
  }
  return [...signers];
}

/** Fingerprint of a root's text, without any belief in it; undefined when it is none. */
export async function rootFingerprint(text: string): Promise<string | undefined> {
  const opened = await openEnvelope(text, undefined);
  return opened.ok && opened.value.typ === ROOT_TYPE
    ? hash('sha256', opened.value.payload, 'hex')
    : undefined;
}

/** Whether enough keys of the role have signed, and which. */
export function backedBy(
  root: Pick<HeldRoot, 'payload' | 'keys'>,
  role: Role,
  text: { readonly signed: SignedText; readonly document: string },
): Result<readonly string[], DocumentRefused> {
  const signers = signersOf(root, role, text.signed);
  const { threshold } = root.payload.roles[role];
  if (signers.length >= threshold) return ok(signers);
  const { document } = text;
  if (signers.length === 0) return refuse('bad-signature', { document });
  return refuse('threshold-not-met', {
    document,
    field: 'signatures',
    detail: `${signers.length} of ${threshold}`,
  });
}

async function readRoot(text: string, rules: RootRules): Promise<Result<ReadRoot, DocumentRefused>> {
  const opened = await openEnvelope(text, undefined);
  if (!opened.ok) return opened;
  const signed = opened.value;
  if (signed.typ !== ROOT_TYPE) return refuse('bad-typ', { ...AT, field: 'typ' });
  const parsed = rootPayload.safeParse(parseClaims(signed.payload));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse('malformed', { ...AT, field: issue?.path.join('.') ?? '', detail: issue?.message ?? '' });
  }
  const payload = parsed.data;
  if (payload.iss !== rules.district) return refuse('wrong-district', { ...AT, field: 'iss' });
  const keys = new Map<string, VerifyKey>();
  for (const [kid, jwk] of Object.entries(payload.keys)) {
    const bytes = decodeBase64url(jwk.x);
    const key = bytes === undefined ? undefined : rules.engine.importKey(1, bytes);
    if (key === undefined || kid !== (await calculateJwkThumbprint(jwk, 'sha256'))) {
      return refuse('bad-key', { ...AT, field: `keys.${kid}` });
    }
    keys.set(kid, key);
  }
  return ok({ text, signed, payload, hash: hash('sha256', signed.payload, 'hex'), keys });
}

function startAtPin(roots: readonly ReadRoot[], pin: string): Result<HeldRoot, DocumentRefused> {
  const pinned = roots.find((root) => root.hash === pin);
  if (pinned === undefined) return refuse('not-pinned', AT);
  const backed = backedBy(pinned, 'root', { signed: pinned.signed, document: 'root' });
  if (!backed.ok) return backed;
  const { payload, hash: fingerprint, keys, text } = pinned;
  const versions = [{ version: payload.version, hash: fingerprint }];
  return ok({ payload, hash: fingerprint, keys, chain: [text], versions });
}

function stepTo(current: HeldRoot, root: ReadRoot): Result<HeldRoot, DocumentRefused> {
  const { version } = root.payload;
  const known = current.versions.find((one) => one.version === version);
  const at = { ...AT, field: 'version', detail: `${version}, held is ${current.payload.version}` };
  if (known !== undefined) return known.hash === root.hash ? ok(current) : refuse('conflict', at);
  // Older than the pinned one: of no interest, and of no harm.
  if (version < current.payload.version) return ok(current);
  if (version !== current.payload.version + 1) return refuse('gap', at);
  if (current.chain.length >= ROOT_CHAIN_MAX) return refuse('too-large', at);
  for (const signer of [current, root]) {
    const backed = backedBy(signer, 'root', { signed: root.signed, document: 'root' });
    if (!backed.ok) return backed;
  }
  const { payload, hash: fingerprint, keys, text } = root;
  return ok({
    payload,
    hash: fingerprint,
    keys,
    chain: [...current.chain, text],
    versions: [...current.versions, { version, hash: fingerprint }],
  });
}
