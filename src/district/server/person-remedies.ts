import type { Refused } from './remedies.ts';

/** What is answered about persons and where they live; nothing says whose document it is. */
export const PERSON_REMEDIES: Readonly<Record<string, Refused>> = {
  'no-such-person': { status: 404, text: 'person: nobody has this number; look the person up again' },
  ended: {
    status: 409,
    text: 'index: it has left, was replaced, or its document is cancelled; look the person up for the current one, or restore the document',
  },
  'lives-there': { status: 409, text: 'room: lives there already; nothing is to be done' },
  'lives-there-otherwise': {
    status: 409,
    text: 'person: lives there already, with other data; change those at the person',
  },
  'lives-elsewhere': { status: 409, text: 'room: lives in another room of the community; move the resident' },
  'document-taken': {
    status: 409,
    text: 'document: is registered under another name; compare it, or let its holder appeal',
  },
  'document-cancelled': { status: 409, text: 'document: is cancelled; enter the new one, or restore it' },
  'document-in-force': { status: 409, text: 'document: is not cancelled; nothing is to be restored' },
  'import-runs': {
    status: 503,
    text: 'import: another list is being entered; try again when it has ended',
    waitSeconds: 30,
  },
};
