import PDFDocument from 'pdfkit';
import { printFont, written } from '../issuing/card-pdf.ts';

/**
 * The receipt of an accepted photo, as it is downloaded and printed: its number, when it was accepted and by which district.
 * The photo itself and whose it is are not on it.
 */
export interface ReceiptFace {
  /** `7KQF-M2XD-9PWA-H3TC` */
  readonly receipt: string;
  readonly district: string;
  /** `2026-01-31` in the district's zone */
  readonly acceptedOn: string;
}

const POINTS_PER_MM = 72 / 25.4;
/** ISO 216, A6, lying. */
const [WIDTH_MM, HEIGHT_MM] = [148, 105];
const INK = '#10231f';
const SOFT = '#48605a';
const GREEN = '#0b6652';

/** @param made Unix milliseconds, for the file's own date */
export function receiptPdf(
  { receipt, district, acceptedOn }: ReceiptFace,
  made: number,
): Promise<Uint8Array> {
  const info = { Title: '照片回执 Photo receipt', Creator: 'Menwei', Producer: 'Menwei' };
  const paper = new PDFDocument({
    size: [mm(WIDTH_MM), mm(HEIGHT_MM)],
    margin: 0,
    lang: 'zh-CN',
    info: { ...info, CreationDate: new Date(made) },
  });
  paper.registerFont('text', printFont);
  const line = (text: string, y: number, look: { size: number; color: string }) =>
    paper
      .font('text', look.size)
      .fillColor(look.color)
      .text(text, mm(14), mm(y), { width: mm(WIDTH_MM - 28), height: mm(14), ellipsis: true, lineGap: 1 });
  paper.rect(0, 0, mm(4), mm(HEIGHT_MM)).fill(GREEN);
  line('照片回执', 12, { size: 20, color: GREEN });
  line('Photo receipt', 22, { size: 10, color: SOFT });
  line('回执号 Receipt number', 35, { size: 8, color: SOFT });
  line(receipt, 40, { size: 22, color: INK });
  line(`审核通过 Accepted on ${acceptedOn}`, 56, { size: 10, color: INK });
  line(`区 District ${district}`, 63, { size: 10, color: INK });
  line('凭回执号查询或办理，请妥善保存。回执不含照片和个人资料。', 78, { size: 8, color: SOFT });
  line('Keep this number: it stands for your photo. Neither the photo nor your data is on this paper.', 84, {
    size: 8,
    color: SOFT,
  });
  return written(paper);
}

function mm(length: number): number {
  return length * POINTS_PER_MM;
}
