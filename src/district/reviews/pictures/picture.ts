import { PICTURE_BYTES_MAX } from '../../../wire/index.ts';
import { err, type Result } from '../../../base/index.ts';
import { cleanJpeg } from './jpeg.ts';
import { type CleanPicture, isWithin, type PictureProblem } from './picture-form.ts';
import { cleanPng } from './png.ts';
import { cleanWebp } from './webp.ts';

/**
 * Takes a picture from a stranger: what it is, is found in its own bytes, and it is written anew from the parts alone that
 * make the image. Names, places, thumbnails, other files before, in or behind it do not come along. No pixel is decoded here:
 * that is left to the browser of whoever looks at it.
 */
export async function cleanPicture(bytes: Uint8Array): Promise<Result<CleanPicture, PictureProblem>> {
  if (bytes.length > PICTURE_BYTES_MAX) return err('picture-bytes');
  const clean = await cleanAs(bytes);
  if (!clean.ok) return clean;
  return isWithin(clean.value) ? clean : err('picture-pixels');
}

function cleanAs(
  bytes: Uint8Array,
): Promise<Result<CleanPicture, PictureProblem>> | Result<CleanPicture, PictureProblem> {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return cleanJpeg(bytes);
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return cleanPng(bytes);
  const isRiff = begins(bytes, [0x52, 0x49, 0x46, 0x46]);
  return isRiff && begins(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50])
    ? cleanWebp(bytes)
    : err('picture-type');
}

function begins(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}
