import { correction, generate, mode } from 'lean-qr';
import { toPngBuffer } from 'lean-qr/extras/node_export';
import { toSvgSource } from 'lean-qr/extras/svg';

/** The one-time symbol as a picture, for a screen or a sheet of paper; in alphanumeric mode, which keeps it small. */
export interface EnrolmentPicture {
  readonly svg: string;
  readonly png: Uint8Array;
}

/** ISO/IEC 18004, 6.3.8: four modules on each side. */
const QUIET_MODULES = 4;
const MODULE_PIXELS = 8;

/** @param text of `enrolmentText`: QR alphanumeric characters only */
export function enrolmentPicture(text: string): EnrolmentPicture {
  const code = generate(mode.alphaNumeric(text), { minCorrectionLevel: correction.M });
  const quiet = { padX: QUIET_MODULES, padY: QUIET_MODULES };
  return {
    svg: toSvgSource(code, { ...quiet, on: '#000', off: '#fff', xmlDeclaration: false }),
    png: toPngBuffer(code, { ...quiet, scale: MODULE_PIXELS, on: [0, 0, 0], off: [255, 255, 255] }),
  };
}
