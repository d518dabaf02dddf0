import { base32hexLength, decodeBase32hex, err, ok, type Result } from '../base/index.ts';
import type { Claim, Kind, Suite } from './claim.ts';
import { LAYOUTS, readFields } from './layout.ts';
import type { Refusal } from './refusal.ts';
import { CODE_TEXT_MAX, isDigit, normalise, windowOf } from './text.ts';

/** A text that is no code of ours. */
export interface Unreadable {
  readonly refusal: Extract<Refusal, 'not-a-code' | 'unsupported' | 'malformed'>;
  /** What the text says it is; nobody has signed that. */
  readonly kind?: Kind;
}

/**
 * Text → fields and bytes, step 1 of docs/code-format.md, its checks in that order.
 * Total: never throws, whatever comes, and its work is bounded by CODE_TEXT_MAX.
 */
export function parseCode(text: string): Result<Claim, Unreadable> {
  const overlong = text.length > CODE_TEXT_MAX;
  const canonical = overlong ? windowOf(text) : normalise(text);
  if (canonical.charAt(0) !== 'X' || !isDigit(canonical.charCodeAt(1))) return err({ refusal: 'not-a-code' });
  const kind = kindOf(canonical.charCodeAt(1) - 0x30);
  if (kind === undefined) return err({ refusal: 'unsupported' });
  if (overlong) return err({ refusal: 'malformed', kind });
  return parseKind(kind, canonical);
}

/** Characters of a code of this kind in text form. */
export function codeTextLength(kind: Kind): number {
  return 2 + base32hexLength(LAYOUTS[kind].bytes);
}

function parseKind(kind: Kind, canonical: string): Result<Claim, Unreadable> {
  const layout = LAYOUTS[kind];
  if (canonical.length !== codeTextLength(kind)) return err({ refusal: 'malformed', kind });
  const bytes = decodeBase32hex(canonical.slice(2));
  if (bytes === undefined || (bytes[0] ?? 0) >> 4 !== kind) return err({ refusal: 'malformed', kind });
  const suite = layout.suites.find((known) => known === ((bytes[0] ?? 0) & 15));
  if (suite === undefined) return err({ refusal: 'unsupported', kind });
  return parseFields(suite, { kind, bytes, canonical });
}

function parseFields(
  suite: Suite,
  { kind, bytes, canonical }: { kind: Kind; bytes: Uint8Array; canonical: string },
): Result<Claim, Unreadable> {
  const fields = readFields(LAYOUTS[kind], suite, bytes);
  return fields === undefined ? err({ refusal: 'malformed', kind }) : ok({ fields, bytes, canonical });
}

function kindOf(digit: number): Kind | undefined {
  return digit === 1 || digit === 2 || digit === 3 || digit === 4 || digit === 5 ? digit : undefined;
}
