/**
 * The number under which an application is asked for: 15 drawn symbols and one that checks them. It says nothing of anybody,
 * may stand in an address, and whoever has it learns the state of one application and no more.
 */

/** Without 0, 1, I, O and U, which are mistaken for others or spell words; 31 is prime, which the check needs. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTVWXYZ';
const DRAWN = 15;
const GROUP = 4;
/** Bytes from here on are thrown away: below, each symbol has the same share. */
const BYTE_LIMIT = 256 - (256 % ALPHABET.length);

/** @param random any number of bytes at a time, even ones @returns `7KQF-M2XD-9PWA-H3TC` */
export function newReceipt(random: { bytes(length: number): Uint8Array }): string {
  let symbols = '';
  while (symbols.length < DRAWN) {
    for (const byte of random.bytes(DRAWN))
      if (byte < BYTE_LIMIT && symbols.length < DRAWN) symbols += ALPHABET.charAt(byte % ALPHABET.length);
  }
  return grouped(symbols + checkOf(symbols));
}

/** As people type it: small letters, spaces, without its hyphens. @returns its one form; undefined for what is none */
export function readReceipt(text: string): string | undefined {
  if (text.length > 64) return undefined;
  const symbols = text.toUpperCase().replace(/[\s-]/g, '');
  if (symbols.length !== DRAWN + 1 || [...symbols].some((each) => !ALPHABET.includes(each))) return undefined;
  return checkOf(symbols.slice(0, DRAWN)) === symbols.charAt(DRAWN) ? grouped(symbols) : undefined;
}

/** Weighted by place, modulo a prime above the number of places: one wrong symbol, or two exchanged, always show. */
function checkOf(symbols: string): string {
  const sum = [...symbols].reduce((before, each, at) => before + ALPHABET.indexOf(each) * (at + 2), 0);
  return ALPHABET.charAt(sum % ALPHABET.length);
}

function grouped(symbols: string): string {
  return symbols.match(new RegExp(`.{${GROUP}}`, 'g'))?.join('-') ?? '';
}
