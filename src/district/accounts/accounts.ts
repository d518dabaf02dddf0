import { hash } from 'node:crypto';
import { type Passwords, type WeakPassword, weakness } from '../../access/index.ts';
import { encodeBase32hex, err, ok, type Result } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import type { AccountView, DeskRole, InvitationView } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { ACCOUNTS_MAX, INVITATION_MS, OPERATORS_MAX } from '../limits.ts';
import type { Audit } from './audit.ts';
import { MACHINE, NOBODY, RESERVED_NAMES } from './roles.ts';
import { endSessionsOf, rolesOf, type Sessions } from './sessions.ts';
import type { SignInTries } from './sign-in-tries.ts';

/**
 * The desk's accounts. None has a password that somebody else knows: an account is opened by a text that holds a day and
 * once, with which its person sets the password. A wrong password, a name that there is not and an account that is
 * disabled are answered alike, after the same work.
 */
export interface AccountsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly tries: SignInTries;
  readonly audit: Audit;
}

export type AccountProblem =
  | 'no-such-account'
  | 'known-account'
  | 'reserved-name'
  | 'too-many-accounts'
  | 'too-many-operators'
  | 'last-administrator';
export type SignInProblem = 'wrong-password' | 'too-many-tries' | 'busy-with-passwords';
export type RedeemProblem = 'bad-invitation' | 'too-many-tries' | 'busy-with-passwords' | WeakPassword;

export interface SignIn {
  readonly account: string;
  readonly password: string;
  readonly address?: string;
  /** The session's token that came with the request; it ends when a new session begins. */
  readonly oldToken?: string;
}

export interface SignedIn {
  readonly account: string;
  readonly roles: ReadonlySet<DeskRole>;
  readonly token: string;
  readonly endsAt: number;
}

