import type { Context } from 'hono';
import type { Desk } from '../accounts/desk.ts';
import type { Database } from '../database/database.ts';
import type { KeyDesk } from '../publishing/key-desk.ts';
import type { DeskApp } from '../server/route.ts';
import { standby } from '../server/standby.ts';
import { accessOf } from './access.ts';
import { districtConsole } from './console.ts';
import type { ConsoleParts } from './parts.ts';
import { rowsOf } from './rows.ts';

/** The console beside `/api`, on the same server and behind the same guards. */
export interface ConsoleServices
  extends Omit<ConsoleParts, 'accounts' | 'approvals' | 'audit' | 'issuers' | 'rows' | 'access'> {
  readonly database: Database;
  readonly desk: Desk;
  readonly keyDesk: Pick<KeyDesk, 'states'>;
  /** Another process leads while this one does not: nothing is changed here then. */
  readonly lead: { readonly leads: boolean };
}

export function addConsole(app: DeskApp, services: ConsoleServices): void {
  const { desk, keyDesk, lead } = services;
  const states = () => keyDesk.states();
  const issuers = {
    states,
    get names() {
      return [...new Set(states().map(({ issuer }) => issuer))];
    },
  };
  app.use(
    '/console/*',
    standby(() => lead.leads, sendThere),
  );
  const parts = { ...services, ...desk, issuers, rows: rowsOf(services), access: accessOf(desk.sessions) };
  app.route('/', districtConsole(parts));
}

function sendThere(context: Context) {
  const words = [
    '本机待命，另一台主机正在工作。请到主机操作，或稍候几秒再试。',
    'This machine stands by while another one leads. Please use that one, or wait some seconds and try again.',
  ];
  return context.text(words.join('\n'), 503);
}
