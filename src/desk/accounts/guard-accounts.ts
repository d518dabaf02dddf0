import { isWeakPin, type Passwords, weakness } from '../../access/index.ts';
import { err, isoTime, ok, type Result, wallMs } from '../../base/index.ts';
import type { Random } from '../../ports/index.ts';
import type { GuardAccount, GuardInvitation, GuardRole } from '../../wire/index.ts';
import type { AbuseWatch } from '../abuse.ts';
import type { DeskGate } from '../gate-port.ts';
import type { Guard } from '../guard.ts';
import { GUARDS_MAX, INVITATION_MS, SECRET_CHARACTERS_MIN } from '../limits.ts';
import type { AccountsTable, KeptAccount } from './accounts-table.ts';
import { drawEightFigures, type FirstCode } from './eight-figures.ts';
import type { GuardTried, GuardTries } from './guard-tries.ts';
import type { GuardSessions } from './sessions.ts';

/**
 * Guards' accounts of one gate. None has a secret that somebody else knows, and none is there from the beginning: the first
 * is begun with the figures that the gate shows, the others with those that a head guard was given. A wrong PIN, a name that
 * there is not and a disabled account are answered alike after the same work, and so are the PIN and the one for duress.
 */
export interface GuardAccountsOptions {
  readonly table: AccountsTable;
  readonly tries: GuardTries;
  readonly passwords: Passwords;
  readonly sessions: GuardSessions;
  readonly first: FirstCode;
  readonly gate: DeskGate;
  readonly abuse: AbuseWatch;
  readonly random: Random;
}

/** Why not, by the words of the wire. */
export interface AccessProblem {
  readonly refusal:
    | 'wrong-secret'
    | 'wrong-code'
    | 'weak-secret'
    | 'locked'
    | 'busy'
    | 'not-recorded'
    | 'account-exists'
    | 'account-unknown'
    | 'own-account'
    | 'last-head'
    | 'too-many-accounts';
  readonly waitSeconds?: number;
}
type Answer<Value> = Result<Value, AccessProblem>;

export interface TypedSecret extends GuardTried {
  readonly secret: string;
}

/** Somebody whose secret was right just now. */
export interface Confirmed {
  readonly account: string;
  readonly role: GuardRole;
  readonly duress: boolean;
}

export class GuardAccounts {
  readonly #options: GuardAccountsOptions;

  constructor(options: GuardAccountsOptions) {
    this.#options = options;
  }

  /** The gate has no account: it shows the figures of the first one. */
  get isFirstWanted(): boolean {
    return this.#options.table.count() === 0;
  }

  /** Also for the second guard of a deed that takes two. Its wrong tries count like all others. */
  async confirm(typed: TypedSecret): Promise<Answer<Confirmed>> {
    const found = await this.#compare(typed);
    if (!found.ok) return found;
    const { kept, matches } = found.value;
    return ok({ account: kept.name, role: kept.role, duress: matches === 'duress' });
  }

