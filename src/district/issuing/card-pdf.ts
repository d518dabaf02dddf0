import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { correction, generate, mode } from 'lean-qr';
import { toSvgPath } from 'lean-qr/extras/svg';
import PDFDocument from 'pdfkit';
import { assert, isoDate } from '../../base/index.ts';
import { parseCode } from '../../code/index.ts';

/**
 * The printed card (kind 5) as PDF: the code in vectors, a masked name, and on the back what to do when it is lost. It is
 * given nothing that would have to be hidden: no full name, no document number.
 */
export interface CardFace {
  /** QR alphanumeric characters only */
  readonly code: string;
  /** Masked, as `张*` */
  readonly name: string;
  readonly community: string;
}

/** `card`: front and back of one, a page each. `sheet`: up to ten on A4, fronts and backs, to be printed on both sides and cut. */
export type CardLayout = 'card' | 'sheet';

export const SHEET_CARDS_MAX = 10;

const POINTS_PER_MM = 72 / 25.4;
/** ISO/IEC 7810:2019, 5: ID-1 */
const WIDTH_MM = 85.6;
const HEIGHT_MM = 53.98;
/** ISO 216 */
const A4_MM = { width: 210, height: 297 } as const;
const COLUMNS = 2;
const ROWS = 5;
/** ISO/IEC 18004, 6.3.8 */
const QUIET_MODULES = 4;
/** The symbol with its quiet zone has so much room. */
const SYMBOL_MM = 46;
/** Below this, cheap scanners fail on what an office printer makes of a module. */
export const MODULE_MIN_MM = 0.5;
const STEP_MM = 0.05;
const INK = '#10231f';
const SOFT = '#48605a';
const GREEN = '#0b6652';

/** The one face that prints Chinese and English alike; its licence lies beside it. */
export const printFont = readFileSync(join(import.meta.dirname, 'font/noto-sans-sc-regular.ttf'));
type Paper = InstanceType<typeof PDFDocument>;

/** @param made Unix milliseconds, for the file's own date; @returns the file */
export function cardPdf(cards: readonly CardFace[], layout: CardLayout, made: number): Promise<Uint8Array> {
  assert(
    cards.length >= 1 && cards.length <= (layout === 'card' ? 1 : SHEET_CARDS_MAX),
    'cards fit their paper',
  );
  const paper = new PDFDocument({
    autoFirstPage: false,
    margin: 0,
    lang: 'zh-CN',
    info: {
      Title: '打印卡 Printed card',
      Creator: 'Menwei',
      Producer: 'Menwei',
      CreationDate: new Date(made),
    },
  });
  paper.registerFont('text', printFont);
  const [width, height] = layout === 'card' ? [WIDTH_MM, HEIGHT_MM] : [A4_MM.width, A4_MM.height];
  for (const side of [drawFront, drawBack]) {
    paper.addPage({ size: [mm(width), mm(height)], margin: 0 });
    for (const [place, card] of cards.entries()) {
      const { x, y } = layout === 'card' ? { x: 0, y: 0 } : placeOn(place, side === drawBack);
      paper.save().translate(mm(x), mm(y));
      if (layout === 'sheet') drawCut(paper);
      side(paper, card);
      paper.restore();
    }
  }
  return written(paper);
}

/** How large a module is printed, mm. */
export function moduleMm(code: string): number {
  const side = symbolOf(code).size + 2 * QUIET_MODULES;
  const size = Math.floor(SYMBOL_MM / side / STEP_MM) * STEP_MM;
  assert(size >= MODULE_MIN_MM, 'a card’s code is printed large enough to be read');
  return size;
}

function symbolOf(code: string) {
  return generate(mode.alphaNumeric(code), { minCorrectionLevel: correction.M });
}

/** Turned over along its long side, a sheet has its columns the other way round. */
function placeOn(place: number, isBack: boolean): { x: number; y: number } {
  const column = isBack ? COLUMNS - 1 - (place % COLUMNS) : place % COLUMNS;
  return {
    x: (A4_MM.width - COLUMNS * WIDTH_MM) / 2 + column * WIDTH_MM,
    y: (A4_MM.height - ROWS * HEIGHT_MM) / 2 + Math.floor(place / COLUMNS) * HEIGHT_MM,
  };
}

function drawCut(paper: Paper): void {
  paper.rect(0, 0, mm(WIDTH_MM), mm(HEIGHT_MM)).lineWidth(0.25).strokeColor('#b9c9c4').stroke();
}

function drawFront(paper: Paper, { code, name, community }: CardFace): void {
  const symbol = symbolOf(code);
  const module = moduleMm(code);
  const side = (symbol.size + 2 * QUIET_MODULES) * module;
  const left = (HEIGHT_MM - side) / 2;
  const start = mm(left + QUIET_MODULES * module);
  paper.save().translate(start, start).scale(mm(module)).path(toSvgPath(symbol)).fill('#000000').restore();
  const x = left + side + 1;
  const width = WIDTH_MM - x - 4;
  const line = lineIn(paper, { x, width });
  line(community, { y: 7, size: 10, color: GREEN, heightMax: 10 });
  line(name, { y: 20, size: 15, color: INK });
  line('有效期至 Valid until', { y: 30.5, size: 6.5, color: SOFT });
  line(lastDayOf(code), { y: 33.5, size: 10.5, color: INK });
  line('打印卡 Printed card', { y: 43, size: 7, color: SOFT });
}

function drawBack(paper: Paper, { community }: CardFace): void {
  const line = lineIn(paper, { x: 6, width: WIDTH_MM - 12 });
  line('本卡丢失时', { y: 6, size: 11, color: GREEN });
  line('请立即告诉门卫或社区，旧卡当场作废，可免费换新卡。', { y: 12.5, size: 8, color: INK, heightMax: 9 });
  line('If this card is lost', { y: 22, size: 11, color: GREEN });
  line(
    'Please tell the guard or the community office at once. The card is cancelled on the spot and replaced free of charge.',
    { y: 28.5, size: 8, color: INK, heightMax: 12 },
  );
  line('捡到本卡，请交给任何一位门卫。Found it? Please hand it to any guard.', {
    y: 42,
    size: 6.5,
    color: SOFT,
    heightMax: 4,
  });
  line(community, { y: 46.5, size: 6.5, color: SOFT, heightMax: 3.5 });
}

/** The local day that the code itself names, so that paper and gate never differ. */
function lastDayOf(code: string): string {
  const claim = parseCode(code);
  assert(claim.ok && claim.value.fields.kind === 5, 'a card is printed of a card’s code');
  return isoDate(claim.value.fields.lastDay);
}

interface Line {
  /** mm */
  readonly y: number;
  /** points */
  readonly size: number;
  readonly color: string;
  /** mm; what does not fit is cut, a long name never runs over the next line. */
  readonly heightMax?: number;
}

function lineIn(paper: Paper, { x, width }: { x: number; width: number }) {
  return (text: string, { y, size, color, heightMax = 7 }: Line): void => {
    paper
      .font('text', size)
      .fillColor(color)
      .text(text, mm(x), mm(y), { width: mm(width), height: mm(heightMax), ellipsis: true, lineGap: 1 });
  };
}

export function written(paper: Paper): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    paper.on('data', (piece: Buffer) => pieces.push(piece));
    paper.on('end', () => resolve(new Uint8Array(Buffer.concat(pieces))));
    paper.on('error', reject);
    paper.end();
  });
}

function mm(length: number): number {
  return length * POINTS_PER_MM;
}
