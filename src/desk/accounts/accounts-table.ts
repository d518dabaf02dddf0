import type { GuardRole } from '../../wire/index.ts';
import type { DeskFile } from '../desk-file.ts';

/** Accounts as they lie in the file. Each change is one statement, and on the disk when it returns. */
export interface KeptAccount {
  readonly name: string;
  readonly role: GuardRole;
  /** PHC texts. */
  readonly secret: string | undefined;
  readonly duress: string | undefined;
  readonly invitation: string | undefined;
  /** Unix milliseconds */
  readonly invitedUntil: number;
  readonly isDisabled: boolean;
}

export class AccountsTable {
  readonly #file: DeskFile;

  constructor(file: DeskFile) {
    this.#file = file;
  }

  count(): number {
    return Number(this.#file.one('SELECT count(*) AS n FROM account')?.['n'] ?? 0);
  }

  /** By name. */
  list(): KeptAccount[] {
    return this.#file.all('SELECT * FROM account ORDER BY name').map(kept);
  }

  find(name: string): KeptAccount | undefined {
    const found = this.#file.one('SELECT * FROM account WHERE name = ?', name);
    return found && kept(found);
  }

  /** Head guards who can sign in. */
  heads(): string[] {
    return this.#file
      .all("SELECT name FROM account WHERE role = 'head' AND disabled = 0 AND secret IS NOT NULL")
      .map(({ name }) => String(name));
  }

  add({ name, role }: Pick<KeptAccount, 'name' | 'role'>): void {
    this.#file.run('INSERT INTO account (name, role, disabled) VALUES (?, ?, 0)', name, role);
  }

  /** Its old secrets end. */
  invite(name: string, invitation: string, until: number): void {
    this.#file.run(
      'UPDATE account SET secret = NULL, duress = NULL, invitation = ?, invited_until = ?, disabled = 0 WHERE name = ?',
      invitation,
      until,
      name,
    );
  }

  /** @returns false when the invitation is not the one that was looked at any more */
  begin(name: string, invitation: string, secret: string): boolean {
    return (
      this.#file.run(
        'UPDATE account SET secret = ?, duress = NULL, invitation = NULL, invited_until = NULL WHERE name = ? AND invitation = ? AND disabled = 0',
        secret,
        name,
        invitation,
      ) === 1
    );
  }

  addFirst(name: string, secret: string): void {
    this.#file.run(
      "INSERT INTO account (name, role, secret, disabled) VALUES (?, 'head', ?, 0)",
      name,
      secret,
    );
  }

  /** @returns false when the PIN is not the one that was looked at any more */
  setSecret(name: string, before: string, secret: string): boolean {
    return this.#set('secret', { name, before, secret });
  }

  setDuress(name: string, before: string, secret: string): boolean {
    return this.#set('duress', { name, before, secret });
  }

  disable(name: string): void {
    this.#file.run(
      'UPDATE account SET disabled = 1, invitation = NULL, invited_until = NULL WHERE name = ?',
      name,
    );
  }

  /** Of all guards, and what was counted of them: the gate shows the code of a first account again. */
  clear(): void {
    this.#file.together(() => {
      for (const table of ['account', 'tried', 'familiar']) this.#file.run(`DELETE FROM ${table}`);
    });
  }

  #set(
    column: 'secret' | 'duress',
    { name, before, secret }: { name: string; before: string; secret: string },
  ): boolean {
    return (
      this.#file.run(
        `UPDATE account SET ${column} = ? WHERE name = ? AND secret = ? AND disabled = 0`,
        secret,
        name,
        before,
      ) === 1
    );
  }
}

function kept(line: Record<string, unknown>): KeptAccount {
  const text = (name: string) => {
    const value = line[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    name: String(line['name']),
    role: line['role'] === 'head' ? 'head' : 'guard',
    secret: text('secret'),
    duress: text('duress'),
    invitation: text('invitation'),
    invitedUntil: Number(line['invited_until'] ?? 0),
    isDisabled: line['disabled'] !== 0,
  };
}