  /** @returns the new session's token. @param oldToken what the browser brought along, which ends here */
  async signIn(typed: TypedSecret, oldToken?: string): Promise<Answer<string>> {
    const confirmed = await this.confirm(typed);
    return confirmed.ok ? ok(this.#signedIn(confirmed.value, oldToken)) : confirmed;
  }

  /** Sets an account's secret with eight figures, which are used up. @returns the new session's token */
  async begin(typed: TypedSecret & { readonly code: string }, oldToken?: string): Promise<Answer<string>> {
    const { table, tries, passwords, first } = this.#options;
    const secret = normal(typed.secret);
    if (isWeak(secret, typed.account)) return refuse('weak-secret');
    const counted = this.#count(typed);
    if (!counted.ok) return counted;
    const isFirst = this.isFirstWanted;
    const kept = isFirst ? undefined : table.find(typed.account);
    const invitation = this.#openInvitation(kept);
    const checked = await passwords.check(typed.code, invitation);
    const hashed = checked.ok ? await passwords.hash(secret) : checked;
    if (!checked.ok || !hashed.ok) {
      tries.notLookedAt(typed);
      return refuse('busy');
    }
    // Asked only now: another request may have begun the first account, or changed its code, in the meantime.
    const isRight = isFirst ? this.isFirstWanted && first.matches(typed.code) : checked.value.matches;
    if (!isRight) return this.#wrongCode(typed, isFirst);
    const row = this.#record(typed.account, isFirst ? 'begin-first' : 'begin');
    if (!row.ok) return row;
    if (isFirst) {
      table.addFirst(typed.account, hashed.value);
      first.spend();
    } else if (!table.begin(typed.account, invitation ?? '', hashed.value)) return refuse('wrong-code');
    tries.forgive(typed.account);
    tries.succeeded(typed);
    const role = isFirst ? 'head' : (kept?.role ?? 'guard');
    return ok(this.#signedIn({ account: typed.account, role, duress: false }, oldToken));
  }

  /**
   * Another secret, or another one for duress. Whoever typed the one for duress changes that one, so that nobody who stands
   * behind a guard ever learns or sets the other.
   */
  async changeSecret(
    guard: Guard,
    change: { secret: string; next: string; duress: boolean; address?: string },
  ): Promise<Answer<undefined>> {
    const { passwords, table, sessions } = this.#options;
    const next = normal(change.next);
    if (isWeak(next, guard.account)) return refuse('weak-secret');
    const { address, secret } = change;
    const found = await this.#compare({
      account: guard.account,
      secret,
      ...(address === undefined ? {} : { address }),
    });
    if (!found.ok) return found;
    const { kept, matches } = found.value;
    const before = kept.secret ?? '';
    const used = [await passwords.check(next, before), await passwords.check(next, kept.duress)];
    const hashed = await passwords.hash(next);
    if (!hashed.ok || used.some((each) => !each.ok)) return refuse('busy');
    if (used.some((each) => each.ok && each.value.matches)) return refuse('weak-secret');
    const underDuress = guard.duress || matches === 'duress';
    if (underDuress) sessions.markDuress(guard.session);
    const row = this.#record(guard.account, 'secret', underDuress);
    if (!row.ok) return row;
    const isSet =
      matches === 'duress'
        ? change.duress || table.setDuress(guard.account, before, hashed.value)
        : table[change.duress ? 'setDuress' : 'setSecret'](guard.account, before, hashed.value);
    if (!isSet) return refuse('wrong-secret');
    sessions.endOthersOf(guard);
    return ok(undefined);
  }

  /** Nobody can tell from it whether there was one: whoever forces a guard would ask for it. Under duress it stays. */
  async endDuress(
    guard: Guard,
    { secret, address }: { secret: string; address?: string },
  ): Promise<Answer<undefined>> {
    const { table, sessions } = this.#options;
    const typed = { account: guard.account, secret, ...(address === undefined ? {} : { address }) };
    const found = await this.#compare(typed);
    if (!found.ok) return found;
    const { kept, matches } = found.value;
    const underDuress = guard.duress || matches === 'duress';
    if (underDuress) sessions.markDuress(guard.session);
    const row = this.#record(guard.account, 'secret', underDuress);
    if (!row.ok) return row;
    if (!underDuress && !table.endDuress(guard.account, kept.secret ?? '')) return refuse('wrong-secret');
    sessions.endOthersOf(guard);
    return ok(undefined);
  }

