import { type DocumentSigner, documentSigner } from '../../issue/index.ts';
import { err, ok, type Result } from '../../base/index.ts';
import { type CommandIo, writeTo } from '../command.ts';
import { LineSplitter } from '../lines.ts';
import { readRow, readWhole, WRITTEN_ROWS } from './written-key.ts';

/** A root key typed in from paper, row by row; each row is checked before the next is asked for. */

/** Wrong rows before it gives up: somebody may have the wrong paper. */
const WRONG_ROWS_MAX = 20;

export async function typedKey(io: CommandIo): Promise<Result<DocumentSigner, string>> {
  const rows: Uint8Array[] = [];
  let wrong = 0;
  const ask = () => writeTo(io.error, `row ${rows.length + 1} of ${WRITTEN_ROWS}: `);
  await ask();
  for await (const line of typedLines(io)) {
    const row = readRow(rows.length, line);
    if (row.ok) rows.push(row.value);
    else {
      wrong += 1;
      await writeTo(io.error, `${row.error}\n`);
      if (wrong >= WRONG_ROWS_MAX) return err('too many wrong rows; is it the right paper?');
    }
    if (rows.length === WRITTEN_ROWS) {
      const seed = readWhole(rows);
      return seed.ok ? ok(await documentSigner(seed.value)) : seed;
    }
    await ask();
  }
  return err(`the input ended after ${rows.length} of ${WRITTEN_ROWS} rows; type all of them`);
}

const LINE_MAX = 64;

async function* typedLines(io: CommandIo): AsyncGenerator<string> {
  const splitter = new LineSplitter(LINE_MAX);
  for await (const piece of io.input)
    for (const { text } of splitter.push(Buffer.from(piece).toString())) yield text ?? '';
  for (const { text } of splitter.end()) yield text ?? '';
}
