import type { Refused } from './refused.ts';

/** What is answered about persons and where they live; nothing says whose document it is. */
export const PERSON_REMEDIES: Readonly<Record<string, Refused>> = {
  'no-such-person': {
    status: 404,
    text: 'person: nobody has this number; look the person up again',
    zh: '没有这个人，请重新查找。',
    en: 'Nobody has this number. Please look again.',
  },
  ended: {
    status: 409,
    text: 'index: it has left, was replaced, or its document is cancelled; look the person up for the current one, or restore the document',
    zh: '这个编号已停用，不能再改。',
    en: 'This index has ended and is not changed any more.',
  },
  'lives-there': {
    status: 409,
    text: 'room: lives there already; nothing is to be done',
    zh: '已登记在这个房号，不用再做。',
    en: 'Lives there already; nothing is to be done.',
  },
  'lives-there-otherwise': {
    status: 409,
    text: 'person: lives there already, with other data; change those at the person',
    zh: '已登记在这个房号，但资料不同，请在住户页更改。',
    en: 'Lives there already with other data. Please change those on the resident’s page.',
  },
  'lives-elsewhere': {
    status: 409,
    text: 'room: lives in another room of the community; move the resident',
    zh: '已登记在本小区另一房号，请在住户页办理迁居。',
    en: 'Lives in another room of the community. Please move the resident instead.',
  },
  'document-taken': {
    status: 409,
    text: 'document: is registered under another name; compare it, or let its holder appeal',
    zh: '此证件已登记在另一姓名下，请核对，或由本人申诉。',
    en: 'The document is registered under another name. Compare it, or let its holder appeal.',
  },
  'document-cancelled': {
    status: 409,
    text: 'document: is cancelled; enter the new one, or restore it',
    zh: '证件已注销，请登记新证件，或先恢复。',
    en: 'The document is cancelled. Enter the new one, or restore it.',
  },
  'document-in-force': {
    status: 409,
    text: 'document: is not cancelled; nothing is to be restored',
    zh: '证件没有注销，不用恢复。',
    en: 'The document is not cancelled; nothing is to be restored.',
  },
  'import-runs': {
    status: 503,
    text: 'import: another list is being entered; try again when it has ended',
    zh: '另一份名单正在导入，请稍后再试。',
    en: 'Another list is being entered. Please try again soon.',
    waitSeconds: 30,
  },
};
