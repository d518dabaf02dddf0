import type { Relation } from '../../../wire/index.ts';
import { type Text, text } from './text.ts';

/** What the forms about persons and lists of them say. */
export const persons = {
  title: text('登记住户', 'Register a resident'),
  about: text(
    '请对照证件填写。姓名和号码加密保存，页面上一律打码。',
    'Fill it in from the document. Names and numbers are kept encrypted and shown masked.',
  ),
  person: text('有证件的住户', 'With a document'),
  masked: text('不登记证件', 'Without a document'),
  name: text('姓名', 'Name'),
  documentType: text('证件类型', 'Type of document'),
  documentNumber: text('证件号码', 'Number of the document'),
  sex: text('性别', 'Sex'),
  birthDate: text('出生日期', 'Date of birth'),
  fromDocument: text('证件号码里有就不用填', 'leave empty when the number says it'),
  phone: text('手机号', 'Phone'),
  phoneHint: text('境外号码请加“+区号”', 'with + and the country code unless of the mainland'),
  plate: text('车牌', 'Plate'),
  relation: text('与户主关系', 'Relation to the head'),
  register: text('登记', 'Register'),
  none: text('不填', 'not given'),
  unchanged: text('留空则删除', 'left empty, it is removed'),
  searchTitle: text('查找住户', 'Find a resident'),
  lastSixTitle: text('按证件后六位和出生日期', 'By the last six and the date of birth'),
  lastSix: text('证件号后六位', 'Last six of the number'),
  move: text('迁居', 'Move'),
  moveAbout: text('换到另一房号，编号、手机和卡不变。', 'To another room. Index, phones and cards stay.'),
  leave: text('离开', 'Leave'),
  leaveAbout: text(
    '永久注销此编号，半年后删除个人资料，不能撤回。',
    'Revokes the index for ever, and forgets the person half a year later. It cannot be undone.',
  ),
  leaveSure: text('我已核对，这位住户已搬离', 'I checked: this resident has left'),
  document: text('证件变更', 'Change of document'),
  documentAbout: text(
    '证件换新、注销或恢复，立即发往各门禁。',
    'A new document, a cancelled or a restored one: out to all gates at once.',
  ),
  newDocument: text('换了新证件', 'A new document'),
  cancelDocument: text('证件注销', 'Cancel the document'),
  restoreDocument: text('恢复证件', 'Restore the document'),
  cancelled: text('已注销', 'cancelled'),
  contact: text('联系方式', 'Phone and plate'),
  contactAbout: text(
    '填写的会更改，留空的不变；要删除请勾选。',
    'What you fill in is changed, what you leave empty stays. To remove, tick the box.',
  ),
  removePhone: text('删除手机号', 'remove the phone number'),
  removePlate: text('删除车牌', 'remove the plate'),
  importTitle: text('导入名单', 'Import a list'),
  importAbout: text(
    '先检查一遍，什么也不登记；看过结果再决定是否导入。',
    'The list is looked through first and nobody is entered. You decide when you have seen the result.',
  ),
  file: text('名单文件', 'The list'),
  fileHint: text(
    'CSV 或 XLSX，最大 32 MB；至少要有姓名、证件号码、楼栋、房号几列',
    'CSV or XLSX, at most 32 MB, with columns for name, document number, building and door at least',
  ),
  look: text('检查名单', 'Look through it'),
  reportTitle: text('名单检查结果', 'What is in the list'),
  takenTitle: text('导入结果', 'What was entered'),
  reportAbout: text(
    '还没有登记任何人，十分钟内有效。',
    'Nobody is entered yet. The list is kept for ten minutes.',
  ),
  takenAbout: text('名单已从内存删除。', 'The list itself is gone from memory.'),
  rows: text('行数', 'Rows'),
  entering: text('将登记', 'To be entered'),
  entered: text('已登记', 'Entered'),
  known: text('已在册，不变', 'Known already, left as they are'),
  bad: text('有错的行', 'Rows with a problem'),
  takeAll: text('导入全部', 'Enter all of them'),
  takeGood: text('跳过有错的行，导入其余', 'Leave the bad rows out and enter the others'),
  drop: text('丢弃名单', 'Drop the list'),
  problems: text('需要改正的', 'To be corrected'),
  noProblems: text('没有错误。', 'No problems.'),
  row: text('行', 'Row'),
  rowNumber: text('第 {row} 行', 'row {row}'),
  field: text('列', 'Column'),
  remedy: text('原因和办法', 'What is wrong, and what to do'),
  more: text('另有 {n} 处没有列出。', '{n} more are not listed.'),
  again: text('另选文件', 'Choose another file'),
} as const satisfies Readonly<Record<string, Text>>;

export const sexes: Readonly<Record<'male' | 'female' | 'other', Text>> = {
  male: text('男', 'male'),
  female: text('女', 'female'),
  other: text('其他', 'other'),
};

export const relations: Readonly<Record<Relation, Text>> = {
  head: text('户主', 'head'),
  spouse: text('配偶', 'spouse'),
  child: text('子女', 'child'),
  parent: text('父母', 'parent'),
  relative: text('亲属', 'relative'),
  tenant: text('租户', 'tenant'),
  helper: text('保姆', 'helper'),
  other: text('其他', 'other'),
};

/** Columns of a list, by what the import calls them. */
const columns: Readonly<Record<string, Text>> = {
  name: persons.name,
  documentType: persons.documentType,
  documentNumber: persons.documentNumber,
  sex: persons.sex,
  birthDate: persons.birthDate,
  phone: persons.phone,
  building: text('楼栋', 'Building'),
  unit: text('单元', 'Unit'),
  door: text('房号', 'Door'),
  room: text('房间', 'Room'),
  plate: persons.plate,
  relation: persons.relation,
  needsMoreTime: text('需要更长时间', 'Needs more time'),
  lastDay: text('居住至', 'Last day'),
  consentVersion: text('告知书版本', 'Version of the consent'),
  consentDate: text('同意日期', 'Date of the consent'),
};

export function columnName(field: string): Text {
  return (Object.hasOwn(columns, field) ? columns[field] : undefined) ?? text(field, field);
}
