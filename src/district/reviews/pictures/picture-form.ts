import { err, ok, type Result } from '../../../base/index.ts';
import { PICTURE_PIXELS_MAX, PICTURE_SIDE_MAX } from '../limits.ts';

/** What a picture is after it was looked through, and what may be wrong with it. */
export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp';

export type PictureProblem =
  | 'picture-bytes'
  /** None of the three. */
  | 'picture-type'
  | 'picture-damaged'
  | 'picture-pixels'
  | 'picture-moves';

export interface CleanPicture {
  readonly type: PictureType;
  readonly bytes: Uint8Array;
  /** Pixels, as it is shown: turned by what its camera says. */
  readonly width: number;
  readonly height: number;
}

export function isWithin({ width, height }: Pick<CleanPicture, 'width' | 'height'>): boolean {
  const isSide = (side: number) => side >= 1 && side <= PICTURE_SIDE_MAX;
  return isSide(width) && isSide(height) && width * height <= PICTURE_PIXELS_MAX;
}

/** @param found undefined: something in it is not as its format has it */
export function cleaned(
  type: PictureType,
  found: Omit<CleanPicture, 'type'> | undefined,
): Result<CleanPicture, PictureProblem> {
  return found === undefined ? err('picture-damaged') : ok({ type, ...found });
}
