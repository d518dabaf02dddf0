import { assert, concat, encodeBase32hex, utf8 } from '../base/index.ts';
import type { Claim, CodeFields, CredentialFields, Kind } from './claim.ts';
import { LAYOUTS, readFields, SIGNATURE_BYTES, type SignedBy, writeFields } from './layout.ts';

/**
 * Fields and signatures → code, and what is signed. Promises that whatever it writes, `parseCode` reads back unchanged;
 * it never signs and never checks a signature.
 */

/** 64 bytes each: whatever the kind asks for, and nothing else. */
export interface Signatures {
  readonly issuer?: Uint8Array;
  readonly holder?: Uint8Array;
}

/** A stretch of a code that somebody signed. */
export interface SignedPart {
  readonly by: SignedBy;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** Bytes 0..104 of kind 2: what the district hands to a phone, which adds the present second and its own signature. */
export interface Credential {
  readonly fields: Omit<CredentialFields, 'ts'>;
  readonly issuerSignature: Uint8Array;
}

/** Length of a credential: kind 2 up to its `ts`. */
export const CREDENTIAL_BYTES = 105;

/** A value out of range or a missing signature is a bug of the caller's and throws. */
export function encodeCode(fields: CodeFields, signatures: Signatures): Claim {
  const layout = LAYOUTS[fields.kind];
  const bytes = new Uint8Array(layout.bytes);
  writeFields(layout, fields, bytes);
  for (const place of layout.signatures) bytes.set(signatureOf(signatures, place.by), place.at);
  return { fields, bytes, canonical: codeText(fields.kind, bytes) };
}

/** The bytes that the issuer or the holder signs. The holder of kind 2 signs over the issuer's signature. */
export function bytesToSign(fields: CodeFields, by: SignedBy, signatures: Signatures = {}): Uint8Array {
  const layout = LAYOUTS[fields.kind];
  const bytes = new Uint8Array(layout.bytes);
  writeFields(layout, fields, bytes);
  for (const place of layout.signatures) {
    if (place.by === by) return bytes.slice(0, place.at);
    bytes.set(signatureOf(signatures, place.by), place.at);
  }
  throw new Error(`invariant broken: kind ${fields.kind} has no signature by the ${by}`);
}

/** What is signed in a code, in the order in which it is checked: issuer first, then holder. */
export function signedParts(claim: Claim): readonly SignedPart[] {
  return LAYOUTS[claim.fields.kind].signatures.map(({ by, at }) => ({
    by,
    bytes: claim.bytes.subarray(0, at),
    signature: claim.bytes.subarray(at, at + SIGNATURE_BYTES),
  }));
}

/** The first bytes of every signed message: context, zero, district, zero. All of it ASCII. */
export function messagePrefix(by: SignedBy, district: string): Uint8Array {
  return utf8(`menwei code v1 ${by}\0${district}\0`);
}

export function signedMessage(by: SignedBy, district: string, bytes: Uint8Array): Uint8Array {
  return concat(messagePrefix(by, district), bytes);
}

export function encodeCredential(credential: Credential): Uint8Array {
  const { fields, issuerSignature } = credential;
  const nobody = new Uint8Array(SIGNATURE_BYTES);
  const whole = encodeCode({ ...fields, ts: 0 }, { issuer: issuerSignature, holder: nobody });
  return whole.bytes.slice(0, CREDENTIAL_BYTES);
}

/** @returns undefined for anything that is not a well-formed credential; its signature is not checked */
export function readCredential(bytes: Uint8Array): Credential | undefined {
  const layout = LAYOUTS[2];
  if (bytes.length !== CREDENTIAL_BYTES || bytes[0] !== ((2 << 4) | 1)) return undefined;
  const whole = new Uint8Array(layout.bytes);
  whole.set(bytes);
  const fields = readFields(layout, 1, whole);
  if (fields?.kind !== 2) return undefined;
  const { ts: _, ...rest } = fields;
  const at = layout.signatures[0]?.at ?? 0;
  return { fields: rest, issuerSignature: bytes.slice(at, at + SIGNATURE_BYTES) };
}

function codeText(kind: Kind, bytes: Uint8Array): string {
  return `X${kind}${encodeBase32hex(bytes)}`;
}

function signatureOf(signatures: Signatures, by: SignedBy): Uint8Array {
  const signature = signatures[by];
  assert(
    signature !== undefined && signature.length === SIGNATURE_BYTES,
    `the ${by}'s signature has 64 bytes`,
  );
  return signature;
}