const INVITATION_BYTES = 20;

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #database: Database;
  #onChange: () => Promise<void> = () => Promise.resolve();

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#database = options.database;
  }

  /** Once, at start: after each change of who may do what, and before it is answered. */
  whenChanged(onChange: () => Promise<void>): void {
    this.#onChange = onChange;
  }

  /** @param by who invites, for the audit log and for the rule of two persons */
  async open(
    { account, roles }: { account: string; roles: readonly DeskRole[] },
    by: string,
  ): Promise<Result<InvitationView, AccountProblem>> {
    if (RESERVED_NAMES.has(account)) return err('reserved-name');
    const opened = await alone(
      this.#database,
      async (transaction): Promise<Result<InvitationView, AccountProblem>> => {
        const names = await transaction.selectFrom('account').select(['name', 'roles']).execute();
        if (names.some(({ name }) => name === account)) return err('known-account');
        if (names.length >= ACCOUNTS_MAX) return err('too-many-accounts');
        if (isOneTooMany(names, roles)) return err('too-many-operators');
        const opened_at = this.#options.clock.wall();
        const blank = { password: null, disabled: 0, signed_in_at: null };
        const invited = { invited_by: by, invited_at: opened_at };
        const row = { name: account, roles: roles.join(','), opened_at, ...invited, ...blank };
        await transaction.insertInto('account').values(row).execute();
        return ok(await this.#invite(transaction, account));
      },
    );
    await this.#note({ by, action: 'open account', account, result: opened });
    await this.#onChange();
    return opened;
  }

  /** Begins the account anew: its password and sessions end, a lock or a bar is lifted. */
  async invite(account: string, by: string): Promise<Result<InvitationView, AccountProblem>> {
    const invited = await alone(
      this.#database,
      async (transaction): Promise<Result<InvitationView, AccountProblem>> => {
        // Inviting oneself does not make one's inviter a stranger for the rule of two persons.
        const now = this.#options.clock.wall();
        const inviter = by === account ? {} : { invited_by: by, invited_at: now };
        const fresh = { password: null, disabled: 0, ...inviter };
        const done = await transaction
          .updateTable('account')
          .set(fresh)
          .where('name', '=', account)
          .executeTakeFirst();
        if (done.numUpdatedRows === 0n) return err('no-such-account');
        await endSessionsOf(transaction, account);
        return ok(await this.#invite(transaction, account));
      },
    );
    if (invited.ok) await this.#options.tries.forgive(account);
    await this.#note({ by, action: 'invite account', account, result: invited });
    await this.#onChange();
    return invited;
  }

  /** Ends its sessions and its invitation too. The last administrator who can sign in stays. */
  async disable(account: string, by: string): Promise<Result<string, AccountProblem>> {
    const disabled = await alone(this.#database, async (transaction) => {
      const problem = await without(transaction, { account, by });
      if (problem !== undefined) return err(problem);
      await transaction.updateTable('account').set({ disabled: 1 }).where('name', '=', account).execute();
      await transaction.deleteFrom('invitation').where('account', '=', account).execute();
      await endSessionsOf(transaction, account);
      return ok(account);
    });
    await this.#note({ by, action: 'disable account', account, result: disabled });
    await this.#onChange();
    return disabled;
  }

  /** They count from the next request on. */
  async setRoles(
    { account, roles }: { account: string; roles: readonly DeskRole[] },
    by: string,
  ): Promise<Result<string, AccountProblem>> {
    const set = await alone(this.#database, async (transaction) => {
      const problem = await without(transaction, { account, by, roles });
      if (problem !== undefined) return err(problem);
      const wanted = { roles: roles.join(',') };
      await transaction.updateTable('account').set(wanted).where('name', '=', account).execute();
      return ok(account);
    });
    await this.#note({ by, action: 'set roles', account, result: set });
    await this.#onChange();
    return set;
  }

  async list(): Promise<AccountView[]> {
    const found = await this.#database
      .selectFrom('account')
      .selectAll()
      .orderBy('name')
      .limit(ACCOUNTS_MAX)
      .execute();
    return found.map(({ name, roles, password, disabled, opened_at, signed_in_at }) => ({
      account: name,
      roles: [...rolesOf(roles)],
      state: disabled === 1 ? 'disabled' : password === null ? 'invited' : 'active',
      openedAt: opened_at,
      ...(signed_in_at === null ? {} : { signedInAt: signed_in_at }),
    }));
  }

  async signIn({ account, password, address, oldToken }: SignIn): Promise<Result<SignedIn, SignInProblem>> {
    const tried = { account, ...(address === undefined ? {} : { address }) };
    const checked = await this.#check(tried, password);
    if (!checked.ok) {
      if (checked.error === 'wrong-password') await this.#noteSignIn(account, 'wrong password');
      return checked;
    }
    const { phc, outdated } = checked.value;
    const session = await this.#begin({ account, phc, ...(oldToken === undefined ? {} : { oldToken }) });
    if (!session.ok) return session;
    if (outdated) await this.#rehash(account, password, phc);
    await this.#noteSignIn(account, 'done');
    return session;
  }

  /** By whoever is signed in: all sessions end, and a new one begins. */
  async changePassword(
    { account, password, address }: Omit<SignIn, 'oldToken'>,
    next: string,
  ): Promise<Result<SignedIn, SignInProblem | WeakPassword>> {
    const weak = weakness(next, account);
    if (weak !== undefined) return err(weak);
    const tried = { account, ...(address === undefined ? {} : { address }) };
    const checked = await this.#check(tried, password);
    if (!checked.ok) return checked;
    const hashed = await this.#options.passwords.hash(next);
    if (!hashed.ok) return err('busy-with-passwords');
    const isSet = await alone(this.#database, async (transaction) => {
      const done = await transaction
        .updateTable('account')
        .set({ password: hashed.value })
        .where('name', '=', account)
        .where('password', '=', checked.value.phc)
        .executeTakeFirst();
      await endSessionsOf(transaction, account);
      return done.numUpdatedRows > 0n;
    });
    if (!isSet) return err('wrong-password');
    await this.#options.audit.note({ account, action: 'set password', subject: account, outcome: 'done' });
    return this.#begin({ account, phc: hashed.value });
  }

  /** Sets the password with an invitation, which is used up. @returns the account's name */
  async redeem({
    invitation,
    password,
    address,
  }: {
    invitation: string;
    password: string;
    address?: string;
  }): Promise<Result<string, RedeemProblem>> {
    const { passwords, tries } = this.#options;
    const tried = address === undefined ? {} : { address };
    if (!(await tries.take(tried))) return err('too-many-tries');
    const account = await this.#invited(invitation);
    if (account === undefined) return err('bad-invitation');
    await tries.succeeded(tried);
    const weak = weakness(password, account);
    if (weak !== undefined) return err(weak);
    const hashed = await passwords.hash(password);
    if (!hashed.ok) return err('busy-with-passwords');
    const isSet = await alone(this.#database, async (transaction) => {
      const taken = await transaction
        .deleteFrom('invitation')
        .where('hash', '=', hashOf(invitation))
        .where('expires_at', '>', this.#options.clock.wall())
        .returning('account')
        .executeTakeFirst();
      if (taken === undefined) return false;
      await transaction
        .updateTable('account')
        .set({ password: hashed.value })
        .where('name', '=', taken.account)
        .execute();
      await endSessionsOf(transaction, taken.account);
      return true;
    });
    if (!isSet) return err('bad-invitation');
    await tries.forgive(account);
    await this.#options.audit.note({ account, action: 'set password', subject: account, outcome: 'done' });
    return ok(account);
  }

  /** The same work, whether there is such an account or not. @returns the stored text that it agreed with */
  async #check(
    tried: { account: string; address?: string },
    password: string,
  ): Promise<Result<{ phc: string; outdated: boolean }, SignInProblem>> {
    const { passwords, tries } = this.#options;
    if (!(await tries.take(tried))) return err('too-many-tries');
    const found = await this.#standing(tried.account);
    const phc = found?.password ?? undefined;
    const checked = await passwords.check(password, phc);
    if (!checked.ok) {
      await tries.notLookedAt(tried);
      return err('busy-with-passwords');
    }
    if (phc === undefined || !checked.value.matches) return err('wrong-password');
    await tries.succeeded(tried);
    return ok({ phc, outdated: checked.value.outdated });
  }

  /** Looked at again once the session is there: an account that was barred or invited meanwhile has none. */
  async #begin({
    account,
    phc,
    oldToken,
  }: {
    account: string;
    phc: string;
    oldToken?: string;
  }): Promise<Result<SignedIn, 'wrong-password'>> {
    const { sessions, clock } = this.#options;
    const session = await sessions.begin(account, oldToken);
    const now = await this.#standing(account);
    if (now?.password !== phc) {
      await sessions.end(session.token);
      return err('wrong-password');
    }
    const seen = { signed_in_at: clock.wall() };
    await this.#database.updateTable('account').set(seen).where('name', '=', account).execute();
    return ok({ account, roles: rolesOf(now.roles), ...session });
  }

  /** Of one that is not disabled. */
  #standing(account: string): Promise<{ password: string | null; roles: string } | undefined> {
    return this.#database
      .selectFrom('account')
      .select(['password', 'roles'])
      .where('name', '=', account)
      .where('disabled', '=', 0)
      .executeTakeFirst();
  }

  /** The newest invitation of an account is the one that counts. */
  async #invite(database: Database, account: string): Promise<InvitationView> {
    const { clock, random } = this.#options;
    const invitation = grouped(encodeBase32hex(random.bytes(INVITATION_BYTES)));
    const expiresAt = clock.wall() + INVITATION_MS;
    await database.deleteFrom('invitation').where('account', '=', account).execute();
    await database
      .insertInto('invitation')
      .values({ hash: hashOf(invitation), account, expires_at: expiresAt })
      .execute();
    return { account, invitation, expiresAt };
  }

  async #invited(invitation: string): Promise<string | undefined> {
    const found = await this.#database
      .selectFrom('invitation')
      .innerJoin('account', 'account.name', 'invitation.account')
      .select('account')
      .where('hash', '=', hashOf(invitation))
      .where('expires_at', '>', this.#options.clock.wall())
      .where('account.disabled', '=', 0)
      .executeTakeFirst();
    return found?.account;
  }

  /** Unless the password was changed meanwhile. */
  async #rehash(account: string, password: string, before: string): Promise<void> {
    const hashed = await this.#options.passwords.hash(password);
    if (!hashed.ok) return;
    await this.#database
      .updateTable('account')
      .set({ password: hashed.value })
      .where('name', '=', account)
      .where('password', '=', before)
      .execute();
  }

  /** A name that there is not may be a password in the wrong field: it is not written down. */
  async #noteSignIn(account: string, outcome: string): Promise<void> {
    const names = this.#database.selectFrom('account').select('name').where('name', '=', account);
    const who = (await names.executeTakeFirst())?.name ?? NOBODY;
    await this.#options.audit.note({ account: who, action: 'sign in', subject: who, outcome });
  }

  #note({
    by,
    action,
    account,
    result,
  }: {
    by: string;
    action: string;
    account: string;
    result: Result<unknown, string>;
  }): Promise<void> {
    const outcome = result.ok ? 'done' : result.error;
    return this.#options.audit.note({ account: by, action, subject: account, outcome });
  }
}

