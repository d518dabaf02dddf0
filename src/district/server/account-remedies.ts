import { PASSWORD_CHARACTERS_MIN } from '../../wire/index.ts';
import { SIGN_IN_WINDOW_MS } from '../../access/index.ts';
import type { Refused } from './remedies.ts';

/** What is answered to whoever is not let in, and to the second person whose approval does not count. */
export const ACCOUNT_REMEDIES: Readonly<Record<string, Refused>> = {
  'wrong-password': {
    status: 401,
    text: 'account: name and password do not belong together; try again, or ask the administrator for an invitation',
  },
  'too-many-tries': {
    status: 429,
    text: 'account: too many wrong tries; wait a quarter of an hour (later an hour), or ask the administrator for an invitation',
    waitSeconds: SIGN_IN_WINDOW_MS / 1000,
  },
  'busy-with-passwords': {
    status: 503,
    text: 'account: too many sign in at once; try again in a moment',
    waitSeconds: 5,
  },
  'bad-invitation': {
    status: 403,
    text: 'invitation: used already, older than a day, or mistyped; ask the administrator for a new one',
  },
  'short-password': {
    status: 400,
    text: `password: is too short; use at least ${PASSWORD_CHARACTERS_MIN} characters, e.g. four words`,
  },
  'name-in-password': { status: 400, text: 'password: holds the account’s name; use one without it' },
  'weak-password': {
    status: 400,
    text: 'password: is among the first that are guessed; use e.g. four words',
  },
  'no-such-account': { status: 404, text: 'account: there is none of this name; look it up again' },
  'known-account': { status: 409, text: 'account: there is one of this name; use another name' },
  'reserved-name': {
    status: 409,
    text: 'account: this name has a meaning in the audit log; use another one',
  },
  'too-many-operators': {
    status: 409,
    text: 'roles: there are 500 operators; take the role operator from one account first',
  },
  'too-many-accounts': { status: 409, text: 'account: there is no place for one more' },
  'last-administrator': {
    status: 409,
    text: 'account: the last administrator stays; open another one first, or use `menwei district account` on the machine',
  },
  'second-person': {
    status: 409,
    text: 'verb: this needs a second person; ask for it under /api/approvals',
  },
  'unknown-action': {
    status: 404,
    text: 'action: nothing of this name is done by two persons; look it up again',
  },
  'bad-body': { status: 400, text: 'body: not what this action takes; correct it and ask again' },
  'not-yours-to-ask': {
    status: 403,
    text: 'role: this is not for you to ask; ask somebody whose role it is',
  },
  'not-yours-to-approve': {
    status: 403,
    text: 'role: this is not for you to decide; ask somebody whose role it is',
  },
  'too-many-approvals': { status: 409, text: 'approval: too many requests wait; decide some of them first' },
  'no-such-approval': { status: 404, text: 'approval: there is no such request; look it up again' },
  'approval-over': { status: 409, text: 'approval: its fifteen minutes are over; ask again' },
  'approval-decided': { status: 409, text: 'approval: it was decided already; look at the list' },
  'changed-body': { status: 409, text: 'digest: not of what is asked; look at the request again' },
  'own-approval': { status: 403, text: 'approval: you asked for it yourself; ask a second person' },
  'related-approver': {
    status: 403,
    text: 'approval: one of you has invited the other; ask a person whose account somebody else has opened',
  },
  'asker-gone': {
    status: 409,
    text: 'approval: whoever asked may not do so any more; let somebody else ask',
  },
  'approved-failed': {
    status: 503,
    text: 'approval: it was approved, but could not be done; look into the log, and ask again',
  },
};
