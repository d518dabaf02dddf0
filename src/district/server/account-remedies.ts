import { SIGN_IN_WINDOW_MS } from '../../access/index.ts';
import { PASSWORD_CHARACTERS_MIN } from '../../wire/index.ts';
import type { Refused } from './refused.ts';

/** What is answered to whoever is not let in, and to the second person whose approval does not count. */
export const ACCOUNT_REMEDIES: Readonly<Record<string, Refused>> = {
  'wrong-password': {
    status: 401,
    text: 'account: name and password do not belong together; try again, or ask the administrator for an invitation',
    zh: '账号或密码不对，请再试一次。',
    en: 'Name or password is not right. Please try again.',
  },
  'too-many-tries': {
    status: 429,
    text: 'account: too many wrong tries; wait a quarter of an hour (later an hour), or ask the administrator for an invitation',
    zh: '尝试太多，请几分钟后再试。',
    en: 'Too many tries. Please wait some minutes.',
    waitSeconds: SIGN_IN_WINDOW_MS / 1000,
  },
  'busy-with-passwords': {
    status: 503,
    text: 'account: too many sign in at once; try again in a moment',
    zh: '现在登录的人太多，请稍后再试。',
    en: 'Too many are signing in. Please try again in a moment.',
    waitSeconds: 5,
  },
  'bad-invitation': {
    status: 403,
    text: 'invitation: used already, older than a day, or mistyped; ask the administrator for a new one',
    zh: '邀请无效或已过期，请向管理员要新的。',
    en: 'The invitation is not valid or over. Please ask the administrator for a new one.',
  },
  'short-password': {
    status: 400,
    text: `password: is too short; use at least ${PASSWORD_CHARACTERS_MIN} characters, e.g. four words`,
    zh: '密码至少 12 个字符，请换长一些的。',
    en: 'A password has at least 12 characters. Please choose a longer one.',
  },
  'name-in-password': {
    status: 400,
    text: 'password: holds the account’s name; use one without it',
    zh: '密码里不能有账号名，请换一个。',
    en: 'A password must not hold the account’s name. Please choose another.',
  },
  'weak-password': {
    status: 400,
    text: 'password: is among the first that are guessed; use e.g. four words',
    zh: '这个密码太常见，请换一个。',
    en: 'This password is too common. Please choose another.',
  },
  'no-such-account': {
    status: 404,
    text: 'account: there is none of this name; look it up again',
    zh: '没有这个账号。',
    en: 'There is no such account.',
  },
  'known-account': {
    status: 409,
    text: 'account: there is one of this name; use another name',
    zh: '已有这个账号，请换一个名字。',
    en: 'There is such an account. Please choose another name.',
  },
  'reserved-name': {
    status: 409,
    text: 'account: this name has a meaning in the audit log; use another one',
    zh: '这个名字另有用途，请换一个。',
    en: 'This name has a meaning of its own. Please choose another.',
  },
  'too-many-operators': {
    status: 409,
    text: 'roles: there are 500 operators; take the role operator from one account first',
    zh: '操作员已满 500 人，请先收回一个账号的角色。',
    en: 'There are 500 operators. Please take the role from one account first.',
  },
  'too-many-accounts': {
    status: 409,
    text: 'account: there is no place for one more',
    zh: '账号已满，请先停用不用的账号。',
    en: 'There is no place for one more account.',
  },
  'last-administrator': {
    status: 409,
    text: 'account: the last administrator stays; open another one first, or use `menwei district account` on the machine',
    zh: '最后一位管理员不能停用，请先开一个新的。',
    en: 'The last administrator stays. Please open another one first.',
  },
  'second-person': {
    status: 409,
    text: 'verb: this needs a second person; ask for it under /api/approvals',
    zh: '这件事要两个人，请提交第二人复核。',
    en: 'This takes two persons. Please ask for the second under Approvals.',
  },
  'unknown-action': {
    status: 404,
    text: 'action: nothing of this name is done by two persons; look it up again',
    zh: '这件事在这里不能申请。',
    en: 'This cannot be asked for here.',
  },
  'bad-body': {
    status: 400,
    text: 'body: not what this action takes; correct it and ask again',
    zh: '内容不完整，请再填一次。',
    en: 'Not complete. Please fill it in again.',
  },
  'not-yours-to-ask': {
    status: 403,
    text: 'role: this is not for you to ask; ask somebody whose role it is',
    zh: '您的角色不能申请，请找有此角色的同事。',
    en: 'Not for your role to ask. Please ask a colleague whose role it is.',
  },
  'not-yours-to-approve': {
    status: 403,
    text: 'role: this is not for you to decide; ask somebody whose role it is',
    zh: '您的角色不能批准，请找有此角色的同事。',
    en: 'Not for your role to decide. Please ask a colleague whose role it is.',
  },
  'too-many-approvals': {
    status: 409,
    text: 'approval: too many requests wait; decide some of them first',
    zh: '待复核的太多，请先处理几项。',
    en: 'Too many requests wait. Please decide some first.',
  },
  'no-such-approval': {
    status: 404,
    text: 'approval: there is no such request; look it up again',
    zh: '这项申请已处理或已过期。',
    en: 'This request is decided or over.',
  },
  'approval-over': {
    status: 409,
    text: 'approval: its fifteen minutes are over; ask again',
    zh: '这项申请已过期，请重新申请。',
    en: 'This request is over. Please ask again.',
  },
  'approval-decided': {
    status: 409,
    text: 'approval: it was decided already; look at the list',
    zh: '这项申请已处理。',
    en: 'This request is decided already.',
  },
  'changed-body': {
    status: 409,
    text: 'digest: not of what is asked; look at the request again',
    zh: '申请内容与显示的不同，请再看一遍。',
    en: 'Not what was shown. Please look at it again.',
  },
  'own-approval': {
    status: 403,
    text: 'approval: you asked for it yourself; ask a second person',
    zh: '不能批准自己的申请，请另一位同事来批。',
    en: 'Nobody approves their own request. Please ask a colleague.',
  },
  'related-approver': {
    status: 403,
    text: 'approval: one of you has invited the other; ask a person whose account somebody else has opened',
    zh: '您的账号由申请人开通，请另一位同事来批。',
    en: 'One of you invited the other. Please ask another colleague.',
  },
  'asker-gone': {
    status: 409,
    text: 'approval: whoever asked may not do so any more; let somebody else ask',
    zh: '申请人已不能登录或没有此角色。',
    en: 'Who asked may no longer do this.',
  },
  'approved-failed': {
    status: 503,
    text: 'approval: it was approved, but could not be done; look into the log, and ask again',
    zh: '已批准，但没有做成，请看日志。',
    en: 'Approved, but it could not be done: please see the log.',
  },
};
