import type { JournalReader, StoredRow } from '../../journal/reading.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { PLACE_USAGE, sequenceOf, withJournal } from './journal-place.ts';

/** `menwei journal list`: one row a line, oldest first, while the gate runs. */

const USAGE = `journal list [--json] [--from SEQ] [--follow] ${PLACE_USAGE}`;
const FOLLOW_EVERY_MS = 250;

const OPTIONS = {
  json: { type: 'boolean' },
  from: { type: 'string' },
  follow: { type: 'boolean' },
} as const;

export function run(args: readonly string[], io: CommandIo): Promise<number> {
  return withJournal({ args, options: OPTIONS, usage: USAGE }, io, async (reader, values) => {
    const from = sequenceOf(values['from']);
    if (from === undefined) {
      await writeTo(io.error, '--from takes a sequence number, from 1\n');
      return EXIT.usage;
    }
    const lineOf = values['json'] === true ? (row: StoredRow) => JSON.stringify(row) : textOf;
    let next = await list(reader, io, { from, lineOf });
    while (values['follow'] === true && !io.output.destroyed && !io.output.writableEnded) {
      await later(FOLLOW_EVERY_MS);
      next = await list(reader, io, { from: next, lineOf });
    }
    return EXIT.done;
  });
}

/** @returns the sequence number that comes next */
async function list(
  reader: JournalReader,
  io: CommandIo,
  { from, lineOf }: { readonly from: number; readonly lineOf: (row: StoredRow) => string },
): Promise<number> {
  // A journal that was begun anew meanwhile starts at its first row again.
  let next = from > reader.head().seq + 1 ? 1 : from;
  for (const row of reader.iterate(next)) {
    await writeTo(io.output, `${lineOf(row)}\n`);
    next = row.seq + 1;
  }
  return next;
}

/** `12 2026-03-01T08:00:01.000Z synced granted lane=north index=5`: first what every row has, then what it says besides. */
export function textOf(row: StoredRow): string {
  if ('purged' in row) return `${row.seq} purged`;
  const { seq, at, clock, decision, previousHash: _previous, digest: _digest, hash: _hash, ...rest } = row;
  const details = Object.entries(rest).map(([name, value]) => `${name}=${plain(value)}`);
  return [seq, at, clock, decision, ...details].join(' ');
}

/** Quoted where it would break the line or its columns, or move a terminal's cursor. */
function plain(value: unknown): string {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return /^[\p{L}\p{N}.,:/_-]*$/u.test(text) ? text : escaped(JSON.stringify(text));
}

function escaped(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, (character) =>
    [...character].map((one) => `\\u{${one.codePointAt(0)?.toString(16)}}`).join(''),
  );
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
