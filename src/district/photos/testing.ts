import { GUARD_PHOTO } from '../../wire/index.ts';
import { testJpeg } from '../reviews/pictures/testing.ts';

/** The copy that a reviewer's page draws, in base64; and the same of another size. */
export function guardPhotoText(
  width: number = GUARD_PHOTO.widthPixels,
  height: number = GUARD_PHOTO.heightPixels,
): string {
  return Buffer.from(testJpeg(width, height)).toString('base64');
}
