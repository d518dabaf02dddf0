import { assert, utf8 } from '../base/index.ts';
import type { RowContent } from './row.ts';
import { isWellFormedText } from './well-formed-text.ts';

export { isWellFormedText } from './well-formed-text.ts';

/**
 * The bytes that a row's digest covers: its content as canonical JSON (RFC 8785), and the bytes that its hash covers.
 * Two rows with the same content have the same bytes, whoever wrote them and in whatever order.
 */

/** Row fields in the order of RFC 8785 §3.2.3: by UTF-16 code units. */
const FIELDS = [
  'actor',
  'at',
  'clock',
  'command',
  'decision',
  'direction',
  'door',
  'entry',
  'index',
  'kind',
  'lane',
  'party',
  'passId',
  'reader',
  'reason',
  'refusal',
  'seq',
] as const satisfies readonly (keyof RowContent)[];

type Forgotten = Exclude<keyof RowContent, (typeof FIELDS)[number]>;
/** Stops compiling when a row gets a field that its digest would not cover. */
const everyFieldIsCovered: [Forgotten] extends [never] ? true : Forgotten = true;

/** Canonical JSON of a row. Rows are flat and their numbers whole, so `JSON.stringify` writes each value canonically. */
export function rowContentText(content: RowContent): string {
  assert(everyFieldIsCovered, 'the digest covers every field');
  let text = '';
  for (const field of FIELDS) {
    const value = content[field];
    if (value === undefined) continue;
    text += `${text === '' ? '{' : ','}"${field}":${JSON.stringify(value)}`;
    assert(typeof value !== 'string' || isWellFormedText(value), `a row's ${field} is well-formed text`);
  }
  return `${text}}`;
}

/** What SHA-256 makes the row's `digest` of. */
export function rowContentBytes(content: RowContent): Uint8Array {
  return utf8(rowContentText(content));
}

/** The `previousHash` of a journal's first row. */
export const GENESIS_HASH = '0'.repeat(64);
