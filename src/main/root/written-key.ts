import { hash } from 'node:crypto';
import { concat, err, ok, type Result, utf8 } from '../../base/index.ts';

/**
 * A root key on paper: nine rows of two groups, each with a check of its own, so that whoever types it back hears at once
 * which row is wrong. The last row checks the whole.
 */

/** Douglas Crockford's base 32: no I, L, O or U, which hands and eyes confuse. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ROW_BYTES = 4;
const KEY_ROWS = 8;
export const WRITTEN_ROWS = KEY_ROWS + 1;

/** @returns rows such as `1  7ZK4-M0QW` */
export function writtenKey(seed: Uint8Array): string[] {
  const whole = concat(seed, checkOf(seed).subarray(0, ROW_BYTES));
  return Array.from({ length: WRITTEN_ROWS }, (_, at) => {
    const bytes = whole.subarray(at * ROW_BYTES, (at + 1) * ROW_BYTES);
    const text = encode(concat(bytes, rowCheck(at, bytes)));
    return `${at + 1}  ${text.slice(0, 4)}-${text.slice(4)}`;
  });
}

/** @param at 0 for the first row */
export function readRow(at: number, text: string): Result<Uint8Array, string> {
  const typed = text
    .trim()
    .replace(/^\d\s+/, '')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  const row = `row ${at + 1}`;
  if (typed.length !== 8)
    return err(`${row}: eight letters and digits are needed, ${typed.length} were typed; type it again`);
  const bytes = decode(typed);
  if (bytes === undefined) return err(`${row}: has a letter that no row has (U, or a sign); type it again`);
  const [value, check] = [bytes.subarray(0, ROW_BYTES), bytes[ROW_BYTES]];
  return rowCheck(at, value)[0] === check
    ? ok(value)
    : err(`${row}: does not check; compare it letter by letter, and type it again`);
}

/** @param rows of `readRow`, in order */
export function readWhole(rows: readonly Uint8Array[]): Result<Uint8Array, string> {
  const seed = concat(...rows.slice(0, KEY_ROWS));
  const check = rows[KEY_ROWS];
  const isWhole = seed.length === 32 && check?.every((byte, at) => byte === checkOf(seed)[at]) === true;
  return isWhole ? ok(seed) : err('the rows are not of one key; are two papers mixed? Begin again');
}

function checkOf(seed: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', concat(utf8('menwei root key'), seed), 'buffer'));
}

function rowCheck(at: number, bytes: Uint8Array): Uint8Array {
  const digest = hash('sha256', concat(utf8(`menwei root key row ${at + 1}`), bytes), 'buffer');
  return new Uint8Array(digest.subarray(0, 1));
}

function encode(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => LETTERS[Number.parseInt(five, 2)]).join('');
}

function decode(text: string): Uint8Array | undefined {
  const values = [...text].map((letter) => LETTERS.indexOf(letter));
  if (values.includes(-1)) return undefined;
  const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (eight) => Number.parseInt(eight, 2));
}
