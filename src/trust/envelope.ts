import { compactDecrypt, decodeProtectedHeader } from 'jose';
import { fromUtf8, ok, type Result } from '../base/index.ts';
import {
  DOCUMENT_TEXT_MAX,
  PHOTO_TYPE,
  parseSigned,
  ROSTER_TEXT_MAX,
  ROSTER_TYPE,
  type SignedText,
  STATUS_LIST_TYPE,
  STATUS_TEXT_MAX,
} from '../wire/index.ts';
import { type DocumentRefused, refuse } from './refused.ts';

/**
 * From text to signed text: takes the seal to this gate's key off (JWE by jose, algorithms pinned), and reads the JWS.
 * Nothing that comes out of here is believed yet.
 */

/** The gate's private X25519 key, RFC 8037 §2. */
export interface GateKey {
  readonly kty: 'OKP';
  readonly crv: 'X25519';
  readonly x: string;
  readonly d: string;
}

export interface Envelope extends SignedText {
  readonly sealed: boolean;
}

/** What a district seals to one gate; nothing else is believed out of a seal. */
const SEALED_TYPES: readonly string[] = [ROSTER_TYPE, PHOTO_TYPE];
const TEXT_MAX = Math.max(STATUS_TEXT_MAX, ROSTER_TEXT_MAX);
const KEY_MANAGEMENT = 'ECDH-ES+A256KW';
const CONTENT_ENCRYPTION = 'A256GCM';

export async function openEnvelope(
  text: string,
  gateKey: GateKey | undefined,
): Promise<Result<Envelope, DocumentRefused>> {
  if (text.length > TEXT_MAX)
    return refuse('too-large', { document: '(text)', detail: `${text.length} characters` });
  const sealed = isSealed(text);
  const inner = sealed ? await unseal(text, gateKey) : ok(text);
  if (!inner.ok) return inner;
  const parsed = parseSigned(inner.value);
  if (!parsed.ok) {
    const { field, why } = parsed.error;
    return refuse('malformed', { document: sealed ? '(sealed)' : '(text)', field, detail: why });
  }
  const { typ } = parsed.value;
  if (sealed && !SEALED_TYPES.includes(typ))
    return refuse('bad-typ', { document: typ.slice(0, 64), field: 'typ' });
  if (inner.value.length > textMaxOf(typ)) {
    return refuse('too-large', { document: typ.slice(0, 64), detail: `${inner.value.length} characters` });
  }
  return ok({ ...parsed.value, sealed });
}

/** A compact JWE has five parts (RFC 7516 §3.1). */
function isSealed(text: string): boolean {
  return !text.startsWith('{') && text.split('.', 6).length === 5;
}

async function unseal(text: string, gateKey: GateKey | undefined): Promise<Result<string, DocumentRefused>> {
  const at = { document: '(sealed)' };
  let header: { readonly zip?: unknown };
  try {
    header = decodeProtectedHeader(text);
  } catch {
    return refuse('malformed', { ...at, field: '(header)' });
  }
  if (header.zip !== undefined) return refuse('zip-refused', { ...at, field: 'zip' });
  if (gateKey === undefined) return refuse('sealed', { ...at, detail: 'this gate has no key' });
  try {
    const { plaintext } = await compactDecrypt(
      text,
      { ...gateKey },
      {
        keyManagementAlgorithms: [KEY_MANAGEMENT],
        contentEncryptionAlgorithms: [CONTENT_ENCRYPTION],
      },
    );
    const inner = fromUtf8(plaintext);
    return inner === undefined ? refuse('malformed', at) : ok(inner);
  } catch {
    // Which step failed would help nobody but an attacker.
    return refuse('sealed', at);
  }
}

function textMaxOf(typ: string): number {
  if (typ === STATUS_LIST_TYPE) return STATUS_TEXT_MAX;
  return typ === ROSTER_TYPE ? ROSTER_TEXT_MAX : DOCUMENT_TEXT_MAX;
}
