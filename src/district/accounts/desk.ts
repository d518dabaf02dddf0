import type { Clock, Log, Random } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { Accounts } from './accounts.ts';
import { Approvals } from './approvals.ts';
import { Audit } from './audit.ts';
import { type Argon2id, Passwords } from './passwords.ts';
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
  readonly crypto: { readonly argon2id: Argon2id };
}

export function openDesk(options: DeskOptions): Desk {
  const audit = new Audit(options);
  const sessions = new Sessions(options);
  const tries = new SignInTries(options);
  const passwords = new Passwords({ argon2id: options.crypto.argon2id, random: options.random });
  const accounts = new Accounts({ ...options, audit, sessions, tries, passwords });
  return { accounts, sessions, audit, approvals: new Approvals({ ...options, audit }) };
}
