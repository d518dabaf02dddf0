import { isoDate, localTime, unixSeconds, wallMs } from '../../base/index.ts';

/**
 * Until when something is due that may take so many working days: the end of the last of them, in the district's own zone.
 * Monday to Friday are worked, but for the days that the configuration names; so are the ones that it names besides (调休).
 */
export interface WorkCalendar {
  /** IANA name */
  readonly timeZone: string;
  /** `2027-01-01` */
  readonly holidays?: readonly string[];
  readonly workdays?: readonly string[];
}

const QUARTER_MS = 900_000;
/** No country rests so long. */
const DAYS_MAX = 40;

/** @param from Unix milliseconds; the day of it does not count @returns Unix milliseconds */
export function dueAfter(from: number, workingDays: number, calendar: WorkCalendar): number {
  const dayAt = (at: number) => localTime(unixSeconds(wallMs(at)), calendar.timeZone).day;
  let [day, left] = [dayAt(from), workingDays];
  for (let ahead = 0; ahead < DAYS_MAX && left > 0; ahead += 1) {
    day += 1;
    if (isWorked(day, calendar)) left -= 1;
  }
  // Zones are ahead or behind by whole quarters of an hour: the day's end is looked for in these.
  let at = Math.floor((from + (day - dayAt(from)) * 86_400_000) / QUARTER_MS) * QUARTER_MS;
  while (dayAt(at) > day) at -= QUARTER_MS;
  while (dayAt(at) <= day) at += QUARTER_MS;
  return at;
}

function isWorked(day: number, { holidays = [], workdays = [] }: WorkCalendar): boolean {
  const date = isoDate(day);
  if (workdays.includes(date)) return true;
  // 2020-01-01, day 0, was a Wednesday.
  const weekday = (day + 2) % 7;
  return weekday < 5 && !holidays.includes(date);
}

/** The district's own day: `2026-01-31`. */
export function dayOf(at: number, timeZone: string): string {
  return isoDate(localTime(unixSeconds(wallMs(at)), timeZone).day);
}
