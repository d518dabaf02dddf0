import { ok, type Result } from '../../base/index.ts';
import type { GuardRole } from '../../wire/index.ts';
import { type DeskFileProblem, openKeptDeskFile } from '../desk-file.ts';
import { AccountsTable } from './accounts-table.ts';

/** Guards' accounts for a command on the gate itself, while the gate runs too. It never sees or makes a secret. */
export interface KeptGuard {
  readonly account: string;
  readonly role: GuardRole;
  readonly state: 'invited' | 'active' | 'disabled';
}

export interface KeptAccounts {
  list(): readonly KeptGuard[];
  /** All of them, with their counts and locks: the gate shows the figures of a first account. */
  clear(): void;
  close(): void;
}

export function keptAccounts(file: string): Result<KeptAccounts, DeskFileProblem | 'missing' | 'damaged'> {
  const opened = openKeptDeskFile(file);
  if (!opened.ok) return opened;
  const table = new AccountsTable(opened.value);
  return ok({
    list: () =>
      table.list().map(({ name, role, secret, isDisabled }) => ({
        account: name,
        role,
        state: isDisabled ? 'disabled' : secret === undefined ? 'invited' : 'active',
      })),
    clear: () => table.clear(),
    close: () => opened.value.close(),
  });
}
