import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** How many accounts a desk's file holds, for whoever looks after the machine; beside a running gate too. It changes nothing. @throws what SQLite throws */
export function countAccounts(file: string): number {
  if (!existsSync(file)) return 0;
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS n FROM account').get()?.['n'] ?? 0);
  } finally {
    database.close();
  }
}
