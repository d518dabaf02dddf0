import { PIN_FIGURES_MIN } from './limits.ts';

/**
 * Which PINs are refused before they are ever hashed: with five tries a quarter of an hour a PIN is as good as it is far
 * from those that everybody tries first: repeated figures, walks over the keys, dates, phone numbers.
 */

/** Fewer different figures than this are a pattern: one random PIN of six in fourteen is lost by it. */
const DIFFERENT_MIN = 4;
const YEARS = { from: 1900, to: 2099 } as const;
/** Keys as they are walked along, in rows, columns and around the edge; both directions. */
const WALKS = [
  '01234567890123456789',
  '02468024680246802468',
  '13579135791357913579',
  '147258369147258369',
  '159357159357',
  '357159357159',
  '12369874123698741',
  '14789632147896321',
];
/** Chosen by many for how they sound ("I love you", "all my life") or for luck. */
const FAVOURITES = ['5201314', '1314520', '520131', '131452', '201314', '52013', '168168', '518518', '888'];

/** @param pin figures alone. @param account whose name's figures it may not consist of */
export function isWeakPin(pin: string, account: string): boolean {
  if (pin.length < PIN_FIGURES_MIN) return true;
  if (new Set(pin).size < DIFFERENT_MIN || isWalk(pin) || isDate(pin) || isPersonal(pin)) return true;
  const figures = account.replaceAll(/\D/g, '');
  if (figures.length >= DIFFERENT_MIN && pin.includes(figures)) return true;
  return FAVOURITES.some((favourite) => pin.replaceAll(favourite, '').length <= pin.length / 3);
}

/** Whole, or all but one figure of it, or one half after the other. */
function isWalk(pin: string): boolean {
  const halves = [pin.slice(0, Math.ceil(pin.length / 2)), pin.slice(Math.ceil(pin.length / 2))];
  return [pin, pin.slice(1), pin.slice(0, -1)].some(isWalked) || halves.every(isWalked);
}

function isWalked(figures: string): boolean {
  return WALKS.some((walk) => walk.includes(figures) || [...walk].reverse().join('').includes(figures));
}

/** A birthday in the orders that people write it in, with two or four figures of the year. */
function isDate(pin: string): boolean {
  if (pin.length === 6) {
    const [first, second, third] = [pin.slice(0, 2), pin.slice(2, 4), pin.slice(4)].map(Number);
    return (
      isDay(second, third) ||
      isDay(first, second) ||
      isDay(second, first) ||
      isMonthOf(pin.slice(0, 4), third)
    );
  }
  if (pin.length !== 8) return false;
  const [front, back] = [pin.slice(0, 4), pin.slice(4)];
  const [backFirst, backSecond] = [Number(back.slice(0, 2)), Number(back.slice(2))];
  const [frontFirst, frontSecond] = [Number(front.slice(0, 2)), Number(front.slice(2))];
  if (isYear(front) && isDay(backFirst, backSecond)) return true;
  return isYear(back) && (isDay(frontFirst, frontSecond) || isDay(frontSecond, frontFirst));
}

/** Year and month: 199907 */
function isMonthOf(year: string, month = 0): boolean {
  return isYear(year) && month >= 1 && month <= 12;
}

function isDay(month = 0, day = 0): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function isYear(text: string): boolean {
  return Number(text) >= YEARS.from && Number(text) <= YEARS.to;
}

/** A mobile number (YD/T 1314), or one of an identity card (GB 11643). */
function isPersonal(pin: string): boolean {
  return /^1[3-9]\d{9}$/.test(pin) || /^\d{15}$|^\d{18}$/.test(pin);
}
