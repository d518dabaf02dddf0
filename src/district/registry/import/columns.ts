import { err, ok, type Result } from '../../../base/index.ts';
import {
  type Both,
  DOCUMENT_TYPE_WORDS,
  DOCUMENT_TYPES,
  type DocumentType,
  type PersonBody,
  RELATIONS,
} from '../../../wire/index.ts';
import type { FileProblem } from './table.ts';

/** Which column is what, by its heading in Chinese or English, and what words in a cell mean. */
export const FIELDS = [
  'name',
  'documentType',
  'documentNumber',
  'sex',
  'birthDate',
  'phone',
  'building',
  'unit',
  'door',
  'room',
  'plate',
  'relation',
  'needsMoreTime',
  'lastDay',
  'consentVersion',
  'consentDate',
] as const;
export type Field = (typeof FIELDS)[number];

/** Headings as they are compared: small letters, without spaces, stars and brackets' contents. The first is told in reports. */
const HEADINGS: Readonly<Record<Field, readonly string[]>> = {
  name: ['姓名', '名字', '住户姓名', 'name', 'fullname'],
  documentType: ['证件类型', '证件种类', 'documenttype', 'idtype'],
  documentNumber: [
    '证件号码',
    '证件号',
    '身份证号',
    '身份证号码',
    '身份证',
    'documentnumber',
    'idnumber',
    'idno',
  ],
  sex: ['性别', 'sex', 'gender'],
  birthDate: ['出生日期', '生日', '出生年月日', 'birthdate', 'dateofbirth'],
  phone: ['电话', '手机', '手机号', '手机号码', '联系电话', '电话号码', 'phone', 'mobile', 'telephone'],
  building: ['楼栋', '楼号', '栋', '栋号', '楼', '幢', 'building'],
  unit: ['单元', '单元号', 'unit'],
  door: ['房号', '室', '室号', '门牌号', '户号', 'door', 'doornumber'],
  room: ['房间', '住址', '房屋', '地址', 'room', 'address'],
  plate: ['车牌', '车牌号', '车牌号码', 'plate', 'platenumber'],
  relation: ['与户主关系', '关系', 'relation', 'relationship', 'relationtohead'],
  needsMoreTime: ['需要更长时间', '行动不便', 'needsmoretime'],
  lastDay: ['居住至', '租住至', '截止日期', 'lastday', 'until'],
  consentVersion: ['告知书版本', '同意书版本', 'consentversion'],
  consentDate: ['同意日期', '签署日期', 'consentdate'],
};

export type Columns = ReadonlyMap<Field, number>;

export function headingOf(field: Field): string {
  return HEADINGS[field][0] ?? field;
}

/** @returns the place of each column that is known; others are left alone */
export function columnsOf(heading: readonly string[]): Result<Columns, FileProblem> {
  const columns = new Map<Field, number>();
  for (const [at, text] of heading.entries()) {
    const field = FIELDS.find((each) => HEADINGS[each].includes(plainHeading(text)));
    if (field === undefined) continue;
    if (columns.has(field)) return err(problem('twice', headingOf(field)));
    columns.set(field, at);
  }
  const isRoomThere = columns.has('room') || (columns.has('building') && columns.has('door'));
  const missing = [
    ...(['name', 'documentNumber'] as const).filter((field) => !columns.has(field)).map(headingOf),
    ...(isRoomThere ? [] : [`${headingOf('building')}、${headingOf('door')}`]),
  ];
  return missing.length === 0 ? ok(columns) : err(problem('missing', missing.join('、')));
}

function problem(what: 'twice' | 'missing', names: string): FileProblem {
  return what === 'twice'
    ? {
        row: 1,
        zh: `“${names}”列出现两次；请只保留一列`,
        en: `heading: the column ${names} is there twice; keep one`,
      }
    : {
        row: 1,
        zh: `缺少列：${names}；请在第一行写上列名`,
        en: `heading: columns are missing: ${names}; name them in the first row`,
      };
}

