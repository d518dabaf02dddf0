import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** The least that a durable record costs on this disk, two ways: the anchors of everything that must be durable. */
export interface BareDisk {
  write(call: number): void;
  close(): void;
}

/** As long as a row of a granted token with its two hashes in hex. */
export const ROW_TEXT = `${'r'.repeat(160)}${'0'.repeat(128)}\n`;

export function bareAppend(file: string): BareDisk {
  const descriptor = openSync(file, 'a');
  return {
    write: () => {
      writeSync(descriptor, ROW_TEXT);
      fdatasyncSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
}

/** One row a transaction, WAL, synchronous = FULL, its statement prepared before. */
export function bareInsert(file: string): BareDisk {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE row (seq INTEGER PRIMARY KEY, content TEXT)');
  const insert = database.prepare('INSERT INTO row VALUES (?, ?)');
  return { write: (call) => void insert.run(call + 1, ROW_TEXT), close: () => database.close() };
}
