import type { ColumnType } from 'kysely';

/** Rows of the accounts' tables, as migration 003 makes them. Times are Unix milliseconds; flags are 0 or 1. */

export interface AccountTables {
  account: AccountTable;
  /** One for an account at most, of its next password. */
  invitation: { hash: string; account: string; expires_at: number };
  session: SessionTable;
  /** Tries to sign in, by account and by address. */
  sign_in_try: SignInTryTable;
  audit: AuditTable;
  approval: ApprovalTable;
}

interface AccountTable {
  name: string;
  /** Joined by commas */
  roles: string;
  /** PHC text; null: invited, and not yet signed in */
  password: string | null;
  disabled: number;
  opened_at: number;
  /** Who made the invitation of the present password */
  invited_by: string;
  /** When; null: before this was written down */
  invited_at: ColumnType<number | null, number | null | undefined, number>;
  signed_in_at: number | null;
}

interface SessionTable {
  /** SHA-256 of the token, hex */
  hash: string;
  account: string;
  seen_at: number;
  ends_at: number;
}

interface SignInTryTable {
  /** SHA-256 of what is counted, hex */
  key: string;
  tries: number;
  /** How often in a row the tries were used up */
  locks: number;
  /** Until then they are counted together. */
  ends_at: number;
}

interface AuditTable {
  /** Rises with time */
  id: string;
  at: number;
  account: string;
  action: string;
  subject: string;
  outcome: string;
}

export interface ApprovalTable {
  id: string;
  action: string;
  /** JSON; null once it is decided */
  body: string | null;
  digest: string;
  state: string;
  asked_by: string;
  asked_at: number;
  expires_at: number;
  decided_by: string | null;
}
