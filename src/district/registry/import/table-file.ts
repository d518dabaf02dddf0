import { CsvError, parse } from 'csv-parse/sync';
import { err, ok, type Result } from '../../../base/index.ts';
import { IMPORT_BYTES_MAX, IMPORT_COLUMNS_MAX, IMPORT_LINE_MAX, IMPORT_ROWS_MAX } from './limits.ts';
import type { FileProblem, Table } from './table.ts';
import { readWorkbook } from './workbook.ts';

/**
 * A file of a spreadsheet as rows of text: CSV in UTF-8, UTF-16 or GB18030 (which Chinese Excel writes), or XLSX. What is
 * wrong with the file is told with its line, and never with what stands there.
 */
export async function readTable(bytes: Uint8Array): Promise<Result<Table, FileProblem>> {
  if (bytes.length > IMPORT_BYTES_MAX) return err(TOO_LARGE);
  if (bytes.length === 0)
    return err({ zh: '文件是空的；请选择有内容的文件', en: 'file: is empty; choose another' });
  const table = isZip(bytes) ? await readWorkbook(bytes) : readCsv(bytes);
  if (!table.ok) return table;
  if (table.value.length > IMPORT_ROWS_MAX + 1) return err(TOO_MANY_ROWS);
  if (table.value.some((row) => row.length > IMPORT_COLUMNS_MAX)) return err(TOO_MANY_COLUMNS);
  return table;
}

export const TOO_LARGE: FileProblem = {
  zh: `文件超过 ${IMPORT_BYTES_MAX / 1_048_576} MB；请按楼栋分成几份`,
  en: `file: has more than ${IMPORT_BYTES_MAX / 1_048_576} MB; split it, for example by building`,
};
const TOO_MANY_ROWS: FileProblem = {
  zh: `超过 ${IMPORT_ROWS_MAX} 行；请按楼栋分成几份`,
  en: `file: has more than ${IMPORT_ROWS_MAX} rows; split it, for example by building`,
};
const TOO_MANY_COLUMNS: FileProblem = {
  zh: `超过 ${IMPORT_COLUMNS_MAX} 列；请只保留需要的列`,
  en: `file: has more than ${IMPORT_COLUMNS_MAX} columns; keep those that are needed`,
};

/** APPNOTE.TXT 4.3.7: a local file header. */
function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

function readCsv(bytes: Uint8Array): Result<Table, FileProblem> {
  const text = decoded(bytes);
  if (text === undefined)
    return err({
      zh: '不认识文件的编码；请在表格软件中另存为“CSV UTF-8”',
      en: 'file: its encoding is not known; save it as “CSV UTF-8” in the spreadsheet program',
    });
  if (text.includes('\u0000'))
    return err({
      zh: '不是文本文件；请导出为 CSV 或 XLSX',
      en: 'file: is no text; export it as CSV or XLSX',
    });
  try {
    return ok(
      parse(text, {
        delimiter: delimiterOf(text),
        relax_column_count: true,
        skip_empty_lines: false,
        max_record_size: IMPORT_LINE_MAX,
        to: IMPORT_ROWS_MAX + 2,
      }),
    );
  } catch (fault) {
    if (fault instanceof CsvError) return err(csvProblem(fault));
    throw fault;
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  for (const encoding of isWide ? ['utf-16le'] : ['utf-8', 'gb18030'])
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not this one.
    }
  return undefined;
}

/** Excel writes semicolons and tabs in some countries and forms: whichever the heading has most of. */
function delimiterOf(text: string): string {
  const heading = text.slice(0, Math.max(0, text.search(/[\r\n]|$/)));
  const count = (mark: string) => heading.split(mark).length;
  return [',', ';', '\t'].reduce((most, mark) => (count(mark) > count(most) ? mark : most));
}

function csvProblem(fault: CsvError): FileProblem {
  const { lines } = fault as CsvError & { readonly lines?: unknown };
  const row = typeof lines === 'number' ? { row: lines } : {};
  if (fault.code === 'CSV_MAX_RECORD_SIZE')
    return {
      ...row,
      zh: '有一行太长，多半是少了一个引号；请检查这一行之前的引号',
      en: 'file: a row is too long, most likely a quote is missing; look at the quotes before this row',
    };
  return {
    ...row,
    zh: '引号不成对；请检查这一行的引号，或改存为 XLSX',
    en: 'file: quotes do not match; look at those of this row, or save the file as XLSX',
  };
}
