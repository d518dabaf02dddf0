/** Small words of the house: results, bytes, times, a bounded queue. Pure and browser-safe; imports nothing. */
export { afterSilence } from './after-silence.ts';
export { assert, never } from './assert.ts';
export { base32hexLength, decodeBase32hex, encodeBase32hex } from './base32hex.ts';
export { decodeBase64url, encodeBase64url } from './base64url.ts';
export { BoundedQueue } from './bounded-queue.ts';
export { concat, equalBytes, fromHex, fromUtf8, toHex, utf8 } from './bytes.ts';
export { DAY_ZERO_SECONDS, isoDate, type LocalTime, localTime, utcDay } from './local-time.ts';
export { orStopped } from './or-stopped.ts';
export { type Err, err, type Ok, ok, type Result } from './result.ts';
export {
  type ClockQuality,
  isoTime,
  type MonotonicMs,
  monotonicMs,
  unixSeconds,
  type WallMs,
  wallMs,
} from './times.ts';
export { isTimeZone } from './zone-offset.ts';
