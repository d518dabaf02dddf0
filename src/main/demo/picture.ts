import { generate, mode } from 'lean-qr';

/** A code as a phone shows it, as a grey picture (PGM, `P5`), for readers that look at pictures. */

const MODULE_PIXELS = 6;
/** docs/code-format.md: four modules of quiet zone. */
const QUIET_MODULES = 4;
const BLACK = 0;
const WHITE = 255;

/** @param text QR alphanumeric characters only */
export function qrPicture(text: string): Uint8Array {
  const code = generate(text, { modes: [mode.alphaNumeric] });
  const side = (code.size + 2 * QUIET_MODULES) * MODULE_PIXELS;
  const head = new TextEncoder().encode(`P5\n${side} ${side}\n255\n`);
  const picture = new Uint8Array(head.length + side * side);
  picture.set(head);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const [column, row] = [x, y].map((pixel) => Math.floor(pixel / MODULE_PIXELS) - QUIET_MODULES) as [
        number,
        number,
      ];
      picture[head.length + y * side + x] = code.get(column, row) ? BLACK : WHITE;
    }
  }
  return picture;
}
