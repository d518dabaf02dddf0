import { createHash } from 'node:crypto';
import { ok, type Result } from '../base/index.ts';
import { type DocumentName, type NamedVersion, parseClaims, ROOT_TYPE } from '../wire/index.ts';
import type { Case, GateIdentity, SignedTimeSeen, TrustNow } from './case.ts';
import { type Envelope, openEnvelope } from './envelope.ts';
import { deltaOf, type Held, type Paper, ROLE_OF, scopedName, subjectOf } from './held.ts';
import { KINDS, type Read } from './kinds.ts';
import { type DocumentRefused, refuse } from './refused.ts';
import { backedBy } from './root.ts';
import { checkVersion, named } from './versions.ts';

/**
 * One document against what is held: signature, shape, addressee, version, age, content, in this order. Pure but for time:
 * what comes back is what would be held, and nothing is stored or shown yet.
 */
export interface Judged {
  readonly held: Held;
  readonly paper: Paper;
  /** false: it is what was held already. */
  readonly changed: boolean;
  readonly time?: SignedTimeSeen;
}

/** @param text any document but a root */
export async function judge(text: string, of: Case): Promise<Result<Judged, DocumentRefused>> {
  const { identity, occasion, held } = of;
  const opened = await openEnvelope(text, identity.gateKey);
  if (!opened.ok) return opened;
  const envelope = opened.value;
  const kind = KINDS.get(envelope.typ);
  if (kind === undefined || envelope.typ === ROOT_TYPE) {
    return refuse('bad-typ', { document: envelope.typ.slice(0, 64), field: 'typ' });
  }
  const root = held.root;
  if (root === undefined) return refuse('no-root', { document: kind.label });
  if (occasion.type === 'accept' && isPast(root.payload.exp, occasion.now)) {
    return refuse('root-expired', { document: kind.label });
  }
  const signers = backedBy(root, kind.role, { signed: envelope, document: kind.label });
  if (!signers.ok) return signers;
  const read = kind.read(parseClaims(envelope.payload), of);
  if (!read.ok) return read;
  return judgeRead(read.value, { ...of, envelope, signers: signers.value });
}

interface Backed extends Case {
  readonly envelope: Envelope;
  readonly signers: readonly string[];
}

async function judgeRead(read: Read, of: Backed): Promise<Result<Judged, DocumentRefused>> {
  const { identity, held, occasion, envelope } = of;
  const { name, claims } = read;
  const addressed = checkAddress(read, of);
  if (!addressed.ok) return addressed;
  if (
    occasion.type === 'accept' &&
    read.mayExpire &&
    claims.exp !== undefined &&
    isPast(claims.exp, occasion.now)
  ) {
    return refuse('expired', { document: name, field: 'exp' });
  }
  const payloadHash = createHash('sha256').update(envelope.payload).digest('hex');
  const known = held.papers.get(name);
  if (occasion.type === 'accept') {
    const versions = checkVersion(read, { of, payloadHash });
    if (!versions.ok) return versions;
    if (versions.value === 'held' && known !== undefined)
      return ok({ held, paper: known, changed: false, ...read.seen });
  }
  // An answer that is older than what was broadcast since tells the clock its round trip, and nothing else.
  if (read.answer && known !== undefined && known.version >= claims.version) {
    return ok({ held, paper: known, changed: false, ...read.seen });
  }
  const content = await read.content(of);
  if (!content.ok) return content;
  const { contents, hash = payloadHash } = content.value;
  if (occasion.type === 'accept') {
    const agreed = checkNamed(read, { hash, of });
    if (!agreed.ok) return agreed;
  }
  const paper: Paper = {
    name,
    version: claims.version,
    hash,
    issuedAt: claims.iat,
    ...(claims.exp === undefined ? {} : { expiresAt: claims.exp }),
    signers: of.signers,
  };
  return ok({ held: withPaper(held, paper, { contents, identity }), paper, changed: true, ...read.seen });
}

function checkAddress(read: Read, of: Backed): Result<true, DocumentRefused> {
  const { identity, envelope } = of;
  const { name, claims } = read;
  if (claims.iss !== identity.district) return refuse('wrong-district', { document: name, field: 'iss' });
  const addressees: readonly unknown[] = [undefined, identity.community, identity.gate];
  if (!addressees.includes(claims.aud)) return refuse('wrong-audience', { document: name, field: 'aud' });
  if (name === 'roster' && !envelope.sealed && !identity.plainRoster)
    return refuse('not-sealed', { document: name });
  return ok(true);
}

/** The content must be what the newest signed time names under this version, and what was accepted under it before. */
function checkNamed(
  read: Read,
  at: { readonly hash: string; readonly of: Backed },
): Result<true, DocumentRefused> {
  const { held, identity } = at.of;
  const scope = scopedName(read.name, identity.community);
  const { version } = read.claims;
  const before: NamedVersion | undefined = held.ratchets.get(scope);
  if (before?.version === version && before.hash !== at.hash) {
    return refuse('conflict', { document: read.name, field: 'version', detail: `${version}` });
  }
  const said = named(held, scope);
  if (said?.version === version && said.hash !== at.hash) {
    const subject = subjectOf(read.name);
    return refuse('hash-mismatch', { document: read.name, ...(subject ? { wantsSnapshot: subject } : {}) });
  }
  return ok(true);
}

function withPaper(
  held: Held,
  paper: Paper,
  next: { readonly contents: Held['contents']; readonly identity: GateIdentity },
): Held {
  const papers = new Map(held.papers).set(paper.name, paper);
  const ratchets = new Map(held.ratchets);
  const scope = scopedName(paper.name, next.identity.community);
  const { version, hash } = paper;
  if (version >= (ratchets.get(scope)?.version ?? 0)) ratchets.set(scope, { version, hash });
  // A new snapshot takes the place of the delta of the one before.
  if (paper.name === 'residents' || paper.name === 'visitors') papers.delete(deltaOf(paper.name));
  return { ...held, papers, ratchets, contents: { ...held.contents, ...next.contents } };
}

/** An unsure clock lets nothing expire (docs/trust-documents.md, Time). */
export function isPast(expiresAt: number, now: TrustNow): boolean {
  return now.quality !== 'unsure' && now.seconds >= expiresAt;
}

/** Documents whose role's keys no longer back them under the present root. */
export function unbacked(held: Held): DocumentName[] {
  const root = held.root;
  if (root === undefined) return [];
  return [...held.papers.values()]
    .filter(({ name, signers }) => {
      const role = root.payload.roles[ROLE_OF[name]];
      return signers.filter((kid) => role.keys.includes(kid)).length < role.threshold;
    })
    .map((paper) => paper.name);
}
