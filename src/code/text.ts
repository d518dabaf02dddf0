/**
 * From what a reader handed over to the bare code: folds case, takes off one frame and one link, and repairs nothing else.
 * Total, and its work is bounded whatever comes in.
 */

/** Longest text that is looked at whole, in UTF-16 units: a link form of kind 2 has about 310 (`SCAN_TEXT_MAX` of the readers). */
export const CODE_TEXT_MAX = 512;

const STX = '\u0002';
/** ISO/IEC 15424 symbology identifier of QR Code: `]Q` and a digit. */
const AIM_LENGTH = 3;
/** AIM ECI specification: `\` and six digits. */
const ECI_LENGTH = 7;

/** The text without its frame, in upper case: `X…` if it is a code at all. */
export function normalise(text: string): string {
  return withoutLink(trimEnd(withoutEci(withoutAim(withoutStx(foldCase(text))))));
}

/**
 * A text beyond CODE_TEXT_MAX can never be a code; its window serves only to say why.
 * A long link is judged by its tail, everything else by its head.
 */
export function windowOf(text: string): string {
  const head = foldCase(text.slice(0, CODE_TEXT_MAX));
  if (!isLink(head)) return normalise(head);
  const tail = foldCase(text.slice(-CODE_TEXT_MAX));
  return tail.slice(tail.lastIndexOf('/') + 1);
}

/** ASCII only: `ı` and `ſ`, which String.toUpperCase turns into I and S, are not letters here. */
function foldCase(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function withoutStx(text: string): string {
  return text.startsWith(STX) ? text.slice(1) : text;
}

function withoutAim(text: string): string {
  return text.startsWith(']Q') && isDigit(text.charCodeAt(2)) ? text.slice(AIM_LENGTH) : text;
}

function withoutEci(text: string): string {
  return /^\\[0-9]{6}/.test(text) ? text.slice(ECI_LENGTH) : text;
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isTrailer(text.charCodeAt(end - 1))) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** CR, LF, TAB, ETX, NUL, space. */
function isTrailer(unit: number): boolean {
  return unit === 0x0d || unit === 0x0a || unit === 0x09 || unit === 0x03 || unit === 0x00 || unit === 0x20;
}

/** The code is the part after the last `/`. */
function withoutLink(text: string): string {
  return isLink(text) ? text.slice(text.lastIndexOf('/') + 1) : text;
}

function isLink(text: string): boolean {
  return text.startsWith('HTTPS://') || text.startsWith('HTTP://');
}

export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
