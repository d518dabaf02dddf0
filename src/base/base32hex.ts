/**
 * base32hex without padding (RFC 4648 §7): five bits a character, alphabet `0-9A-V`.
 * Decoding is strict: upper case only, no impossible lengths, unused bits zero.
 */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
const NOT_A_DIGIT = 255;

const digitOf = new Uint8Array(128).fill(NOT_A_DIGIT);
for (let digit = 0; digit < ALPHABET.length; digit += 1) digitOf[ALPHABET.charCodeAt(digit)] = digit;

/** Characters needed for so many bytes. */
export function base32hexLength(bytes: number): number {
  return Math.ceil((bytes * 8) / 5);
}

export function encodeBase32hex(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((held >> bits) & 31);
    }
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (5 - bits)) & 31) : text;
}

/** `undefined` when a character is outside the alphabet, the length is impossible, or a pad bit is set. */
export function decodeBase32hex(text: string): Uint8Array | undefined {
  const length = Math.floor((text.length * 5) / 8);
  if (base32hexLength(length) !== text.length) return undefined;
  const bytes = new Uint8Array(length);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let position = 0; position < text.length; position += 1) {
    const digit = digitOf[text.charCodeAt(position)] ?? NOT_A_DIGIT;
    if (digit === NOT_A_DIGIT) return undefined;
    held = ((held << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
    }
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}
