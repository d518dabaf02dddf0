import { assert, concat, utf8 } from '../base/index.ts';

/**
 * The short code: eight digits beneath the symbol, to be read out to a guard where no reader works (docs/code-format.md).
 * It finds a person and opens nothing. HMAC-SHA-256 and the time are handed in; no secret is kept here.
 */

/** RFC 6238 §4: X, the time step. Long enough to be read out, and typed, within its life. */
export const SHORT_CODE_STEP_SECONDS = 60;
export const SHORT_CODE_DIGITS = 8;
/** Steps before and after the present one: reading out takes time, and a phone's clock is a little off (RFC 6238 §5.2). */
export const SHORT_CODE_STEPS_BESIDE = 1;
/** Most that the gate's own clock error may widen the accepted steps by, each way. */
export const SHORT_CODE_WIDENING_MAX_SECONDS = 120;
/** Bytes of a community's key and of a phone's secret: as long as the digest (RFC 6238 §5.1). */
export const SHORT_CODE_SECRET_BYTES = 32;

const CONTEXT = 'menwei short code v1';
const MODULUS = 10 ** SHORT_CODE_DIGITS;
const DIGEST_BYTES = 32;
const ZERO = Uint8Array.of(0);

/** What HMAC-SHA-256 under the community's key makes a phone's secret of. */
export function shortCodeSecretMessage(district: string, index: number): Uint8Array {
  const place = new Uint8Array(4);
  new DataView(place.buffer).setUint32(0, index);
  return concat(utf8(CONTEXT), ZERO, utf8(district), ZERO, place);
}

export function shortCodeStep(seconds: number): number {
  return Math.floor(seconds / SHORT_CODE_STEP_SECONDS);
}

/** The counter as RFC 4226 §5.1 writes it, 8 bytes: what HMAC-SHA-256 under the phone's secret makes a code of. */
export function shortCodeMessage(step: number): Uint8Array {
  assert(Number.isSafeInteger(step) && step >= 0, 'a step counts from 1970');
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setBigUint64(0, BigInt(step));
  return counter;
}

/** RFC 4226 §5.3, dynamic truncation, to a number below 10^8. */
export function truncated(digest: Uint8Array): number {
  assert(digest.length === DIGEST_BYTES, 'HMAC-SHA-256 has 32 bytes');
  const view = new DataView(digest.buffer, digest.byteOffset, DIGEST_BYTES);
  const offset = view.getUint8(DIGEST_BYTES - 1) & 0x0f;
  return (view.getUint32(offset) & 0x7fff_ffff) % MODULUS;
}

/** @returns eight digits, zeros in front */
export function shortCodeText(code: number): string {
  return String(code).padStart(SHORT_CODE_DIGITS, '0');
}

/** As people see it: `1234 5678`. */
export function shortCodeGroups(text: string): string {
  return `${text.slice(0, SHORT_CODE_DIGITS / 2)} ${text.slice(SHORT_CODE_DIGITS / 2)}`;
}

/** What was typed: also full-width digits, and groups parted by spaces or hyphens. Undefined: not eight digits. */
export function readShortCode(typed: string): number | undefined {
  if (typed.length > 4 * SHORT_CODE_DIGITS) return undefined;
  const digits = typed.normalize('NFKC').replace(/[\s-]+/g, '');
  return /^[0-9]{8}$/.test(digits) ? Number(digits) : undefined;
}

/** Every step that a phone with a fair clock may be in, as far as the gate knows the time; nearest to the present first. */
export function acceptedSteps(seconds: number, errorSeconds: number): readonly number[] {
  const error = Math.min(Math.max(errorSeconds, 0), SHORT_CODE_WIDENING_MAX_SECONDS);
  const present = shortCodeStep(seconds);
  const first = Math.max(0, shortCodeStep(seconds - error) - SHORT_CODE_STEPS_BESIDE);
  const last = shortCodeStep(seconds + error) + SHORT_CODE_STEPS_BESIDE;
  return Array.from({ length: last - first + 1 }, (_, at) => first + at).sort(
    (left, right) => Math.abs(left - present) - Math.abs(right - present),
  );
}
