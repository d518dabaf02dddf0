import { err, ok, type Result } from '../../base/index.ts';
import { GUARD_PHOTO } from '../../wire/index.ts';
import { cleanJpeg } from '../reviews/pictures/jpeg.ts';

/**
 * The copy of a photo that guards are shown, as a reviewer's page has drawn it: a JPEG of one size, written anew from its
 * image parts. No pixel is decoded here.
 */
export type GuardPhotoProblem = 'guard-photo-text' | 'guard-photo-form' | 'guard-photo-size';

/** @param text base64 */
export function checkGuardPhoto(text: string): Result<Uint8Array, GuardPhotoProblem> {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  // What is not of the alphabet is skipped by Node: then it would be shorter than it says.
  if (Math.ceil(bytes.length / 3) * 4 !== text.length) return err('guard-photo-text');
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return err('guard-photo-form');
  const clean = cleanJpeg(bytes);
  // A page draws upright: one that is to be turned was made by something else.
  if (!clean.ok || isTurned(clean.value.bytes)) return err('guard-photo-form');
  const { width, height } = clean.value;
  const isRight =
    width === GUARD_PHOTO.widthPixels &&
    height === GUARD_PHOTO.heightPixels &&
    clean.value.bytes.length <= GUARD_PHOTO.bytesMax;
  return isRight ? ok(clean.value.bytes) : err('guard-photo-size');
}

/** APP1 is written first, and only where there is something to turn. */
function isTurned(bytes: Uint8Array): boolean {
  return bytes[2] === 0xff && bytes[3] === 0xe1;
}
