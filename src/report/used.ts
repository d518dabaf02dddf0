import { err, fromHex, ok, type Result } from '../base/index.ts';
import type { Signer, UsedElsewhereItem } from '../ports/index.ts';
import { parseClaims, parseSigned, USED_TYPE, type UsedClaims, usedClaims } from '../wire/index.ts';
import type { VerifySignature } from './source.ts';

/**
 * A code just used, told to the other gates of the community. Believed only from a gate that the signed policy lists;
 * it can stop nothing but the very code that it names.
 */
export interface UsedCode {
  /** SHA-256 of the code's bytes, hex. */
  readonly code: string;
  readonly direction: UsedClaims['direction'];
  /** Unix seconds */
  readonly at: number;
  readonly expiresAt?: number;
}

export interface Place {
  readonly district: string;
  readonly community: number;
  readonly gate: string;
}

export function signUsed(used: UsedCode, place: Place, signer: Signer): Promise<string> {
  const claims: UsedClaims = {
    iss: place.district,
    aud: place.community,
    gate: place.gate,
    code: used.code,
    direction: used.direction,
    iat: used.at,
    ...(used.expiresAt === undefined ? {} : { exp: used.expiresAt }),
  };
  return signer.signJwt(USED_TYPE, claims);
}

export type UsedProblem = 'malformed' | 'own' | 'unknown-gate' | 'elsewhere' | 'signature';

export interface Sisters {
  /** Device keys by gate, hex, from the signed policy. */
  readonly gates: Readonly<Record<string, string>>;
  readonly verifySignature: VerifySignature;
}

export function verifyUsed(
  token: string,
  place: Place,
  { gates, verifySignature }: Sisters,
): Result<UsedElsewhereItem, UsedProblem> {
  const signed = parseSigned(token);
  const [signature, ...more] = signed.ok ? signed.value.signatures : [];
  if (!signed.ok || signed.value.typ !== USED_TYPE || signature === undefined || more.length > 0)
    return err('malformed');
  const claims = usedClaims.safeParse(parseClaims(signed.value.payload)).data;
  if (claims === undefined) return err('malformed');
  if (claims.gate === place.gate) return err('own');
  if (claims.iss !== place.district || claims.aud !== place.community) return err('elsewhere');
  const key = Object.hasOwn(gates, claims.gate) ? fromHex(gates[claims.gate] ?? '') : undefined;
  if (key === undefined) return err('unknown-gate');
  if (!verifySignature(key, signature)) return err('signature');
  return ok({
    type: 'used',
    code: claims.code,
    gate: claims.gate,
    direction: claims.direction,
    at: claims.iat,
    ...(claims.exp === undefined ? {} : { expiresAt: claims.exp }),
  });
}
