import { correction, generate, mode } from 'lean-qr';

/**
 * The modules of a code's QR symbol with its quiet zone. Always alphanumeric mode and level M (docs/code-format.md, "Text form"):
 * any other choice makes the symbol bigger, and so harder to read from a phone in the rain.
 */
export interface QrMatrix {
  /** Modules a side, quiet zone included. */
  readonly side: number;
  dark(column: number, row: number): boolean;
}

/** ISO/IEC 18004, 6.3.8: four modules on each side. */
export const QUIET_ZONE = 4;

/** ISO/IEC 18004, table 5. */
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]+$/;

/** Throws when the text holds a character that alphanumeric mode does not have: our codes have none. */
export function qrMatrix(text: string): QrMatrix {
  if (!ALPHANUMERIC.test(text)) throw new Error('this text does not fit a symbol in alphanumeric mode');
  return withQuietZone(
    generate(mode.alphaNumeric(text), {
      minCorrectionLevel: correction.M,
      maxCorrectionLevel: correction.M,
    }),
  );
}

/** Of a text that is no code: small letters and other characters make its symbol bigger. */
export function mixedQrMatrix(text: string): QrMatrix {
  return withQuietZone(
    generate(text, { minCorrectionLevel: correction.M, maxCorrectionLevel: correction.M }),
  );
}

function withQuietZone(symbol: ReturnType<typeof generate>): QrMatrix {
  return {
    side: symbol.size + 2 * QUIET_ZONE,
    dark: (column, row) => symbol.get(column - QUIET_ZONE, row - QUIET_ZONE),
  };
}
