import { parseCode } from '../../src/code/index.ts';
import { sha256 } from '../../src/crypto/index.ts';
import { toHex } from '../../src/base/index.ts';
import type { ShownCode } from '../twins/simulator/district.ts';

/** A code as the checker wants to know it. */
export function shown(text: string): ShownCode {
  const parsed = parseCode(text);
  if (!parsed.ok) throw new Error('a code that was made can be read');
  return { text, hash: toHex(sha256(parsed.value.bytes)), fields: parsed.value.fields, forged: false };
}
