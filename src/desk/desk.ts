import type { StaticFiles } from '../http/index.ts';
import type { Clock, Log, Random } from '../ports/index.ts';
import { GuardSessions } from './accounts/sessions.ts';
import type { DeskGate } from './gate-port.ts';
import type { DeskApp } from './server/route.ts';
import { deskServer } from './server/server.ts';

/** Puts the guard's desk of a gate together: its accounts, its shifts and its server. */
export interface DeskOptions {
  readonly gate: DeskGate;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Names and addresses under which browsers may reach the gate. */
  readonly hosts: readonly string[];
  readonly pages: StaticFiles;
}

export interface Desk {
  /** Serves `/guard` and `/guard/api`, with guards of its own before both. */
  readonly app: DeskApp;
  start(): void;
  stop(): void;
}

export function openDesk(options: DeskOptions): Desk {
  const { clock, random } = options;
  const sessions = new GuardSessions({ clock, random });
  const app = deskServer({ ...options, sessions });
  return { app, start: () => undefined, stop: () => undefined };
}
