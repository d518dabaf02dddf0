import { assert } from '../../base/index.ts';
import type { GuardRole } from '../../wire/index.ts';
import { type DeskFile, sealOf } from '../desk-file.ts';

/** Accounts as they lie in the file, each line sealed against flipped bits. Each change is on the disk when it returns. */
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

const NO_SECRETS = { secret: undefined, duress: undefined, invitation: undefined, invitedUntil: 0 };

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
    const all = this.list().filter(
      ({ role, secret, isDisabled }) => role === 'head' && secret && !isDisabled,
    );
    return all.map(({ name }) => name);
  }

  /** Nobody can sign in with it until it is invited and begun. */
  add({ name, role }: Pick<KeptAccount, 'name' | 'role'>): void {
    this.#save({ name, role, ...NO_SECRETS, isDisabled: false });
  }

  addFirst(name: string, secret: string): void {
    this.#save({ name, role: 'head', ...NO_SECRETS, secret, isDisabled: false });
  }

  /** Its old secrets end; it is not disabled any more. */
  invite(name: string, invitation: string, until: number): void {
    const found = this.find(name);
    assert(found !== undefined, 'who is invited has an account');
    this.#save({ ...found, ...NO_SECRETS, invitation, invitedUntil: until, isDisabled: false });
  }

  /** @returns false when the invitation is not the one that was looked at any more */
  begin(name: string, invitation: string, secret: string): boolean {
    const found = this.find(name);
    if (found === undefined || found.isDisabled || found.invitation !== invitation) return false;
    this.#save({ ...found, ...NO_SECRETS, secret });
    return true;
  }

  /** @param before the PIN in force; @returns false when it is not the one that was looked at any more */
  setSecret(name: string, before: string, secret: string): boolean {
    return this.#change(name, before, { secret });
  }

  setDuress(name: string, before: string, duress: string): boolean {
    return this.#change(name, before, { duress });
  }

  endDuress(name: string, before: string): boolean {
    return this.#change(name, before, { duress: undefined });
  }

  disable(name: string): void {
    const found = this.find(name);
    if (found !== undefined)
      this.#save({ ...found, invitation: undefined, invitedUntil: 0, isDisabled: true });
  }

  /** All of them, and what was counted of them: the gate shows the figures of a first account again. */
  clear(): void {
    this.#file.together(() => {
      for (const table of ['account', 'tried', 'familiar']) this.#file.run(`DELETE FROM ${table}`);
    });
  }

  #change(name: string, before: string, change: Partial<KeptAccount>): boolean {
    const found = this.find(name);
    if (found === undefined || found.isDisabled || found.secret !== before) return false;
    this.#save({ ...found, ...change });
    return true;
  }

  #save({ name, role, secret, duress, invitation, invitedUntil, isDisabled }: KeptAccount): void {
    const line = [name, role, secret, duress, invitation, invitedUntil, Number(isDisabled)].map(
      (each) => each ?? null,
    );
    this.#file.run('INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?)', ...line, sealOf(line));
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
    invitedUntil: Number(line['invited_until']),
    isDisabled: line['disabled'] !== 0,
  };
}