/** @returns why the account must stay as it is; the machine's own command line may take the last administrator away */
async function without(
  database: Database,
  { account, by, roles = [] }: { account: string; by: string; roles?: readonly DeskRole[] },
): Promise<AccountProblem | undefined> {
  const all = await database
    .selectFrom('account')
    .select(['name', 'roles', 'disabled', 'password'])
    .execute();
  if (!all.some(({ name }) => name === account)) return 'no-such-account';
  const others = all.filter(({ name }) => name !== account);
  if (isOneTooMany(others, roles)) return 'too-many-operators';
  const administrators = all.filter(
    (each) => each.disabled === 0 && each.password !== null && rolesOf(each.roles).has('administrator'),
  );
  const isLast = administrators.length === 1 && administrators[0]?.name === account;
  return isLast && !roles.includes('administrator') && by !== MACHINE ? 'last-administrator' : undefined;
}

/** Of operators, with those that are disabled: an invitation lifts that. */
function isOneTooMany(others: readonly { roles: string }[], roles: readonly DeskRole[]): boolean {
  if (!roles.includes('operator')) return false;
  return others.filter((each) => rolesOf(each.roles).has('operator')).length >= OPERATORS_MAX;
}

/** In fours, to be read out or typed. */
function grouped(text: string): string {
  return text.match(/.{1,4}/g)?.join('-') ?? text;
}

/** An invitation is 20 random bytes, so a plain hash keeps it. Typed in small letters and without the strokes it is the same. */
function hashOf(invitation: string): string {
  return hash('sha256', invitation.toUpperCase().replaceAll(/[^0-9A-V]/g, ''), 'hex');
}
