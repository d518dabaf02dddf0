import { type Context, Hono } from 'hono';
import { type Argon2id, Passwords } from '../access/index.ts';
import type { Hosts, StaticFiles } from '../http/index.ts';
import type { Clock, Log, Random } from '../ports/index.ts';
import { AbuseWatch } from './abuse.ts';
import { AccountsTable } from './accounts/accounts-table.ts';
import { FirstCode } from './accounts/eight-figures.ts';
import { GuardAccounts } from './accounts/guard-accounts.ts';
import { GuardTries } from './accounts/guard-tries.ts';
import { GuardSessions } from './accounts/sessions.ts';
import { type DeskFile, type DeskFileProblem, openDeskFile } from './desk-file.ts';
import type { DeskGate } from './gate-port.ts';
import { GuardWork } from './guard-work.ts';
import { SHIFTS_SWEPT_EVERY_MS, SWEEP_EVERY_MS } from './limits.ts';
import type { Guard } from './guard.ts';
import { sessionToken } from './server/cookie.ts';
import type { DeskApp } from './server/route.ts';
import { closedDeskServer, deskServer } from './server/server.ts';
import { Shifts } from './shifts/shifts.ts';
import type { DeskWork } from './work.ts';

/** Puts the guard's desk of a gate together: its accounts, its shifts and its server. */
export interface DeskOptions {
  /** Accounts, tries and shifts; made when it is not there. */
  readonly file: string;
  readonly gate: DeskGate;
  readonly work: DeskWork;
  readonly clock: Clock;
  readonly random: Random;
  readonly argon2id: Argon2id;
  readonly log: Log;
  /** Names and addresses under which browsers may reach the gate. */
  readonly hosts: Hosts;
  readonly pages: StaticFiles;
}

export interface Desk {
  /** Serves `/guard` and `/guard/api`, with guards of its own before both. */
  readonly app: DeskApp;
  /**
   * Eight figures of the first account, while the gate has none; for its displays. After a damaged file they are in the log
   * alone: a display that residents see must not offer the desk of a gate that had guards.
   */
  firstCode(): string | undefined;
  /** The head guard by whose session this is asked, for other pages of the gate. */
  headGuard(context: Context): Guard | undefined;
  start(): void;
  stop(): void;
}

const CLOSED: Readonly<Record<DeskFileProblem, string>> = {
  later: 'the file of the guard’s desk is of a later version; install that version again',
  unreadable: 'the file of the guard’s desk cannot be read; look at the disk and its permissions',
};

export function openDesk(options: DeskOptions): Desk {
  const { file, gate, log } = options;
  const opened = openDeskFile({ file, now: gate.now() });
  if (!opened.ok) return closedDesk(options, opened.error);
  if (opened.value.setAside.length > 0)
    log.error({ files: opened.value.setAside.length }, 'a damaged file of the guard’s desk lies beside it');
  return runningDesk(options, opened.value);
}

/** Of a gate that nobody guards. */
export function noDesk(): Desk {
  return {
    app: new Hono(),
    firstCode: () => undefined,
    headGuard: () => undefined,
    start: () => undefined,
    stop: () => undefined,
  };
}

function runningDesk(options: DeskOptions, file: DeskFile): Desk {
  const { gate, clock, random, argon2id, log } = options;
  const sessions = new GuardSessions({ clock, random });
  const shifts = new Shifts({ file, gate });
  const table = new AccountsTable(file);
  const abuse = new AbuseWatch({
    clock,
    log,
    tell: (detail) => gate.take({ type: 'system', event: 'desk-abuse', detail }),
  });
  const first = new FirstCode(random, (code) =>
    log.warn({ code }, 'no guard has an account here yet: open /guard of this gate and type these figures'),
  );
  const tries = new GuardTries({ file, now: () => gate.now() });
  const passwords = new Passwords({ argon2id, random });
  const accounts = new GuardAccounts({ table, tries, passwords, sessions, first, gate, abuse, random });
  const work = new GuardWork({ ...options, accounts, sessions });
  const app = deskServer({ ...options, accounts, sessions, shifts, abuse, work });
  const careful = carefully(options);
  let wasWanted: boolean | undefined;
  const look = (): void => {
    sessions.sweep();
    const isWanted = accounts.isFirstWanted;
    // A command took all accounts away while the gate runs.
    if (isWanted && wasWanted === false) {
      sessions.endAll();
      gate.takeManual({ type: 'manual', verb: 'account', actor: 'machine', reason: 'reset-first' });
    }
    if (isWanted && wasWanted !== true) first.tell();
    wasWanted = isWanted;
  };
  const ends: (() => void)[] = [];
  let isStopped = false;
  return {
    app,
    headGuard: (context) => {
      const guard = sessions.find(sessionToken(context) ?? '', { touch: true });
      return guard?.role === 'head' ? guard : undefined;
    },
    firstCode: () => {
      if (isStopped) return undefined;
      const isShown = careful(() => file.setAside.length === 0 && accounts.isFirstWanted);
      return isShown === true ? first.code : undefined;
    },
    start: () => {
      if (file.isNewlySetAside)
        gate.take({ type: 'system', event: 'storage', detail: 'guards’ accounts were damaged' });
      ends.push(
        every(clock, SWEEP_EVERY_MS, () => careful(look)),
        every(clock, SHIFTS_SWEPT_EVERY_MS, () => careful(() => shifts.sweep())),
        () => work.stop(),
      );
      work.start();
    },
    stop: () => {
      isStopped = true;
      for (const end of ends) end();
      file.close();
    },
  };
}

/** A file that fails later must not stop the gate, whose doors need no guard's account: it is told once, and tried again. */
function carefully({ gate, log }: DeskOptions): <Value>(work: () => Value) => Value | undefined {
  let isTold = false;
  return (work) => {
    try {
      return work();
    } catch (cause) {
      if (isTold) return undefined;
      isTold = true;
      log.error({ detail: String(cause).slice(0, 200) }, 'the file of the guard’s desk cannot be used');
      gate.take({ type: 'system', event: 'storage', detail: 'guards’ accounts cannot be read' });
      return undefined;
    }
  };
}

/** At once, and then again and again. @returns a function that ends it */
function every(clock: Clock, everyMs: number, work: () => void): () => void {
  let cancel: (() => void) | undefined;
  const turn = (): void => {
    work();
    cancel = clock.after(everyMs, turn);
  };
  turn();
  return () => cancel?.();
}

function closedDesk(options: DeskOptions, problem: DeskFileProblem): Desk {
  const { gate, log } = options;
  return {
    app: closedDeskServer(options),
    headGuard: () => undefined,
    firstCode: () => undefined,
    start: () => {
      log.error({ problem }, CLOSED[problem]);
      gate.take({ type: 'system', event: 'storage', detail: CLOSED[problem] });
    },
    stop: () => undefined,
  };
}
