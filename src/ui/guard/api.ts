import {
  type DeedAnswerRead,
  type DeedBody,
  deedAnswer,
  type GuardPhotoBody,
  type GuardRole,
  guardAccountsAnswer,
  guardInvitationAnswer,
  insideAnswer,
  type LookUpAnswerRead,
  type LookUpBody,
  lookUpAnswer,
  shiftReportAnswer,
} from '../../wire/index.ts';
import { type Answer, call, callForPicture } from './call.ts';

/** The desk's routes of whoever is on duty (src/wire/desk-http.ts). */

export const EVENTS_URL = '/guard/api/events';

export function endShift(note: string): Promise<Answer<undefined>> {
  return call('POST', 'shift/end', { body: { note } });
}

export function lookUp(body: LookUpBody): Promise<Answer<LookUpAnswerRead>> {
  return call('POST', 'look-ups', { body, read: lookUpAnswer });
}

export function fetchPhoto(body: GuardPhotoBody): Promise<Answer<Blob>> {
  return callForPicture('look-ups/photo', body);
}

export function doDeed(body: DeedBody): Promise<Answer<DeedAnswerRead>> {
  return call('POST', 'deeds', { body, read: deedAnswer });
}

export function acknowledge(alarm: string): Promise<Answer<undefined>> {
  return call('POST', 'alarms/acknowledge', { body: { alarm } });
}

export function fetchInside() {
  return call('GET', 'inside', { read: insideAnswer });
}

export function fetchReport() {
  return call('GET', 'shift/report', { read: shiftReportAnswer });
}

export function fetchAccounts() {
  return call('GET', 'accounts', { read: guardAccountsAnswer });
}

export function invite(account: string, role: GuardRole) {
  return call('POST', 'accounts', { body: { account, role }, read: guardInvitationAnswer });
}

export function unlockAccount(account: string) {
  return call('POST', 'accounts/unlock', { body: { account }, read: guardInvitationAnswer });
}

export function disableAccount(account: string): Promise<Answer<undefined>> {
  return call('POST', 'accounts/disable', { body: { account } });
}

export function endDuress(secret: string): Promise<Answer<undefined>> {
  return call('POST', 'secret/no-duress', { body: { secret } });
}

export function newSecret(body: {
  readonly secret: string;
  readonly next: string;
  readonly duress: boolean;
}): Promise<Answer<undefined>> {
  return call('POST', 'secret', { body });
}
