import { zoneOffset } from './zone-offset.ts';

/**
 * Calendar days and minutes in a time zone, from Unix seconds.
 * Days count from 2020-01-01, as the code format does. An unknown zone throws a RangeError; configuration rejects it first.
 */

const SECONDS_PER_DAY = 86_400;
/** Offsets of all zones in use change at whole quarters of an hour, so one look-up serves that long. */
const OFFSET_STEP_SECONDS = 900;
const OFFSETS_MAX = 512;

/** 2020-01-01T00:00:00Z in Unix seconds. */
export const DAY_ZERO_SECONDS = 1_577_836_800;

export interface LocalTime {
  /** Days since 2020-01-01 in that zone. */
  readonly day: number;
  /** 1 = Monday … 7 = Sunday (ISO 8601). */
  readonly weekday: number;
  /** 0..1439 */
  readonly minuteOfDay: number;
}

/** Days since 2020-01-01 in UTC. */
export function utcDay(seconds: number): number {
  return Math.floor((seconds - DAY_ZERO_SECONDS) / SECONDS_PER_DAY);
}

/** @param timeZone an IANA name, e.g. `Asia/Shanghai` */
export function localTime(seconds: number, timeZone: string): LocalTime {
  const local = seconds + offsetSeconds(seconds, timeZone);
  const day = utcDay(local);
  const secondOfDay = local - DAY_ZERO_SECONDS - day * SECONDS_PER_DAY;
  // 2020-01-01 was a Wednesday, ISO weekday 3.
  const weekday = ((((day + 2) % 7) + 7) % 7) + 1;
  return { day, weekday, minuteOfDay: Math.floor(secondOfDay / 60) };
}

/** `2026-12-31` of a day counted from 2020-01-01. */
export function isoDate(day: number): string {
  return new Date((DAY_ZERO_SECONDS + day * SECONDS_PER_DAY) * 1000).toISOString().slice(0, 10);
}

const offsets = new Map<string, number>();

function offsetSeconds(seconds: number, timeZone: string): number {
  const step = Math.floor(seconds / OFFSET_STEP_SECONDS);
  const key = `${timeZone} ${step}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= OFFSETS_MAX) offsets.clear();
  const offset = zoneOffset(step * OFFSET_STEP_SECONDS, timeZone);
  offsets.set(key, offset);
  return offset;
}
