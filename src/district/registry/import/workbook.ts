import { inflateRawSync } from 'node:zlib';
import { readSheet } from 'read-excel-file/universal';
import { err, ok, type Result } from '../../../base/index.ts';
import { IMPORT_COLUMNS_MAX, IMPORT_ROWS_MAX, XLSX_PARTS_MAX, XLSX_UNPACKED_BYTES_MAX } from './limits.ts';
import type { FileProblem, Table } from './table.ts';

/**
 * The first sheet of an .xlsx file. What it unpacks to and how far its cells reach is measured before the file is handed
 * to the library that reads it: a small file can claim a sheet that no memory holds.
 */
export async function readWorkbook(bytes: Uint8Array): Promise<Result<Table, FileProblem>> {
  const problem = problemOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (problem !== undefined) return err(problem);
  try {
    const rows = await readSheet(new Blob([new Uint8Array(bytes)]), { parseNumber: (text: string) => text });
    return ok(rows.map((row) => row.map(textOf)));
  } catch {
    // Its messages may repeat what stands in the file.
    return err(NOT_A_WORKBOOK);
  }
}

const NOT_A_WORKBOOK: FileProblem = {
  zh: '不是完好的 XLSX 文件；请重新另存为 XLSX，或存为 CSV UTF-8',
  en: 'file: is no whole XLSX file; save it again as XLSX, or as CSV UTF-8',
};
const UNPACKS_TOO_FAR: FileProblem = {
  zh: '文件解压后过大；请新建一个表格，只粘贴需要的单元格',
  en: 'file: unpacks to far more than a list needs; paste only the cells that are needed into a new file',
};

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10);
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean'
    ? String(cell)
    : '';
}

/** APPNOTE.TXT 4.3.12 and 4.3.16: the central directory, which the reader goes by too. */
const END = 0x0605_4b50;
const END_BYTES = 22;
const ENTRY = 0x0201_4b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const COMMENT_MAX = 65_535;
const DEFLATED = 8;

function problemOf(file: Buffer): FileProblem | undefined {
  try {
    return measure(file);
  } catch (fault) {
    if (fault instanceof RangeError && 'code' in fault && fault.code === 'ERR_BUFFER_TOO_LARGE')
      return UNPACKS_TOO_FAR;
    return NOT_A_WORKBOOK;
  }
}

function measure(file: Buffer): FileProblem | undefined {
  const end = endOf(file);
  const count = file.readUInt16LE(end + 10);
  if (count > XLSX_PARTS_MAX) return UNPACKS_TOO_FAR;
  let left = XLSX_UNPACKED_BYTES_MAX;
  let at = file.readUInt32LE(end + 16);
  for (let part = 0; part < count; part += 1) {
    if (file.readUInt32LE(at) !== ENTRY) return NOT_A_WORKBOOK;
    const name = file.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + file.readUInt16LE(at + 28));
    const unpacked = unpack(file, at, left);
    if (unpacked === undefined) return UNPACKS_TOO_FAR;
    left -= unpacked.length;
    if (/worksheets\/[^/]*\.xml$/i.test(name) && !isSmall(unpacked)) return UNPACKS_TOO_FAR;
    at += ENTRY_BYTES + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return undefined;
}

function endOf(file: Buffer): number {
  for (let at = file.length - END_BYTES; at >= Math.max(0, file.length - END_BYTES - COMMENT_MAX); at -= 1)
    if (file.readUInt32LE(at) === END) return at;
  throw new Error('no central directory');
}

/** @returns undefined when it is more than is left, or more or less than it claims */
function unpack(file: Buffer, entry: number, left: number): Buffer | undefined {
  const [packed, claimed] = [file.readUInt32LE(entry + 20), file.readUInt32LE(entry + 24)];
  if (claimed > left) return undefined;
  const local = file.readUInt32LE(entry + 42);
  const start = local + LOCAL_BYTES + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
  const data = file.subarray(start, start + packed);
  const bytes =
    file.readUInt16LE(entry + 10) === DEFLATED
      ? inflateRawSync(data, { maxOutputLength: Math.max(1, claimed) })
      : data;
  return bytes.length === claimed ? bytes : undefined;
}

/** No cell, row or range of the sheet lies beyond what an import takes; the reader makes a cell of each one up to it. */
function isSmall(sheet: Buffer): boolean {
  const text = sheet.toString('latin1');
  for (const [, place = ''] of text.matchAll(/\br(?:ef)?\s*=\s*["']([^"']*)["']/g))
    for (const corner of place.split(':')) {
      const [, column, row] = /^\$?([A-Z]{0,3})\$?(\d{0,7})$/.exec(corner) ?? [];
      if (column === undefined || row === undefined) return false;
      // Whole columns may be named, as `A:XFD`; a row counts from 1.
      if (row !== '' && Number(row) > IMPORT_ROWS_MAX + 1) return false;
      if (row !== '' && numberOf(column) > IMPORT_COLUMNS_MAX * 4) return false;
    }
  return true;
}

function numberOf(column: string): number {
  return [...column].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}
