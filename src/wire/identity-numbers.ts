/**
 * The 18-character number that GB 11643-1999 gives to citizens, and that later cards took over:
 *
 *     6 1 0 1 0 4  1 9 8 0 0 1 0 1  0 0 2  X
 *     area (GB/T 2260) birth date    order  check character, ISO 7064 MOD 11-2 (GB/T 17710-2008)
 *
 * Pure; it never keeps or repeats what it was given.
 */

/** GB 11643-1999, 4.3 and appendix A: weights of the first 17 digits, and the check character of each remainder. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';
/** Nobody who is alive was born before; the oldest documented age is 122 years. */
const AGE_MAX_YEARS = 130;

/** A day of the calendar, `YYYY-MM-DD`. */
export type DateText = string;
export type Sex = 'male' | 'female';

/** @param body 17 digits @returns `0` to `9` or `X` */
export function checkCharacter(body: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/** @param number 17 digits and a digit or X */
export function hasCheckCharacter(number: string): boolean {
  return /^\d{17}[\dX]$/.test(number) && checkCharacter(number.slice(0, 17)) === number[17];
}

/** @param digits `YYYYMMDD` @returns undefined for a day that there was not, or that has not come by `today` */
export function birthDateOf(digits: string, today: DateText): DateText | undefined {
  const date = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  return isBirthDate(date, today) ? date : undefined;
}

/** A real day, not after `today`, and not so long ago that nobody born then lives. */
export function isBirthDate(date: DateText, today: DateText): boolean {
  if (!isDate(date) || date > today) return false;
  return Number(today.slice(0, 4)) - Number(date.slice(0, 4)) <= AGE_MAX_YEARS;
}

export function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  if (year === 0 || month < 1 || month > 12 || day < 1) return false;
  const days = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}

/** GB 11643-1999, 4.2.3: odd orders are given to men, even ones to women. */
export function sexOf(number: string): Sex {
  return Number(number[16]) % 2 === 1 ? 'male' : 'female';
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