  /** For a head guard. That somebody has a second PIN is told to nobody: it would be asked for. */
  list(): GuardAccount[] {
    return this.#options.table.list().map((kept) => ({
      account: kept.name,
      role: kept.role,
      state: this.#stateOf(kept),
    }));
  }

  /** By a head guard. */
  async open(
    by: Guard,
    { account, role }: { account: string; role: GuardRole },
  ): Promise<Answer<GuardInvitation>> {
    const drawn = await this.#drawInvitation();
    if (!drawn.ok) return drawn;
    const { table } = this.#options;
    if (table.find(account) !== undefined) return refuse('account-exists');
    if (table.count() >= GUARDS_MAX) return refuse('too-many-accounts');
    const row = this.#record(by.account, `open-${role} ${account}`, by.duress);
    if (!row.ok) return row;
    table.add({ name: account, role });
    return ok(this.#invite(account, drawn.value));
  }

  /** By a head guard: begins the account anew. Its secrets and sessions end, a lock or a bar is lifted. */
  async invite(by: Guard, account: string): Promise<Answer<GuardInvitation>> {
    if (account === by.account) return refuse('own-account');
    const drawn = await this.#drawInvitation();
    if (!drawn.ok) return drawn;
    const { table, tries, sessions } = this.#options;
    if (table.find(account) === undefined) return refuse('account-unknown');
    const row = this.#record(by.account, `invite ${account}`, by.duress);
    if (!row.ok) return row;
    sessions.endOf(account);
    tries.forgive(account);
    return ok(this.#invite(account, drawn.value));
  }

  /** By a head guard. The last head guard who can sign in stays. */
  disable(by: Guard, account: string): Answer<undefined> {
    const { table, sessions } = this.#options;
    if (table.find(account) === undefined) return refuse('account-unknown');
    if (table.heads().every((head) => head === account)) return refuse('last-head');
    const row = this.#record(by.account, `disable ${account}`, by.duress);
    if (!row.ok) return row;
    table.disable(account);
    sessions.endOf(account);
    return ok(undefined);
  }

  /** Counted before it is looked at; both secrets are always compared, whether there is an account or not. */
  async #compare(typed: TypedSecret): Promise<Answer<{ kept: KeptAccount; matches: 'secret' | 'duress' }>> {
    const { table, tries, passwords } = this.#options;
    const counted = this.#count(typed);
    if (!counted.ok) return counted;
    const kept = standing(table.find(typed.account));
    const secret = normal(typed.secret);
    const own = await passwords.check(secret, kept?.secret);
    const duress = await passwords.check(secret, kept?.duress);
    if (!own.ok || !duress.ok) {
      tries.notLookedAt(typed);
      return refuse('busy');
    }
    const now = standing(table.find(typed.account));
    const isSame = now?.secret === kept?.secret && now?.duress === kept?.duress;
    if (now === undefined || !isSame || !(own.value.matches || duress.value.matches)) {
      this.#tellLock(typed);
      return refuse('wrong-secret');
    }
    tries.succeeded(typed);
    return ok({ kept: now, matches: own.value.matches ? 'secret' : 'duress' });
  }

  #count(typed: GuardTried): Answer<undefined> {
    const waitMs = this.#options.tries.take(typed);
    return waitMs === 0 ? ok(undefined) : refuse('locked', Math.ceil(waitMs / 1_000));
  }

  #wrongCode(typed: GuardTried, isFirst: boolean): Answer<never> {
    if (isFirst && this.isFirstWanted) this.#options.first.wrong();
    this.#tellLock(typed);
    return refuse('wrong-code');
  }

  #tellLock(typed: GuardTried): void {
    const { tries, table, abuse } = this.#options;
    if (tries.isLocked(typed)) abuse.locked(table.find(typed.account)?.name);
  }

  /** Its row says so; a journal that takes none must not keep a guard from the desk that would tell. */
  #signedIn(who: Confirmed, oldToken: string | undefined): string {
    const { sessions, gate } = this.#options;
    const token = sessions.begin(who, oldToken);
    gate.takeManual({
      type: 'manual',
      verb: 'sign-in',
      actor: who.account,
      reason: 'desk',
      ...(who.duress && { duress: true }),
    });
    return token;
  }

  /** Before it happens, and only with its row. */
  #record(actor: string, reason: string, duress = false): Answer<undefined> {
    const item = { type: 'manual', verb: 'account', actor, reason, ...(duress && { duress }) } as const;
    return this.#options.gate.takeManual(item).ok ? ok(undefined) : refuse('not-recorded');
  }

  async #drawInvitation(): Promise<Answer<{ code: string; phc: string }>> {
    const code = drawEightFigures(this.#options.random);
    const hashed = await this.#options.passwords.hash(code);
    return hashed.ok ? ok({ code, phc: hashed.value }) : refuse('busy');
  }

  #invite(account: string, { code, phc }: { code: string; phc: string }): GuardInvitation {
    const until = this.#options.gate.now() + INVITATION_MS;
    this.#options.table.invite(account, phc, until);
    return { account, code, expiresAt: isoTime(wallMs(until)) };
  }

  #openInvitation(kept: KeptAccount | undefined): string | undefined {
    if (kept === undefined || kept.isDisabled || kept.invitedUntil <= this.#options.gate.now())
      return undefined;
    return kept.invitation;
  }

  #stateOf({ name, secret, isDisabled }: KeptAccount): GuardAccount['state'] {
    if (isDisabled) return 'disabled';
    if (secret === undefined) return 'invited';
    return this.#options.tries.isAccountLocked(name) ? 'locked' : 'active';
  }
}

function refuse(
  refusal: AccessProblem['refusal'],
  waitSeconds?: number,
): { ok: false; error: AccessProblem } {
  return err(waitSeconds === undefined ? { refusal } : { refusal, waitSeconds });
}

function standing(kept: KeptAccount | undefined): KeptAccount | undefined {
  return kept === undefined || kept.isDisabled || kept.secret === undefined ? undefined : kept;
}

/** NIST SP 800-63B, 3.1.1.2: wide figures of an input method are the same figures. */
function normal(secret: string): string {
  return secret.normalize('NFKC');
}

function isWeak(secret: string, account: string): boolean {
  return /^\d+$/.test(secret)
    ? isWeakPin(secret, account)
    : weakness(secret, account, SECRET_CHARACTERS_MIN) !== undefined;
}
