import { hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { rowContent, rowContentText } from '../../src/wire/index.ts';

/** What somebody with the gate's disk and the source code can do to a journal while the gate is stopped. */

/** Changes one row and nothing else: the chain tells. */
export function editRow(file: string, seq: number): void {
  change(file, (database) => {
    const content = rowContent.parse(JSON.parse(contentOf(database, seq)));
    const text = rowContentText({ ...content, reason: 'another-story' });
    database.prepare('update row set content = ? where seq = ?').run(text, seq);
  });
}

/** Changes one row and makes the whole chain after it, the head and the cursor agree. */
export function rewriteFrom(file: string, seq: number): void {
  editRow(file, seq);
  change(file, relink);
}

/** Cuts off every row after this one and makes head and cursor agree. */
export function cutAfter(file: string, seq: number): void {
  change(file, (database) => {
    database.prepare('delete from row where seq > ?').run(seq);
    relink(database);
  });
}

export function removeJournal(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}

function relink(database: DatabaseSync): void {
  let before: Buffer = Buffer.alloc(32);
  let last = 0;
  for (const line of database.prepare('select seq, content from row order by seq').all()) {
    const digest = sha256(Buffer.from(String(line['content'])));
    before = sha256(Buffer.concat([before, digest]));
    last = Number(line['seq']);
    database.prepare('update row set digest = ?, hash = ? where seq = ?').run(digest, before, last);
  }
  const journal = String(database.prepare('select journal from head').get()?.['journal']);
  database
    .prepare('update head set seq = ?, hash = ?, seal = ?')
    .run(last, before, sealOf([journal, last, before.toString('hex')]));
  database.prepare('update cursor set seq = ?, hash = ?').run(last, before);
  database.exec('delete from checkpoint');
}

function sealOf(line: unknown[]): Buffer {
  return sha256(Buffer.from(JSON.stringify(line))).subarray(0, 8);
}

function sha256(bytes: Buffer): Buffer {
  return Buffer.from(hash('sha256', bytes, 'buffer'));
}

function contentOf(database: DatabaseSync, seq: number): string {
  return String(database.prepare('select content from row where seq = ?').get(seq)?.['content']);
}

function change(file: string, how: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file);
  try {
    how(database);
  } finally {
    database.close();
  }
}
