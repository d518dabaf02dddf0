import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import bwip from 'bwip-js';

/**
 * Writes docs/images/reader-*.svg again: `node scripts/reader-symbols.ts [FOLDER]`. Symbols that set a reader to USB serial, for the makers
 * whose content and symbology can be read in public; docs/hardware.md tells the source of each, and which was composed.
 */
interface ReaderSymbol {
  readonly file: string;
  readonly symbology: 'code128' | 'qrcode';
  /** Text with marks of bwip-js: ^FNC3, by which ISO/IEC 15417 marks what sets a reader, and ^013 for CR. */
  readonly encoded: string;
  readonly title: string;
  readonly notes: readonly string[];
}

const READER_SYMBOLS: readonly ReaderSymbol[] = [
  {
    file: 'reader-datalogic.svg',
    symbology: 'code128',
    encoded: '^FNC3$P,HA47,P^013',
    title: 'Datalogic: USB-COM-STD',
    notes: ['Code 128: FNC3  $P,HA47,P  CR', 'not tried on a reader by us  未在实机上试过'],
  },
  {
    file: 'reader-honeywell.svg',
    symbology: 'code128',
    encoded: '~TRMUSB130.^FNC3',
    title: 'Honeywell: USB serial (terminal 130)',
    notes: [
      'Code 128: ~TRMUSB130.  FNC3',
      'composed from the maker’s command and form  按厂家命令与格式组成',
      'not tried on a reader by us  未在实机上试过',
    ],
  },
  {
    file: 'reader-opticon.svg',
    symbology: 'qrcode',
    encoded: '@MENU_OPTO@ZZ@C01@ZZ@OTPO_UNEM@',
    title: 'Opticon: USB-VCP',
    notes: ['QR code: @MENU_OPTO@ZZ@C01@ZZ@OTPO_UNEM@', 'not tried on a reader by us  未在实机上试过'],
  },
];

const WIDTH = 640;
const BAR_HEIGHT = 110;
const TOP = 40;
/** Modules of white around a symbol: ten beside Code 128, four around a QR code (their standards), and some to spare. */
const BAR_MODULE = 3;
const QR_MODULE = 6;

/** Dark rectangles, in units of a module. */
interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function symbolSvg(symbol: ReaderSymbol): string {
  const module = symbol.symbology === 'code128' ? BAR_MODULE : QR_MODULE;
  const rectangles = darkParts(symbol);
  const across = Math.max(...rectangles.map(({ x, width }) => x + width)) * module;
  const down = Math.max(...rectangles.map(({ y, height }) => y + height)) * module;
  const left = Math.round((WIDTH - across) / 2);
  const dark = rectangles.map(
    ({ x, y, width, height }) =>
      `M${left + x * module} ${TOP + y * module}h${width * module}v${height * module}h-${width * module}z`,
  );
  const firstLine = TOP + down + 48;
  const height = firstLine + symbol.notes.length * 24 + 4;
  const middle = WIDTH / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t" font-family="system-ui, 'Noto Sans', 'Noto Sans CJK SC', sans-serif">`,
    `<title id="t">${symbol.title}: set-up symbol</title>`,
    `<rect width="${WIDTH}" height="${height}" rx="12" fill="#ffffff"/>`,
    `<path id="symbol" fill="#000000" d="${dark.join('')}"/>`,
    `<text x="${middle}" y="${firstLine}" font-size="18" fill="#1d2733" text-anchor="middle" font-weight="700">${symbol.title}</text>`,
    ...symbol.notes.map(
      (note, at) =>
        `<text x="${middle}" y="${firstLine + 26 + at * 24}" font-size="15" fill="#5b6877" text-anchor="middle">${note}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}

function darkParts(symbol: ReaderSymbol): Rectangle[] {
  const [drawn] = bwip.raw({ bcid: symbol.symbology, text: symbol.encoded, parse: true, parsefnc: true });
  if (drawn === undefined) throw new Error(`${symbol.file} cannot be drawn`);
  return 'sbs' in drawn ? bars(drawn.sbs) : modules(drawn.pixs, drawn.pixx);
}

/** @param widths of bars and spaces in turn, in modules, a bar first */
function bars(widths: readonly number[]): Rectangle[] {
  let x = 0;
  return widths.flatMap((width, at) => {
    const bar = { x, y: 0, width, height: Math.round(BAR_HEIGHT / BAR_MODULE) };
    x += width;
    return at % 2 === 0 ? [bar] : [];
  });
}

function modules(dark: readonly number[], side: number): Rectangle[] {
  return dark.flatMap((isDark, at) =>
    isDark === 1 ? [{ x: at % side, y: Math.floor(at / side), width: 1, height: 1 }] : [],
  );
}

const [folder = join(import.meta.dirname, '..', 'docs', 'images')] = process.argv.slice(2);
for (const symbol of READER_SYMBOLS) writeFileSync(join(folder, symbol.file), symbolSvg(symbol));
