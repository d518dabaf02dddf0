/** A grey picture, one byte a pixel, rows from the top and without gaps. */
export interface GreyPicture {
  readonly grey: Uint8Array;
  readonly size: PictureSize;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A part of a picture, in its pixels. */
export interface Region extends PictureSize {
  readonly left: number;
  readonly top: number;
}
