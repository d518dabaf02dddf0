import { type GuardSessionAnswer, guardSessionAnswer } from '../../wire/index.ts';
import { type Answer, call } from './call.ts';

/** The desk's routes of whoever comes and goes (src/wire/desk-http.ts). */

export function fetchSession(): Promise<Answer<GuardSessionAnswer>> {
  return call('GET', 'session', { read: guardSessionAnswer });
}

export function signIn(account: string, secret: string): Promise<Answer<GuardSessionAnswer>> {
  return call('POST', 'session', { body: { account, secret }, read: guardSessionAnswer });
}

export function signOut(): Promise<Answer<undefined>> {
  return call('DELETE', 'session', {});
}

export function begin(body: {
  readonly account: string;
  readonly code: string;
  readonly secret: string;
}): Promise<Answer<GuardSessionAnswer>> {
  return call('POST', 'accounts/begin', { body, read: guardSessionAnswer });
}

export function startShift(): Promise<Answer<GuardSessionAnswer>> {
  return call('POST', 'shift/start', { body: {}, read: guardSessionAnswer });
}
