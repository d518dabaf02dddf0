import type { FoundMemberAnswer } from '../../../wire/index.ts';
import { text, type Text } from '../../kit/index.ts';
import type { LookUpBy, Unfinished } from '../typed.ts';

/** What is said at the search box and on what it finds. */

export const search = {
  label: text('查人', 'Look somebody up'),
  placeholder: text('证件号、房号、姓名、拼音、短码…', 'Document, room, name, pinyin, short code…'),
  hint: text(
    '房号 8-2-2702 · 姓名或首字母 · 证件号 · 后六位 + 生日 · 八位短码 · 来访码号 P12',
    'Room 8-2-2702 · name or initials · document · last six + birth date · short code · pass P12',
  ),
  as: text('将按', 'Will be looked up as'),
  asAfter: text('查', ''),
  otherwise: text('改按', 'Instead as'),
  checked: text('校验位正确', 'Check digit is right'),
  why: text('为什么查？', 'What for?'),
  whyHint: text('按数字，或按回车用', 'Press a digit, or Enter for'),
  looking: text('正在查询', 'Looking'),
  nobody: text('没有查到', 'Nobody found'),
  nobodyNext: text(
    '请核对后再查，或换一种查法。来访的，请查住户后按“访客”。',
    'Check it and try again, or another way. For visitors look up the host and press “Visitor”.',
  ),
  more: text('还有更多，没有全部显示', 'There are more than are shown'),
  moreNext: text('请用房号或证件号缩小范围。', 'Use the room or the document to narrow it.'),
  clockUnsure: text(
    '门禁时间不准，这个短码可能是旧的',
    'The gate’s clock is unsure: this short code may be an old one',
  ),
  clockUnsureNext: text('请再核对房号，或看证件。', 'Ask for the room too, or see a document.'),
  left: text('本小时还可查', 'Left this hour'),
  row: text('记录', 'row'),
  household: text('户号', 'Household'),
  notListed: text('不在本门名单', 'On no list of this gate'),
  pass: text('来访码', 'Visitor pass'),
  passGate: text('限走', 'Only at'),
  photo: text('住户照片，请与本人核对', 'Photo of the resident: compare with the person'),
  photoComing: text('正在取照片', 'Fetching the photo'),
  photoAgain: text('再取一次', 'Try again'),
  showHousehold: text('同户的人', 'Household'),
  clear: text('收起', 'Clear'),
  minor: text('未成年人', 'Child'),
  slow: text('行动慢，开门放长', 'Needs longer at the door'),
  lastDay: text('登记到', 'Registered until'),
  mayEnter: text('可以进入', 'May enter'),
  mayEnterAll: text('各通道都可以进入', 'May enter at every lane'),
  letIn: text('放行', 'Let in'),
  asHost: text('作为被访住户', 'As a visitor’s host'),
  needHost: text('先查住户，再登记访客', 'Look the host up first, then register the visitor'),
  resident: text('住户', 'Resident'),
} as const satisfies Readonly<Record<string, Text>>;

export const lookUpNames: Readonly<Record<LookUpBy, Text>> = {
  document: text('证件号', 'document number'),
  'last-six': text('证件后六位 + 生日', 'last six + birth date'),
  room: text('房号', 'room'),
  name: text('姓名或拼音', 'name or pinyin'),
  pass: text('来访码号', 'visitor pass'),
  household: text('户号', 'household'),
  'short-code': text('短码', 'short code'),
  entry: text('刚才的刷码', 'the scan just now'),
};

export function unfinished(why: Unfinished, length: number): Text {
  if (why === 'id-short')
    return text(`身份证号 ${length} / 18 位，请继续`, `ID number: ${length} of 18, go on`);
  return UNFINISHED[why];
}

const UNFINISHED: Readonly<Record<Exclude<Unfinished, 'id-short'>, Text>> = {
  'id-long': text('超过 18 位，请对照证件', 'More than 18 characters; compare with the card'),
  'id-birth-date': text(
    '第 7 至 14 位不是真实的出生日期，请逐位对照',
    'Digits 7 to 14 are no real birth date; compare each',
  ),
  'id-check': text(
    '校验位不符，有一位输错了，请逐位对照',
    'The check digit does not match: one digit is wrong',
  ),
  'birth-date-missing': text('请再输出生日期，例如 19700101', 'Now the birth date, for example 19700101'),
  'birth-date': text('不是真实的出生日期，例如 19700101', 'No real birth date; for example 19700101'),
  room: text('房号写作 楼-单元-房，例如 8-2-2702', 'A room is building-unit-door, for example 8-2-2702'),
  pass: text('P 后面是来访码号，例如 P12', 'After P comes the pass number, for example P12'),
  short: text('请继续输入', 'Go on typing'),
};

export const states: Readonly<Record<FoundMemberAnswer['state'], Text>> = {
  valid: text('有效', 'Valid'),
  revoked: text('已注销', 'Revoked'),
  suspended: text('已暂停', 'Suspended'),
  'ask-guard': text('需门卫确认', 'Guard decides'),
};
