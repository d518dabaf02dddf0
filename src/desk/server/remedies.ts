import type { DeskProblem } from '../../wire/index.ts';

/** What the desk answers to each refusal: `FIELD: what is wrong; what to do`, never what was sent. */
export interface Remedy {
  readonly status: 400 | 401 | 403 | 404 | 408 | 409 | 413 | 415 | 429 | 503;
  readonly text: string;
  /** The page's word for it, where it is not the refusal's own name. */
  readonly problem?: DeskProblem;
}

/** What a page never meets unless it is not ours. */
export type RequestProblem = 'not-json' | 'slow-body' | 'large-body' | 'foreign-site';
export type Refusal = DeskProblem | RequestProblem | 'once-taken';

export const REMEDIES: Readonly<Record<Refusal, Remedy>> = {
  'signed-out': { status: 401, text: 'session: nobody is signed in; sign in first' },
  'wrong-secret': { status: 401, text: 'secret: account or PIN is wrong; type both again' },
  locked: { status: 429, text: 'account: too many wrong tries; wait, or ask a head guard' },
  'no-shift': { status: 409, text: 'shift: none has begun; begin yours first' },
  'head-only': { status: 403, text: 'role: this is for a head guard; ask one' },
  'wrong-code': { status: 401, text: 'code: not the one that is in force; read it again' },
  'account-exists': { status: 409, text: 'account: there is one of that name; choose another' },
  'account-unknown': { status: 409, text: 'account: there is none of that name; look at the list' },
  'weak-secret': { status: 400, text: 'secret: too easily guessed, or in use; choose another' },
  invalid: { status: 400, text: 'body: not understood; correct it and send again' },
  'second-wrong': { status: 401, text: 'second: account or PIN is wrong; let them type both again' },
  'second-same': { status: 409, text: 'second: the same guard; ask another one' },
  'lane-unknown': { status: 404, text: 'lane: there is none of that name here; choose one of the list' },
  'person-unknown': { status: 409, text: 'person: not known here; look up again' },
  'nothing-to-undo': { status: 409, text: 'entry: too long ago, or somebody passed; write it in the note' },
  'alarm-unknown': { status: 409, text: 'alarm: not open; look at the list again' },
  'too-many': { status: 429, text: 'request: too often; wait' },
  'not-recorded': { status: 503, text: 'journal: takes no row, so nothing was done; use the door’s button' },
  'not-readable': {
    status: 503,
    text: 'journal: cannot be read back; count on paper, and call for repair',
  },
  'door-faulty': {
    status: 503,
    text: 'door: it does not answer; use its own button or key, the row is written',
  },
  'door-released': {
    status: 409,
    text: 'door: the fire release holds it open; nothing needs opening, the row is written',
  },
  'no-list': {
    status: 503,
    text: 'list: no residents to look up here; look up by entry or pass, or on paper',
  },
  'no-short-code': { status: 503, text: 'short-code: not available at this gate; use another way' },
  'short-code-used': { status: 409, text: 'code: shown here before; wait for the next eight digits' },
  'no-photo': { status: 404, text: 'photo: there is none to show; compare the document in the hand' },
  'photo-offline': {
    status: 503,
    text: 'photo: the district does not answer; compare the document in the hand',
  },
  busy: { status: 503, text: 'desk: busy; try again' },
  'own-account': {
    status: 409,
    text: 'account: your own; change its PIN, or ask another head guard',
  },
  'last-head': {
    status: 409,
    text: 'account: the last head guard; make another one first',
  },
  'too-many-accounts': {
    status: 409,
    text: 'account: too many; unlock a disabled one for the next guard',
  },
  'personal-note': {
    status: 400,
    text: 'note: it holds what looks like somebody’s number; write about the gate, not about people',
  },
  closed: {
    status: 503,
    text: 'desk: its file cannot be used, so nobody is let in; the log says why',
  },
  'once-taken': {
    status: 409,
    text: 'once: it names another deed; make a new one for this',
    problem: 'invalid',
  },
  'not-json': {
    status: 415,
    text: 'content-type: not one that is taken here; send application/json',
    problem: 'invalid',
  },
  'slow-body': { status: 408, text: 'body: it did not arrive in time; send it again', problem: 'invalid' },
  'large-body': { status: 413, text: 'body: too large; send less', problem: 'invalid' },
  'foreign-site': { status: 403, text: 'origin: open this page from the gate itself and try again' },
};
