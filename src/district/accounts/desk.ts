import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type PasswordCrypto, Passwords } from '../../access/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { Accounts } from './accounts.ts';
import { Approvals } from './approvals.ts';
import { Audit } from './audit.ts';
import { Sessions } from './sessions.ts';
import { SignInTries } from './sign-in-tries.ts';

/** Who may do what at the district's desk, put together: accounts, sessions, approvals by a second person, the audit log. */
export interface Desk {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  readonly audit: Audit;
}

export interface DeskOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crypto: PasswordCrypto;
}

export function openDesk(options: DeskOptions): Desk {
  const audit = new Audit(options);
  const sessions = new Sessions(options);
  const tries = new SignInTries(options);
  const passwords = new Passwords({ argon2id: options.crypto.argon2id, random: options.random });
  const accounts = new Accounts({ ...options, audit, sessions, tries, passwords });
  return { accounts, sessions, audit, approvals: new Approvals({ ...options, audit }) };
}

/** The desk without the district around it, for a command on its machine; the district may be running. */
export async function openDeskAlone(
  options: Omit<DeskOptions, 'database'> & { readonly dataDir: string; readonly database?: string },
): Promise<{ readonly desk: Desk; close(): Promise<void> }> {
  const { dataDir, database: place, log } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const database = await openDatabase(place ?? join(dataDir, 'district.sqlite'), log);
  return { desk: openDesk({ ...options, database }), close: () => database.destroy() };
}
