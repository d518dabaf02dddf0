import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { png } from '../../device/camera/testing.ts';

/** Set-up symbols of docs/hardware.md, read back from the files by a decoder that had no part in drawing them. */
const REPOSITORY = join(import.meta.dirname, '..', '..');
const IMAGES = join(REPOSITORY, 'docs', 'images');
const SYMBOLS = [
  { file: 'reader-datalogic.svg', format: 'Code128', text: '$P,HA47,P\r', readerInit: true },
  { file: 'reader-honeywell.svg', format: 'Code128', text: '~TRMUSB130.', readerInit: true },
  {
    file: 'reader-opticon.svg',
    format: 'QRCode',
    text: '@MENU_OPTO@ZZ@C01@ZZ@OTPO_UNEM@',
    readerInit: false,
  },
];

const written = mkdtempSync(join(tmpdir(), 'menwei-symbols-'));

beforeAll(() => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  execFileSync(process.execPath, [join(REPOSITORY, 'scripts', 'reader-symbols.ts'), written]);
});

afterAll(() => rmSync(written, { recursive: true }));

describe('symbols that set a reader', () => {
  it('are those whose sources are told, and no others', () => {
    const files = readdirSync(IMAGES).filter((name) => name.startsWith('reader-'));
    expect(files.sort()).toEqual(SYMBOLS.map(({ file }) => file));
    expect(readdirSync(written).sort()).toEqual(files);
  });

  it.each(SYMBOLS)('$file is what scripts/reader-symbols.ts writes', ({ file }) => {
    expect(onDisk(file)).toBe(readFileSync(join(written, file), 'utf8'));
  });

  it.each(SYMBOLS)('$file reads as the text that its source tells', async ({ file, ...symbol }) => {
    const [read] = await readBarcodes(picture(onDisk(file)), {
      formats: ['Code128', 'QRCode'],
      textMode: 'Plain',
    });
    expect(read).toMatchObject(symbol);
  });
});

function onDisk(file: string): string {
  return readFileSync(join(IMAGES, file), 'utf8');
}

/** The dark rectangles of the file's path, painted on white. */
function picture(svg: string): Uint8Array {
  const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
  const grey = new Uint8Array(width * height).fill(255);
  for (const found of svg.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-\d+z/g)) {
    const [x = 0, y = 0, across = 0, down = 0] = found.slice(1).map(Number);
    for (let row = y; row < y + down; row += 1) grey.fill(0, row * width + x, row * width + x + across);
  }
  return png({ grey, size: { width, height } });
}
