import { DAY_ZERO_SECONDS, localTime, utcDay } from '../base/index.ts';
import type { CodeFields, Refusal } from '../code/index.ts';
import type { VerifyNow, VerifyRules } from './trust.ts';

/**
 * When a code counts: step 4 of docs/code-format.md, all five kinds. Widening by the gate's own clock error is for the
 * codes that a phone dates (kinds 2 and 3) alone.
 */
export interface Timing {
  readonly now: VerifyNow;
  readonly rules: VerifyRules;
  /** The district's local day, days since 2020-01-01. */
  readonly today: () => number;
}

const SECONDS_PER_DAY = 86_400;
const SECONDS_PER_MINUTE = 60;

export function outsideTime(fields: CodeFields, timing: Timing): Refusal | undefined {
  const { now, rules } = timing;
  switch (fields.kind) {
    case 1:
      return outsideSpan(now.seconds, spanOf(fields.iat, fields.ttlMinutes, rules));
    case 2:
      return (
        outsideWindow(fields.ts, timing) ?? (utcDay(now.seconds) <= fields.lastDay ? undefined : 'expired')
      );
    case 3:
      return outsideWindow(fields.ts, timing);
    case 4:
      return outsideSpan(now.seconds, spanOf(fields.from, fields.minutes, rules));
    case 5:
      if (timing.today() < fields.firstDay) return 'not-yet-valid';
      return timing.today() <= fields.lastDay ? undefined : 'expired';
  }
}

/** The phone's clock minus the gate's, where that is what refused a code of kind 2 or 3. */
export function offsetOf(fields: CodeFields, timing: Timing): number | undefined {
  if (fields.kind !== 2 && fields.kind !== 3) return undefined;
  const outside = outsideWindow(fields.ts, timing) !== undefined;
  return outside ? Math.round(fields.ts - timing.now.seconds) : undefined;
}

/**
 * Unix seconds after which time alone refuses the code, whatever the gate's clock error becomes: a used code
 * must be remembered that long.
 */
export function expiryOf(fields: CodeFields, rules: VerifyRules, timeZone: string): number {
  switch (fields.kind) {
    case 1:
      return spanOf(fields.iat, fields.ttlMinutes, rules).end - 1;
    case 2:
    case 3:
      return fields.ts + rules.windowSeconds + rules.wideningMaxSeconds;
    case 4:
      return spanOf(fields.from, fields.minutes, rules).end - 1;
    case 5:
      return endOfLocalDay(fields.lastDay, timeZone);
  }
}

interface Span {
  readonly start: number;
  /** First second that is outside again. */
  readonly end: number;
}

function spanOf(from: number, minutes: number, { skewSeconds }: VerifyRules): Span {
  return { start: from - skewSeconds, end: from + minutes * SECONDS_PER_MINUTE + skewSeconds };
}

function outsideSpan(seconds: number, { start, end }: Span): Refusal | undefined {
  if (seconds < start) return 'not-yet-valid';
  return seconds < end ? undefined : 'expired';
}

function outsideWindow(ts: number, { now, rules }: Timing): Refusal | undefined {
  const widening = Math.min(Math.max(now.errorSeconds, 0), rules.wideningMaxSeconds);
  const ahead = ts - now.seconds;
  if (Math.abs(ahead) <= rules.windowSeconds + widening) return undefined;
  return ahead > 0 ? 'not-yet-valid' : 'expired';
}

/** The last second of a local day. On a day when clocks change, the offset of its end counts. */
function endOfLocalDay(day: number, timeZone: string): number {
  const asUtc = DAY_ZERO_SECONDS + (day + 1) * SECONDS_PER_DAY;
  const guess = asUtc - offsetAt(asUtc, timeZone);
  return asUtc - offsetAt(guess - 1, timeZone) - 1;
}

function offsetAt(seconds: number, timeZone: string): number {
  const { day, minuteOfDay } = localTime(seconds, timeZone);
  const local = DAY_ZERO_SECONDS + day * SECONDS_PER_DAY + minuteOfDay * SECONDS_PER_MINUTE;
  return local - Math.floor(seconds / SECONDS_PER_MINUTE) * SECONDS_PER_MINUTE;
}