function plainHeading(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[(（[【].*$/, '')
    .replace(/[\s*＊_：:]/g, '');
}

const TYPES: ReadonlyMap<string, DocumentType> = new Map([
  ...DOCUMENT_TYPES.flatMap((type) => [
    [type, type] as const,
    [plainHeading(DOCUMENT_TYPE_WORDS[type].zh), type] as const,
    [plainHeading(DOCUMENT_TYPE_WORDS[type].en), type] as const,
  ]),
  ['身份证', 'resident-id'],
  ['二代身份证', 'resident-id'],
  ['idcard', 'resident-id'],
  ['护照', 'passport'],
  ['港澳台居住证', 'hmt-residence-permit'],
  ['港澳居民居住证', 'hmt-residence-permit'],
  ['台湾居民居住证', 'hmt-residence-permit'],
  ['港澳通行证', 'hk-macao-permit'],
  ['回乡证', 'hk-macao-permit'],
  ['台胞证', 'taiwan-permit'],
  ['永居证', 'foreign-permanent-id'],
  ['外国人永居证', 'foreign-permanent-id'],
]);

/** @returns undefined for a word that names no type; an empty cell is a resident ID card */
export function documentTypeOf(text: string): DocumentType | undefined {
  return text.trim() === '' ? 'resident-id' : TYPES.get(plainHeading(text));
}

const SEXES: Readonly<Record<string, NonNullable<PersonBody['sex']>>> = {
  男: 'male',
  男性: 'male',
  male: 'male',
  m: 'male',
  女: 'female',
  女性: 'female',
  female: 'female',
  f: 'female',
  其他: 'other',
  other: 'other',
};

export function sexWord(text: string): PersonBody['sex'] {
  const word = plainHeading(text);
  return Object.hasOwn(SEXES, word) ? SEXES[word] : undefined;
}

const RELATION_WORDS: Readonly<Record<NonNullable<PersonBody['relation']>, readonly string[]>> = {
  head: ['户主', '本人', '业主', '房主'],
  spouse: ['配偶', '丈夫', '妻子', '夫', '妻'],
  child: ['子女', '子', '女', '儿子', '女儿', '孩子'],
  parent: ['父母', '父', '母', '父亲', '母亲'],
  relative: ['亲属', '孙子', '孙女', '外孙', '外孙女', '祖父', '祖母', '兄弟', '姐妹', '其他亲属'],
  tenant: ['租户', '租客', '承租人', '租住'],
  helper: ['保姆', '护工', '家政', '雇员'],
  other: ['其他', '非亲属'],
};

export function relationWord(text: string): PersonBody['relation'] {
  const word = plainHeading(text);
  return RELATIONS.find((relation) => relation === word || RELATION_WORDS[relation].includes(word));
}

/** `1980-01-31`, `1980/1/31`, `1980.1.31`, `19800131`, `1980年1月31日` as `1980-01-31`; undefined for anything else. */
export function dateWord(text: string): string | undefined {
  const [, year, month = '', day = ''] =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text.trim()) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim()) ??
    [];
  return year === undefined ? undefined : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

export function yesWord(text: string): boolean | undefined {
  const word = plainHeading(text);
  if (['', '否', '不', '无', 'no', 'n', '0', 'false'].includes(word)) return false;
  return ['是', '有', '√', 'yes', 'y', '1', 'true'].includes(word) ? true : undefined;
}

export const CELL_WORDS = {
  'document-type': {
    zh: '不认识这种证件类型；请写居民身份证、护照等全称',
    en: 'is no known type of document; write for example 居民身份证 or passport',
  },
  sex: { zh: '应为男或女；请修改', en: 'must be 男 or 女 (male, female); correct it' },
  relation: {
    zh: '不认识这种关系；请写户主、配偶、子女、父母、亲属、租户、保姆或其他',
    en: 'is no known relation; write head, spouse, child, parent, relative, tenant, helper or other',
  },
  date: { zh: '不是日期；请写成 1980-01-31', en: 'is no date; write it like 1980-01-31' },
  yes: { zh: '应为是或否；请修改', en: 'must be 是 or 否 (yes, no); correct it' },
  'number-lost': {
    zh: '表格把号码当作了数字，末几位已丢失；请把该列设为“文本”后重新填写',
    en: 'was taken for a number by the spreadsheet and has lost its last digits; format the column as text and enter it again',
  },
  version: {
    zh: '只能有字母、数字、点和横线；请修改',
    en: 'may have letters, digits, dots and hyphens; correct it',
  },
  'twice-in-file': {
    zh: '同一证件在文件中出现两次；请只保留一行',
    en: 'is in the file twice; keep one row',
  },
  'household-full': {
    zh: '这一户已有八人；请到居民页核对',
    en: 'has eight members already; compare with the desk',
  },
  'document-taken': {
    zh: '这一证件已登记在另一姓名下；请核对，或由本人申诉',
    en: 'is registered under another name; compare, or let its holder appeal',
  },
  'document-cancelled': {
    zh: '这一证件已注销；请填写新证件',
    en: 'was cancelled; enter the new document',
  },
  'lives-there-otherwise': {
    zh: '已登记在此，但资料不同；请在居民页修改，导入不会覆盖',
    en: 'is registered here with other data; change it at the desk, an import overwrites nothing',
  },
  'lives-elsewhere': {
    zh: '已登记在本小区另一房间；请在居民页办理迁移',
    en: 'is registered in another room of this community; move the resident at the desk',
  },
} as const satisfies Readonly<Record<string, Both>>;
