import { ok, type Result } from '../base/index.ts';
import { type DocumentName, type NamedVersion, ROLES } from '../wire/index.ts';
import type { Case } from './case.ts';
import { type Held, type Said, scopedName, subjectOf } from './held.ts';
import type { Read } from './kinds.ts';
import { type DocumentRefused, refuse } from './refused.ts';
import type { HeldRoot } from './root.ts';

/**
 * Versions only rise (The Update Framework 1.0.34, §5.5 and §5.6): no rollback, no two contents of one version,
 * nothing older than what the district's signed time names.
 */
export function checkVersion(
  read: Read,
  at: { readonly of: Case; readonly payloadHash: string },
): Result<'new' | 'held', DocumentRefused> {
  const { held, identity } = at.of;
  const { name, claims } = read;
  const { version } = claims;
  const scope = scopedName(name, identity.community);
  const subject = subjectOf(name);
  const paper = held.papers.get(name);
  // An answer to the gate's own nonce is fresh by the nonce, and may cross a broadcast on the way.
  if (read.answer) return ok('new');
  const highest = held.ratchets.get(scope);
  // The snapshot under a delta comes again with every reconnection.
  if (subject === name && held.contents[subject]?.base === version && paper?.version === version) {
    if (version < (highest?.version ?? 0)) return ok('held');
  }
  if (highest !== undefined && version < highest.version) {
    return refuse('rollback', {
      document: name,
      field: 'version',
      detail: `${version}, held was ${highest.version}`,
    });
  }
  const said = named(held, scope);
  if (said !== undefined && version < said.version && subject === undefined) {
    return refuse('superseded', {
      document: name,
      field: 'version',
      detail: `${version}, current is ${said.version}`,
    });
  }
  if (subject !== undefined) {
    const same = paper?.version === version && paper.issuedAt >= claims.iat;
    return ok(same && held.contents[subject]?.version === version ? 'held' : 'new');
  }
  return ok(paper?.version === version && paper.hash === at.payloadHash ? 'held' : 'new');
}

/** What the newest signed time says of a document. */
export function named(held: Held, scope: string): Said | undefined {
  return held.contents.said?.[scope];
}

/**
 * A root that takes a key from a role lets the versions of that role begin anew: whoever held the key may have signed
 * a version that nothing can overtake.
 */
export function rolesThatLostKeys(before: HeldRoot, after: HeldRoot): readonly (typeof ROLES)[number][] {
  return ROLES.filter((role) =>
    before.payload.roles[role].keys.some((kid) => !after.payload.roles[role].keys.includes(kid)),
  );
}

/** Version and hash of what is held; of a list, after its delta. */
export function versionOf(held: Held, name: DocumentName): NamedVersion | undefined {
  const subject = subjectOf(name);
  const found = subject === undefined ? held.papers.get(name) : held.contents[subject];
  return found === undefined ? undefined : { version: found.version, hash: found.hash };
}
