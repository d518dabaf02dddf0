/**
 * What each key prints under a keyboard layout. A reader in keyboard mode sends keys, not characters:
 * whoever reads them must use the layout that the reader was set to.
 */
export const LAYOUTS = ['us', 'uk', 'de', 'fr', 'jp'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Plain, with Shift, with AltGr; absent where the key prints nothing of use. */
export interface KeyCap {
  readonly plain: string;
  readonly shifted: string;
  readonly altGr: string;
}

/** Key codes of linux/input-event-codes.h. */
export const KEY = {
  enter: 28,
  keypadEnter: 96,
  tab: 15,
  capsLock: 58,
  leftShift: 42,
  rightShift: 54,
  leftControl: 29,
  rightControl: 97,
  leftAlt: 56,
  altGr: 100,
  leftMeta: 125,
  rightMeta: 126,
} as const;

export function keyCaps(layout: Layout): ReadonlyMap<number, KeyCap> {
  return capsOf[layout];
}

/** A row: its first key code, then plain, shifted and AltGr characters; a blank prints nothing. */
type Row = readonly [first: number, plain: string, shifted: string, altGr?: string];

const KEYPAD: readonly Row[] = [
  [71, '789-456+1230.', '789-456+1230.'],
  [55, '*', '*'],
  [98, '/', '/'],
];
const SPACE = 57;

const US: readonly Row[] = [
  [2, '1234567890-=', '!@#$%^&*()_+'],
  [16, 'qwertyuiop[]', 'QWERTYUIOP{}'],
  [30, "asdfghjkl;'`", 'ASDFGHJKL:"~'],
  [43, '\\zxcvbnm,./', '|ZXCVBNM<>?'],
  [86, '<', '>'],
];
const UK: readonly Row[] = [
  [2, '1234567890-=', '!"£$%^&*()_+'],
  [16, 'qwertyuiop[]', 'QWERTYUIOP{}'],
  [30, "asdfghjkl;'`", 'ASDFGHJKL:@¬'],
  [43, '#zxcvbnm,./', '~ZXCVBNM<>?'],
  [86, '\\', '|'],
];
const DE: readonly Row[] = [
  [2, '1234567890ß´', '!"§$%&/()=?`', ' ²³   {[]}\\ '],
  [16, 'qwertzuiopü+', 'QWERTZUIOPÜ*', '@ €        ~'],
  [30, 'asdfghjklöä^', 'ASDFGHJKLÖÄ°'],
  [43, '#yxcvbnm,.-', "'YXCVBNM;:_"],
  [86, '<', '>', '|'],
];
const FR: readonly Row[] = [
  [2, '&é"\'(-è_çà)=', '1234567890°+', ' ~#{[|`\\^@]}'],
  [16, 'azertyuiop^$', 'AZERTYUIOP¨£'],
  [30, 'qsdfghjklmù²', 'QSDFGHJKLM% '],
  [43, '*wxcvbn,;:!', 'µWXCVBN?./§'],
  [86, '<', '>'],
];
const JP: readonly Row[] = [
  [2, '1234567890-^', '!"#$%&\'() =~'],
  [16, 'qwertyuiop@[', 'QWERTYUIOP`{'],
  [30, 'asdfghjkl;: ', 'ASDFGHJKL+* '],
  [43, ']zxcvbnm,./', '}ZXCVBNM<>?'],
  [89, '\\', '_'],
  [124, '¥', '|'],
];

const capsOf: Readonly<Record<Layout, ReadonlyMap<number, KeyCap>>> = {
  us: table(US),
  uk: table(UK),
  de: table(DE),
  fr: table(FR),
  jp: table(JP),
};

function table(rows: readonly Row[]): ReadonlyMap<number, KeyCap> {
  const caps = new Map<number, KeyCap>();
  for (const [first, plain, shifted, altGr = ''] of [...rows, ...KEYPAD]) {
    for (let at = 0; at < plain.length; at += 1) {
      const cap = { plain: char(plain, at), shifted: char(shifted, at), altGr: char(altGr, at) };
      caps.set(first + at, cap);
    }
  }
  caps.set(SPACE, { plain: ' ', shifted: ' ', altGr: ' ' });
  return caps;
}

/** Row strings use a blank for "nothing"; the space bar is set apart. */
function char(row: string, at: number): string {
  const character = row.charAt(at);
  return character === ' ' ? '' : character;
}
