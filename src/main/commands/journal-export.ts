import type { JournalReader, StoredRow } from '../../journal/reading.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { PLACE_USAGE, sequenceOf, withJournal } from './journal-place.ts';

/** `menwei journal export`: all rows as a table for a spreadsheet, or as one JSON list. */

const USAGE = `journal export --format csv|json [--from SEQ] ${PLACE_USAGE}`;

const OPTIONS = { format: { type: 'string' }, from: { type: 'string' } } as const;

const COLUMNS = [
  'seq',
  'at',
  'clock',
  'lane',
  'direction',
  'reader',
  'decision',
  'refusal',
  'kind',
  'index',
  'passId',
  'party',
  'entry',
  'door',
  'actor',
  'reason',
  'command',
  'purged',
  'previousHash',
  'digest',
  'hash',
] as const;

export function run(args: readonly string[], io: CommandIo): Promise<number> {
  return withJournal({ args, options: OPTIONS, usage: USAGE }, io, async (reader, values) => {
    const from = sequenceOf(values['from']);
    const { format } = values;
    if (from === undefined || (format !== 'csv' && format !== 'json')) {
      await writeTo(io.error, `usage: menwei ${USAGE}\n`);
      return EXIT.usage;
    }
    const pieces = format === 'csv' ? asCsv(reader, from) : asJson(reader, from);
    for (const piece of pieces) await writeTo(io.output, piece);
    return EXIT.done;
  });
}

/** RFC 4180: CRLF after every record, the first of which names the columns. */
function* asCsv(reader: JournalReader, from: number): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const row of reader.iterate(from)) yield csvRecord(row);
}

export function csvRecord(row: StoredRow): string {
  const fields: Readonly<Record<string, Cell>> = { ...row };
  return `${COLUMNS.map((column) => csvCell(fields[column])).join(',')}\r\n`;
}

type Cell = string | number | boolean | readonly number[] | undefined;

/** Numbers go as they are; a text that a spreadsheet would calculate gets an apostrophe before it. */
function csvCell(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'object' ? value.join(' ') : String(value);
  const safe = /^[\s]*[=+\-@|%\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
  return /[",\r\n;\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function* asJson(reader: JournalReader, from: number): Generator<string> {
  let before = '[\n';
  for (const row of reader.iterate(from)) {
    yield before + JSON.stringify(row);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
