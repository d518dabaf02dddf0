import { concat, type Result } from '../../../base/index.ts';
import { PICTURE_PARTS_MAX, PICTURE_SCANS_MAX } from '../limits.ts';
import { type CleanPicture, cleaned, type PictureProblem } from './picture-form.ts';
import { exifOrientation, orientationSegment } from './orientation.ts';

/**
 * JPEG (ITU-T T.81): frame, tables and scans are kept, in their order; application data and comments are not, but for how the
 * camera was held and how its colours are coded. Baseline and progressive pictures of eight bits alone.
 */
const EOI = 0xd9;
const SOS = 0xda;
const ADOBE = [0x41, 0x64, 0x6f, 0x62, 0x65];
const EXIF = 0xe1;
const APP14 = 0xee;

interface Draft {
  readonly kept: Uint8Array[];
  frame?: { readonly width: number; readonly height: number; readonly components: number };
  orientation: number;
  scans: number;
}

export function cleanJpeg(bytes: Uint8Array): Result<CleanPicture, PictureProblem> {
  const draft: Draft = { kept: [], orientation: 1, scans: 0 };
  let at: number | undefined = 2;
  for (let parts = 0; at !== undefined && parts < PICTURE_PARTS_MAX; parts += 1) {
    const marker = markerAt(bytes, at);
    if (marker === undefined) break;
    if (marker.code === EOI) return cleaned('image/jpeg', whole(draft));
    at = takeSegment(draft, { bytes, code: marker.code, at: marker.end });
  }
  return cleaned('image/jpeg', undefined);
}

function whole({ kept, frame, orientation, scans }: Draft): Omit<CleanPicture, 'type'> | undefined {
  if (frame === undefined || scans === 0) return undefined;
  // From 5 on the picture lies on its side (Exif 2.32, 4.6.4 Orientation).
  const [width, height] = orientation >= 5 ? [frame.height, frame.width] : [frame.width, frame.height];
  const start = Uint8Array.of(0xff, 0xd8);
  const turned = orientation === 1 ? new Uint8Array() : orientationSegment(orientation);
  return { bytes: concat(start, turned, ...kept, Uint8Array.of(0xff, EOI)), width, height };
}

/** T.81, B.1.1.2: any number of fill bytes 0xFF may stand before a marker. */
function markerAt(
  bytes: Uint8Array,
  start: number,
): { readonly code: number; readonly end: number } | undefined {
  let at = start;
  if (bytes[at] !== 0xff) return undefined;
  while (bytes[at] === 0xff) at += 1;
  const code = bytes[at];
  return code === undefined ? undefined : { code, end: at + 1 };
}

interface Place {
  readonly bytes: Uint8Array;
  readonly code: number;
  /** Of its length. */
  readonly at: number;
}

/** @returns where the next marker stands; undefined: this is no segment of a picture */
function takeSegment(draft: Draft, { bytes, code, at }: Place): number | undefined {
  const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const end = at + length;
  if (length < 2 || end > bytes.length) return undefined;
  const body = bytes.subarray(at + 2, end);
  const isGone = (code >= 0xe0 && code <= 0xef) || code === 0xfe;
  if (isGone) {
    if (code === EXIF) draft.orientation = exifOrientation(body) ?? draft.orientation;
    if (code === APP14 && ADOBE.every((byte, place) => body[place] === byte) && body.length >= 12)
      draft.kept.push(segment(code, body.subarray(0, 12)));
    return end;
  }
  if (!isSound(draft, code, body)) return undefined;
  draft.kept.push(segment(code, body));
  if (code !== SOS) return end;
  draft.scans += 1;
  const after = endOfScan(bytes, end);
  if (after === undefined || draft.scans > PICTURE_SCANS_MAX) return undefined;
  draft.kept.push(bytes.subarray(end, after));
  return after;
}

function isSound(draft: Draft, code: number, body: Uint8Array): boolean {
  switch (code) {
    case 0xc0:
    case 0xc1:
    case 0xc2:
      return takeFrame(draft, body);
    case 0xc4:
      return isHuffman(body);
    case 0xdb:
      return isQuantization(body);
    case 0xdd:
      return body.length === 2;
    case SOS:
      return draft.frame !== undefined && body.length === 4 + 2 * (body[0] ?? 0) && (body[0] ?? 0) >= 1;
    default:
      return false;
  }
}

/** T.81, B.2.2: eight bits; one, three or four components; a height of 0 would be told later, and is not taken. */
function takeFrame(draft: Draft, body: Uint8Array): boolean {
  const [precision, h1 = 0, h2 = 0, w1 = 0, w2 = 0, components = 0] = body;
  const [width, height] = [(w1 << 8) | w2, (h1 << 8) | h2];
  const isOne = draft.frame === undefined && precision === 8 && [1, 3, 4].includes(components);
  if (!isOne || width === 0 || height === 0 || body.length !== 6 + 3 * components) return false;
  draft.frame = { width, height, components };
  return true;
}

/** T.81, B.2.4.1 */
function isQuantization(body: Uint8Array): boolean {
  let at = 0;
  while (at < body.length) {
    const head = body[at] ?? 0xff;
    if (head >> 4 > 1 || (head & 15) > 3) return false;
    at += head >> 4 === 1 ? 129 : 65;
  }
  return at === body.length && at > 0;
}

/** T.81, B.2.4.2 */
function isHuffman(body: Uint8Array): boolean {
  let at = 0;
  while (at < body.length) {
    const head = body[at] ?? 0xff;
    if (head >> 4 > 1 || (head & 15) > 3) return false;
    const codes = body.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
    if (codes > 256) return false;
    at += 17 + codes;
  }
  return at === body.length && at > 0;
}

/** T.81, B.1.1.5: in coded data 0xFF is followed by 0x00, or by a restart marker. */
function endOfScan(bytes: Uint8Array, start: number): number | undefined {
  for (let at = bytes.indexOf(0xff, start); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) return undefined;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return undefined;
}

function segment(code: number, body: Uint8Array): Uint8Array {
  const length = body.length + 2;
  return concat(Uint8Array.of(0xff, code, length >> 8, length & 0xff), body);
}
