import { concat } from '../../../base/index.ts';

/** How a camera was held (Exif 2.32): the one thing of its data without which the picture would lie on its side. */

const EXIF_HEAD = [0x45, 0x78, 0x69, 0x66, 0, 0];
const ORIENTATION = 0x0112;
/** Fields of the first directory that are looked through. */
const FIELDS_MAX = 128;

/** @param body of an APP1 segment @returns 1 to 8; undefined when it does not say */
export function exifOrientation(body: Uint8Array): number | undefined {
  if (!EXIF_HEAD.every((byte, at) => body[at] === byte)) return undefined;
  const view = new DataView(body.buffer, body.byteOffset + 6, body.byteLength - 6);
  const has = (at: number, length: number) => at >= 0 && at + length <= view.byteLength;
  if (!has(0, 8)) return undefined;
  const order = view.getUint16(0);
  const isLittle = order === 0x4949;
  if ((!isLittle && order !== 0x4d4d) || view.getUint16(2, isLittle) !== 42) return undefined;
  const start = view.getUint32(4, isLittle);
  if (!has(start, 2)) return undefined;
  const fields = Math.min(view.getUint16(start, isLittle), FIELDS_MAX);
  for (let field = 0; field < fields; field += 1) {
    const at = start + 2 + 12 * field;
    if (!has(at, 12)) return undefined;
    if (view.getUint16(at, isLittle) !== ORIENTATION) continue;
    const value = view.getUint16(at + 8, isLittle);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** Big-endian TIFF, its directory at 8: one field, the orientation, one SHORT; after its value comes no further directory. */
const TIFF_HEAD = Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1);

/** An APP1 segment that says this alone. */
export function orientationSegment(orientation: number): Uint8Array {
  const body = concat(Uint8Array.from(EXIF_HEAD), TIFF_HEAD, Uint8Array.of(0, orientation, 0, 0, 0, 0, 0, 0));
  return concat(Uint8Array.of(0xff, 0xe1, 0, body.length + 2), body);
}
