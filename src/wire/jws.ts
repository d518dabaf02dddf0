import { decodeBase64url, err, fromUtf8, ok, type Result, utf8 } from '../base/index.ts';

/**
 * Reads signed text, JWS compact (RFC 7515 §7.1) or general JSON (§7.2.1), into what an engine can verify.
 * It verifies nothing, and it accepts one shape only: `alg` EdDSA, a `typ`, perhaps a `kid`, and no other header.
 */

/** Signatures under one document: more than any threshold. */
export const SIGNATURES_MAX = 16;

const HEADER_TEXT_MAX = 512;
const SIGNATURE_BYTES = 64;
const HEADER_MEMBERS = new Set(['alg', 'typ', 'kid']);

export interface SignedText {
  readonly typ: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly TextSignature[];
}

export interface TextSignature {
  readonly kid?: string;
  /** The bytes that were signed: protected header, a dot, payload. */
  readonly message: Uint8Array;
  /** 64 bytes */
  readonly signature: Uint8Array;
}

/** Where the text is not what it should be. */
export interface TextProblem {
  readonly field: string;
  readonly why: string;
}

interface Part {
  readonly protected: string;
  readonly signature: string;
}

export function parseSigned(text: string): Result<SignedText, TextProblem> {
  const parts = text.startsWith('{') ? generalParts(text) : compactParts(text);
  if (parts === undefined) return problem('(text)', 'is neither a compact nor a general JWS');
  const payload = decodeBase64url(parts.payload);
  if (payload === undefined) return problem('payload', 'is not base64url');
  let typ: string | undefined;
  const signatures: TextSignature[] = [];
  for (const part of parts.signatures) {
    const header = readHeader(part.protected);
    if (!header.ok) return header;
    if (typ !== undefined && typ !== header.value.typ) return problem('typ', 'differs between signatures');
    typ = header.value.typ;
    const signature = decodeBase64url(part.signature);
    if (signature?.length !== SIGNATURE_BYTES) return problem('signature', 'is not 64 bytes in base64url');
    const message = utf8(`${part.protected}.${parts.payload}`);
    signatures.push({
      ...(header.value.kid === undefined ? {} : { kid: header.value.kid }),
      message,
      signature,
    });
  }
  return typ === undefined ? problem('signatures', 'are missing') : ok({ typ, payload, signatures });
}

/** The claims of a payload: one JSON object, or nothing. */
export function parseClaims(payload: Uint8Array): unknown {
  const text = fromUtf8(payload);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function compactParts(text: string): { payload: string; signatures: Part[] } | undefined {
  const [header, payload, signature, ...rest] = text.split('.', 4);
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return undefined;
  return { payload, signatures: [{ protected: header, signature }] };
}

function generalParts(text: string): { payload: string; signatures: Part[] } | undefined {
  const value = parseClaims(utf8(text));
  if (!isRecord(value) || typeof value['payload'] !== 'string' || !Array.isArray(value['signatures']))
    return undefined;
  if (!hasOnly(value, ['payload', 'signatures']) || value['signatures'].length > SIGNATURES_MAX)
    return undefined;
  const signatures: Part[] = [];
  for (const one of value['signatures'] as unknown[]) {
    if (!isRecord(one) || !hasOnly(one, ['protected', 'signature'])) return undefined;
    const { protected: header, signature } = one;
    if (typeof header !== 'string' || typeof signature !== 'string') return undefined;
    signatures.push({ protected: header, signature });
  }
  return { payload: value['payload'], signatures };
}

function readHeader(text: string): Result<{ typ: string; kid?: string }, TextProblem> {
  const bytes = text.length > HEADER_TEXT_MAX ? undefined : decodeBase64url(text);
  const header = bytes === undefined ? undefined : parseClaims(bytes);
  if (!isRecord(header)) return problem('(header)', 'is not a JSON object in base64url');
  const unknown = Object.keys(header).find((member) => !HEADER_MEMBERS.has(member));
  if (unknown !== undefined) return problem(unknown, 'has no place in the header');
  if (header['alg'] !== 'EdDSA') return problem('alg', 'must be EdDSA');
  const { typ, kid } = header;
  if (typeof typ !== 'string') return problem('typ', 'is missing');
  if (kid !== undefined && typeof kid !== 'string') return problem('kid', 'must be a text');
  return ok({ typ, ...(kid === undefined ? {} : { kid }) });
}

function hasOnly(value: Record<string, unknown>, members: readonly string[]): boolean {
  return Object.keys(value).every((member) => members.includes(member));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(field: string, why: string): Result<never, TextProblem> {
  return err({ field, why });
}
