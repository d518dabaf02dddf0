import { DatabaseSync } from 'node:sqlite';

/**
 * One writer at a time: an exclusive SQLite transaction on an empty file beside the journal, held while the journal is open.
 * The kernel releases it when the process dies, so nothing has to be cleaned up after a crash.
 * @throws SQLITE_BUSY when another process holds the journal
 * @returns what releases it
 */
export function lockJournal(file: string): () => void {
  const database = new DatabaseSync(`${file}.lock`, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw cause;
  }
  return () => database.close();
}
