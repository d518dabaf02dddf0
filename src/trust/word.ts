import { ok, type Result } from '../base/index.ts';
import { parseClaims } from '../wire/index.ts';
import type { GateIdentity } from './case.ts';
import { openEnvelope } from './envelope.ts';
import { type DocumentRefused, refuse } from './refused.ts';
import { backedBy, type HeldRoot } from './root.ts';

/**
 * The district's word to this one gate, beside the documents that are kept: signature of the ack role, district, gate, shape.
 * What it is worth to the gate is judged by whoever had asked.
 */
export interface WordKind<Claims> {
  readonly typ: string;
  /** For a refusal. */
  readonly name: string;
  /** Whether it counts only inside the seal to the gate's own key. */
  readonly sealed: boolean;
  readonly claims: ClaimsSchema<Claims>;
}

interface ClaimsSchema<Claims> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Claims }
    | { readonly success: false; readonly error: { readonly issues: readonly { path: PropertyKey[] }[] } };
}

export interface WordBy {
  readonly root: HeldRoot | undefined;
  readonly identity: GateIdentity;
}

export async function verifyWord<Claims extends { readonly iss: string; readonly aud: string }>(
  text: string,
  kind: WordKind<Claims>,
  { root, identity }: WordBy,
): Promise<Result<Claims, DocumentRefused>> {
  const at = { document: kind.name };
  const opened = await openEnvelope(text, kind.sealed ? identity.gateKey : undefined);
  if (!opened.ok) return opened;
  if (opened.value.typ !== kind.typ) return refuse('bad-typ', { ...at, field: 'typ' });
  if (kind.sealed && !opened.value.sealed) return refuse('not-sealed', at);
  if (root === undefined) return refuse('no-root', at);
  const backed = backedBy(root, 'ack', { signed: opened.value, document: kind.name });
  if (!backed.ok) return backed;
  const parsed = kind.claims.safeParse(parseClaims(opened.value.payload));
  if (!parsed.success)
    return refuse('malformed', { ...at, field: parsed.error.issues[0]?.path.join('.') ?? '' });
  if (parsed.data.iss !== identity.district) return refuse('wrong-district', { ...at, field: 'iss' });
  if (parsed.data.aud !== identity.gate) return refuse('wrong-audience', { ...at, field: 'aud' });
  return ok(parsed.data);
}
