import type { Fields } from '../kit/page.ts';
import { REFUSAL_WORDS } from '../../../wire/index.ts';
import { plain, type Text, text } from './text.ts';

/**
 * Why something is done, from short lists. Journal and audit log keep the word and never free text, so that nobody is named
 * there; what else there is to say belongs into the desk's own files.
 */
export type Reasons = Readonly<Record<string, Text>>;

export const STATE_REASONS: Reasons = {
  'moved-out': text('已搬离', 'has moved out'),
  away: text('长期外出', 'is away for long'),
  'back-again': text('已回来居住', 'lives here again'),
  'own-wish': text('本人要求', 'asked for it'),
  'lost-phone': text('手机或卡丢失', 'phone or card lost'),
  misuse: text('违规使用', 'was misused'),
  checked: text('已核对证件', 'document checked'),
  'entered-wrongly': text('登记有误', 'was entered wrongly'),
  other: text('其他', 'other'),
};

export const COMMAND_REASONS: Reasons = {
  'phone-empty': text('手机没电，已核对证件', 'phone empty, document checked'),
  'code-unreadable': text('扫码有困难', 'code cannot be read'),
  emergency: text('紧急情况', 'emergency'),
  incident: text('治安事件', 'incident'),
  over: text('事情已结束', 'it is over'),
  works: text('施工或检修', 'works or repair'),
  drill: text('演练', 'drill'),
  trial: text('调试', 'trial'),
  other: text('其他', 'other'),
};

export const END_REASONS: Reasons = {
  'taken-down': text('已拆除', 'taken down'),
  exchanged: text('已换新机', 'exchanged for a new one'),
  broken: text('已损坏', 'broken'),
  missing: text('找不到了', 'is missing'),
  'broken-open': text('被撬开', 'was broken open'),
  other: text('其他', 'other'),
};

export const REVEAL_REASONS: Reasons = {
  appeal: text('本人申诉', 'an appeal'),
  correction: text('更正资料', 'a correction'),
  review: text('复核登记', 'a review'),
  'lost-phone': text('手机丢失，核对本人', 'a lost phone: is it the person'),
  emergency: text('紧急情况', 'an emergency'),
  authority: text('主管部门要求', 'an authority asks'),
};

const ALL: Reasons = {
  ...refusals(),
  ...END_REASONS,
  ...COMMAND_REASONS,
  ...REVEAL_REASONS,
  ...STATE_REASONS,
};

/** @returns undefined for what is not on the list */
export function reasonOf(fields: Fields, reasons: Reasons): string | undefined {
  const given = fields.get('reason') ?? '';
  return Object.hasOwn(reasons, given) ? given : undefined;
}

/** The words of a reason of ours; of any other, itself. */
export function reasonText(reason: string): Text {
  return (Object.hasOwn(ALL, reason) ? ALL[reason] : undefined) ?? plain(reason);
}

/** As the audit log keeps it: `done: moved-out`. */
export function withReason(outcome: string, reason: string): string {
  return `${outcome}: ${reason}`;
}

/** What `withReason` made, taken apart again. */
export function outcomeParts(outcome: string): { readonly outcome: string; readonly reason?: Text } {
  const at = outcome.lastIndexOf(': ');
  const reason = at === -1 ? '' : outcome.slice(at + 2);
  if (Object.hasOwn(ALL, outcome)) return { outcome: '', reason: reasonText(outcome) };
  return Object.hasOwn(ALL, reason)
    ? { outcome: outcome.slice(0, at), reason: reasonText(reason) }
    : { outcome };
}

/** Of applications: what the applicant is told goes on with what to do, which no log needs. */
export function refusals(): Reasons {
  return Object.fromEntries(
    Object.entries(REFUSAL_WORDS).map(([reason, { zh, en }]) => [
      reason,
      text(zh.split('；')[0] ?? zh, en.split(';')[0] ?? en),
    ]),
  );
}
