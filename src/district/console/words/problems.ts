import { REMEDIES } from '../../server/remedies.ts';
import { type Text, text } from './text.ts';

/** What went wrong with a form, and what to do. Refusals of the district's services have their words in one table with those of `/api`. */
const problems: Readonly<Record<string, Text>> = {
  'bad-form': text(
    '这张表单已用过或已过期，请再填一次。',
    'This form was used already or is too old. Please send it again.',
  ),
  'passwords-differ': text(
    '两次输入的密码不同，请再输入。',
    'The two passwords differ. Please type them again.',
  ),
  'own-account': text(
    '不能对自己的账号这样做，请另一位管理员来做。',
    'Not on your own account. Please ask another administrator.',
  ),
  'not-allowed': text(
    '您的角色不能做这件事，请找有此角色的同事。',
    'Your role does not allow this. Please ask a colleague whose role does.',
  ),
  'gate-name': text(
    '门禁名只能用小写字母、数字和“-”，最多 32 个。',
    'A gate’s name is 1 to 32 of a–z, 0–9 and “-”. Please correct it.',
  ),
  fingerprint: text(
    '指纹是 64 个十六进制字符，请对照门禁屏幕再选。',
    'A fingerprint has 64 hexadecimal characters. Please compare with the gate’s screen.',
  ),
  reason: text('请选一个理由。', 'Please choose a reason.'),
  number: text('请填数字。', 'Please fill in a number.'),
  date: text('时间不对，请用日历选择。', 'Not a time. Please choose it from the calendar.'),
  room: text('请填房号，最多 64 字。', 'Please fill in the room, at most 64 characters.'),
  display: text('请填打码后的称呼，例如“张*”。', 'Please fill in a masked name, such as 张*.'),
  days: text('有效天数为 1 到 366。', 'A card is good for 1 to 366 days.'),
  roles: text('请至少选一个角色。', 'Please choose at least one role.'),
  account: text(
    '账号用 2 到 32 个小写字母、数字或“-”。',
    'An account’s name is 2 to 32 of a–z, 0–9 and “-”.',
  ),
  file: text('请选一个 CSV 或 XLSX 文件，最大 32 MB。', 'Please choose a CSV or XLSX file of at most 32 MB.'),
  'release-file': text('请选发布方给的 release.jws。', 'Please choose the release.jws from its makers.'),
  'release-address': text(
    '地址用 https:// 开头，不带问号，最多 200 字。',
    'An address begins with https://, without a question mark, at most 200 characters.',
  ),
  'last-six': text('请填后六位和出生日期。', 'Please fill in the last six and the date of birth.'),
  'not-sure': text('请先勾选确认。', 'Please tick the box to confirm first.'),
  'list-gone': text(
    '这份名单已不在，请重新选择文件。',
    'This list is not here any more. Please choose it again.',
  ),
  'bad-rows': text(
    '名单里有错的行，请改正，或跳过这些行。',
    'Some rows are wrong. Correct them, or leave them out.',
  ),
  'no-consent': text(
    '请先请申请人阅读告知书，并勾选同意。',
    'Please have the applicant read the consent text, and tick the box.',
  ),
  'not-declared': text(
    '请先请申请人声明，并勾选。',
    'Please have the applicant declare it, and tick the box.',
  ),
  'picture-file': text(
    '请选一张 JPEG、PNG 或 WebP 照片，最大 4 MB。',
    'Please choose a JPEG, PNG or WebP of at most 4 MB.',
  ),
  'review-words': text(
    '说明最多 200 字，请不写号码。',
    'A note has at most 200 characters and no numbers. Please shorten it.',
  ),
  'fields-wrong': text('有几项要改，请看各项下面的说明。', 'Some fields need correcting: see below each.'),
  purpose: text('请选一个查看理由。', 'Please choose what it is for.'),
  'too-often-index': text(
    '为这位住户发码太多，请等一分钟。',
    'Too many codes for this resident. Please wait a minute.',
  ),
  'too-often-session': text('您发码太多，请等一分钟。', 'You made too many codes. Please wait a minute.'),
  unknown: text(
    '没有做成，请再试；仍不行，请看日志。',
    'It was not done. Please try again; if it fails again, see the log.',
  ),
};

/** @param name as a service of the district refuses; one that is not known is told as such, and never repeated */
export function problemText(name: string): Text {
  const remedy = Object.hasOwn(REMEDIES, name) ? REMEDIES[name] : undefined;
  if (remedy !== undefined) return text(remedy.zh, remedy.en);
  return (Object.hasOwn(problems, name) ? problems[name] : undefined) ?? notDone;
}

const notDone = text(
  '没有做成，请再试；仍不行，请看日志。',
  'It was not done. Please try again; if it fails again, see the log.',
);

export const pageProblems = {
  notFound: text('这里没有您要找的', 'There is nothing here'),
  notFoundNext: text(
    '它可能已被移走。请从菜单重新查找。',
    'It may have been moved. Please look for it from the menu.',
  ),
  tooLarge: text('发来的内容太大', 'That was too large'),
  tooLargeNext: text(
    '请返回；名单文件最大 32 MB，再大请按楼栋分成几份。',
    'Please go back. A list has at most 32 MB: split a larger one, for example by building.',
  ),
  forbidden: text('此页不对您的角色开放', 'This page is not open to your role'),
  forbiddenNext: text(
    '请找有此角色的同事，或请管理员调整。',
    'Please ask a colleague whose role it is, or the administrator.',
  ),
} as const;
