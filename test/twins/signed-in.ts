import { randomBytes } from 'node:crypto';
import type { Desk } from '../../src/district/index.ts';
import { DESK_ROLES, type DeskRole } from '../../src/wire/index.ts';
import { menwei } from './gate-process.ts';

/** Somebody at a district's desk: an account of its own, signed in over HTTP as a browser does it. */
export interface SignedIn {
  (path: string, init?: RequestInit): Promise<Response>;
  readonly account: string;
  readonly password: string;
  /** As it is sent back: `NAME=TOKEN`. */
  readonly cookie: string;
}

/** @param roles all of them, when left out */
export async function signedIn(
  district: { readonly httpUrl: string; readonly desk: Desk },
  roles: readonly DeskRole[] = DESK_ROLES,
  account = newName(),
): Promise<SignedIn> {
  const opened = await district.desk.accounts.open({ account, roles }, 'machine');
  if (!opened.ok) throw new Error(`the account was not opened: ${opened.error}`);
  return enter(district.httpUrl, { account, invitation: opened.value.invitation });
}

/** At a district of a process of its own, by the command that its operator uses. */
export async function signedInAt(
  address: string,
  {
    config,
    environment,
    roles = DESK_ROLES,
  }: { config: string; environment?: Record<string, string>; roles?: readonly DeskRole[] },
): Promise<SignedIn> {
  const account = newName();
  const words = ['district', 'account', 'add', account, '--roles', roles.join(','), '--config', config];
  const { code, output, error } = await menwei(words, '', environment);
  if (code !== 0) throw new Error(`the account was not opened: ${error}`);
  return enter(address, { account, invitation: /^invitation +(\S+)$/m.exec(output)?.[1] ?? '' });
}

async function enter(
  address: string,
  { account, invitation }: { account: string; invitation: string },
): Promise<SignedIn> {
  const password = randomBytes(12).toString('base64url');
  await post(`${address}/api/invitations/redeem`, { invitation, password });
  const answer = await post(`${address}/api/session`, { account, password });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('cookie', cookie);
    // Tests end servers and freeze databases between two requests: each has a connection of its own.
    headers.set('connection', 'close');
    return fetch(`${address}${path}`, { ...init, headers });
  };
  return Object.assign(ask, { account, password, cookie });
}

async function post(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${new URL(url).pathname}: ${await answer.text()}`);
  return answer;
}

function newName(): string {
  return `t-${randomBytes(4).toString('hex')}`;
}
