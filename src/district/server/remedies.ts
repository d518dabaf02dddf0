import { ACCOUNT_REMEDIES } from './account-remedies.ts';
import { PERSON_REMEDIES } from './person-remedies.ts';

/** What the desk answers to a refusal of the house: its status, the field, what is wrong, and what to do. */
export interface Refused {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 503;
  readonly text: string;
  /** Said as `Retry-After`. */
  readonly waitSeconds?: number;
}

export const REMEDIES: Readonly<Record<string, Refused>> = {
  'no-such-resident': { status: 404, text: 'index: no resident has it; look the resident up again' },
  'not-in-good-standing': { status: 409, text: 'index: revoked or suspended; restore the resident first' },
  'key-over': { status: 409, text: 'issuer key: its time to sign is over; rotate the key set' },
  'no-such-issuer': { status: 404, text: 'issuer: there is none of this name; see GET /api/issuers' },
  'outside-issuer-scope': {
    status: 409,
    text: 'issuer: may not sign this kind or for this community; leave it out, or name another one',
  },
  'no-issuer': {
    status: 409,
    text: 'issuer: none may sign this kind for this community; widen one’s kinds or communities in the configuration',
  },
  'outlives-key': {
    status: 409,
    text: 'days: would end after the issuer key; ask for fewer days, or rotate the issuer’s key',
  },
  'rotation-under-way': {
    status: 409,
    text: 'issuer: its next key waits until gates have it; wait, or withdraw the present one',
  },
  'kids-exhausted': {
    status: 409,
    text: 'issuer: all 256 key numbers are taken by keys whose codes may live; wait until one has rested',
  },
  'no-such-key': { status: 404, text: 'kid: no living key has it; see GET /api/issuers' },
  'retired-already': { status: 409, text: 'kid: this key is withdrawn already' },
  'cut-off-ahead': { status: 400, text: 'cutOff: lies ahead; name the present or an earlier second' },
  ended: { status: 409, text: 'index: has ended already; look the resident up again' },
  'key-not-registered': { status: 409, text: 'publicKey: not a phone of this resident; register it first' },
  'no-short-codes': {
    status: 409,
    text: 'shortCodes: switched off in the district’s configuration; show the symbol, or switch them on',
  },
  'too-many-keys': { status: 409, text: 'publicKey: there is no place for one more phone; remove one first' },
  'known-key': { status: 409, text: 'publicKey: registered already; make a new key on the phone' },
  'bad-proof': {
    status: 400,
    text: 'proof: not a kind 3 code of this key for this index and slot; sign it anew',
  },
  'proof-too-old': {
    status: 400,
    text: 'proof: its second is too far from now; set the phone’s clock and sign anew',
  },
  'no-such-gate': { status: 404, text: 'gate: none is enrolled under this name; enrol it first' },
  'bad-cursor': { status: 400, text: 'after: not a place of these pages; begin with the first one' },
  'no-such-alarm': { status: 404, text: 'id: this gate has no such alarm; list the alarms again' },
  'check-runs': { status: 409, text: 'chain: a check is running; wait until it has ended' },
  'gate-offline': { status: 409, text: 'gate: it is not connected; open it on the spot' },
  'no-such-community': {
    status: 404,
    text: 'community: not one of this district; name it in communities and start again',
  },
  'address-not-printable': {
    status: 409,
    text: 'http.publicUrl: not an address that a symbol can carry; use https://HOST:PORT without a path',
  },
  'too-many-tokens': { status: 409, text: 'gate: too many enrolments are open; wait ten minutes' },
  'too-many-attempts': { status: 429, text: 'token: too many attempts; wait a minute' },
  'bad-enrolment': {
    status: 403,
    text: 'token: used already, older than ten minutes, or not of this district; make a new enrolment',
  },
  'bad-enrolment-proof': {
    status: 403,
    text: 'proof: not by this device key for this token and root; scan the symbol anew',
  },
  'bad-certificate-request': {
    status: 400,
    text: 'request: not a PKCS #10 request on P-256 that its own key has signed; make it anew',
  },
  'too-many-certificates': {
    status: 429,
    text: 'request: this gate has had several certificates today; wait a day',
  },
  'ended-key': {
    status: 403,
    text: 'deviceKey: this machine was reported stolen; reset it, so that it makes new keys, and enrol it anew',
  },
  'other-name': {
    status: 409,
    text: 'deviceKey: this machine is enrolled under another name, and a gate is never renamed; retire that gate, reset this machine, and enrol it anew',
  },
  'other-fingerprint': {
    status: 409,
    text: 'fingerprint: not the one of the gate that was enrolled; compare again, or enrol the gate anew',
  },
  'no-command-key': {
    status: 403,
    text: 'gate: this account gives no orders; ask an administrator for the role operator',
  },
  'key-not-known': {
    status: 503,
    text: 'gate: it does not know this account’s command key yet; try again in some seconds',
    waitSeconds: 2,
  },
  'not-sent': { status: 503, text: 'gate: the broker did not take the command; try again' },
  'household-full': { status: 409, text: 'room: this household has eight members; no order is left' },
  'no-such-pass': { status: 404, text: 'pass: there is none under this number; look it up again' },
  ...ACCOUNT_REMEDIES,
  ...PERSON_REMEDIES,
  'too-many-listeners': { status: 503, text: 'live: too many screens listen; close one' },
};
