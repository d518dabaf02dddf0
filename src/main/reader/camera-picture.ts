import type { GreyPicture, PictureSize, Point } from '../../sight/index.ts';

/** A camera's frame as text for a terminal, to aim by: half blocks in shades of grey, the code framed. Pure. */

export interface TextSize {
  readonly columns: number;
  readonly rows: number;
}

/** Of the terminal's 256 colours the last 24 are shades of grey. */
const [GREY_FROM, GREYS] = [232, 24];
const FRAME_COLOUR = 46;
/** Two pixels above each other in one character. */
const HALF_BLOCK = '▀';
/** Places looked at in each direction for one pixel of text. */
const SAMPLES = 4;

/** The largest picture of the frame's shape within so much text; a character is twice as high as wide. */
export function textSizeOf({ width, height }: PictureSize, room: TextSize): TextSize {
  const scale = Math.min(room.columns / width, (room.rows * 2) / height);
  return {
    columns: Math.max(1, Math.floor(width * scale)),
    rows: Math.max(1, Math.floor((height * scale) / 2)),
  };
}

/** @returns one line of text a row, with colours and without line ends */
export function pictureInText(
  picture: GreyPicture,
  { columns, rows }: TextSize,
  corners: readonly Point[] | undefined,
): string[] {
  const { size } = picture;
  const shades = shadesOf(picture, { columns, rows: rows * 2 });
  const framed = frameOf(size, { columns, rows: rows * 2 }, corners ?? []);
  const colourAt = (x: number, y: number) =>
    framed.has(y * columns + x) ? FRAME_COLOUR : GREY_FROM + (shades[y * columns + x] ?? 0);
  return Array.from({ length: rows }, (_, row) => {
    let line = '';
    let last = '';
    for (let x = 0; x < columns; x += 1) {
      const colours = `\u001b[38;5;${colourAt(x, row * 2)};48;5;${colourAt(x, row * 2 + 1)}m`;
      line += colours === last ? HALF_BLOCK : colours + HALF_BLOCK;
      last = colours;
    }
    return `${line}\u001b[0m`;
  });
}

function shadesOf({ grey, size }: GreyPicture, { columns, rows }: TextSize): Uint8Array {
  const shades = new Uint8Array(columns * rows);
  for (let at = 0; at < shades.length; at += 1) {
    const [x, y] = [at % columns, Math.floor(at / columns)];
    let sum = 0;
    for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
      const right = (x + ((sample % SAMPLES) + 0.5) / SAMPLES) / columns;
      const down = (y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / rows;
      sum += grey[Math.floor(down * size.height) * size.width + Math.floor(right * size.width)] ?? 0;
    }
    shades[at] = Math.min(GREYS - 1, Math.floor((sum / (SAMPLES * SAMPLES) / 256) * GREYS));
  }
  return shades;
}

/** The edges between the corners, as places in the text. */
function frameOf(size: PictureSize, { columns, rows }: TextSize, corners: readonly Point[]): Set<number> {
  const places = new Set<number>();
  const steps = 2 * (columns + rows);
  corners.forEach((from, at) => {
    const to = corners[(at + 1) % corners.length] ?? from;
    for (let step = 0; step <= steps; step += 1) {
      const share = step / steps;
      const x = Math.floor(((from.x + (to.x - from.x) * share) / size.width) * columns);
      const y = Math.floor(((from.y + (to.y - from.y) * share) / size.height) * rows);
      if (x >= 0 && x < columns && y >= 0 && y < rows) places.add(y * columns + x);
    }
  });
  return places;
}
