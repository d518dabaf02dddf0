import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

/** Finds one QR code in a picture, off the page's thread. A picture is hostile input: its text is handed on and nothing else. */

export interface ReadRequest {
  readonly id: number;
  readonly picture: ImageBitmap;
}

export interface ReadAnswer {
  readonly id: number;
  /** Absent: no code found. */
  readonly text?: string;
}

/** Without this the library would ask a CDN for its WebAssembly. */
prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: false });

let canvas: OffscreenCanvas | undefined;

self.onmessage = async ({ data }: MessageEvent<ReadRequest>) => {
  let text: string | undefined;
  try {
    text = await read(data.picture);
  } catch {
    // A picture that breaks the decoder holds no code.
  }
  const answer: ReadAnswer = text === undefined ? { id: data.id } : { id: data.id, text };
  self.postMessage(answer);
};

async function read(picture: ImageBitmap): Promise<string | undefined> {
  const found = await readBarcodes(greyMap(picture), {
    formats: ['QRCode'],
    maxNumberOfSymbols: 1,
    tryHarder: true,
  });
  return found.find((code) => code.isValid)?.text;
}

/** A binary PGM file: a quarter of the memory of RGBA, and faster to read. */
function greyMap(picture: ImageBitmap): Uint8Array {
  const { width, height } = picture;
  if (canvas === undefined || canvas.width !== width || canvas.height !== height)
    canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (context === null) throw new Error('no drawing surface');
  context.drawImage(picture, 0, 0);
  picture.close();
  const { data } = context.getImageData(0, 0, width, height);
  const header = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`);
  const file = new Uint8Array(header.length + width * height);
  file.set(header);
  for (let pixel = 0, at = header.length; at < file.length; at += 1, pixel += 4) {
    // ITU-R BT.601 luma in 8-bit fixed point.
    file[at] = ((data[pixel] ?? 0) * 77 + (data[pixel + 1] ?? 0) * 150 + (data[pixel + 2] ?? 0) * 29) >> 8;
  }
  return file;
}
