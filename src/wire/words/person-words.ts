import type { DocumentProblem, DocumentType } from '../identity-documents.ts';
import type { FieldProblem } from '../person-fields.ts';

/** What people read of documents and of fields about a person, Chinese and English; nothing repeats what was typed. */
export interface Both {
  readonly zh: string;
  readonly en: string;
}

export const DOCUMENT_TYPE_WORDS: Readonly<Record<DocumentType, Both>> = {
  'resident-id': { zh: '居民身份证', en: 'Resident ID card' },
  'officer-card': { zh: '军官证', en: 'Military officer card' },
  passport: { zh: '中国护照', en: 'Chinese passport' },
  'foreign-passport': { zh: '外国护照', en: 'Foreign passport' },
  'hmt-residence-permit': {
    zh: '港澳台居民居住证',
    en: 'Residence permit for Hong Kong, Macao and Taiwan residents',
  },
  'hk-macao-permit': {
    zh: '港澳居民来往内地通行证',
    en: 'Mainland travel permit for Hong Kong and Macao residents',
  },
  'taiwan-permit': { zh: '台湾居民来往大陆通行证', en: 'Mainland travel permit for Taiwan residents' },
  'foreign-permanent-id': { zh: '外国人永久居留身份证', en: 'Foreign permanent resident ID card' },
};

export const DOCUMENT_PROBLEM_WORDS: Readonly<Record<DocumentProblem, Both>> = {
  empty: { zh: '没有填写；请按证件填写号码', en: 'is empty; enter it as the document shows it' },
  'first-generation': {
    zh: '15 位的第一代身份证已停用；请填写 18 位号码',
    en: 'has 15 digits, a first-generation card that is out of force; enter the 18 characters of the new card',
  },
  'id-shape': {
    zh: '应为 18 位，末位是数字或 X；请对照证件重新填写',
    en: 'must have 17 digits and a digit or X; compare it with the card',
  },
  'id-area': {
    zh: '前六位不是行政区划代码；请对照证件重新填写',
    en: 'does not begin with an area code; compare the first six digits with the card',
  },
  'id-birth-date': {
    zh: '第 7 至 14 位不是真实的出生日期；请对照证件重新填写',
    en: 'has no real birth date in its digits 7 to 14; compare them with the card',
  },
  'id-check': {
    zh: '校验位不符，有一位写错了；请逐位对照证件',
    en: 'does not match its check character, so a digit is wrong; compare each with the card',
  },
  'residence-permit-number': {
    zh: '这是港澳台居民居住证的号码；请改选证件类型',
    en: 'is of a residence permit for Hong Kong, Macao and Taiwan residents; choose that type',
  },
  'permanent-id-number': {
    zh: '以 9 开头的是外国人永久居留身份证；请改选证件类型',
    en: 'begins with 9, as foreign permanent resident cards do; choose that type',
  },
  'residence-area': {
    zh: '应以 810000、820000 或 830000 开头；请核对证件类型和号码',
    en: 'must begin with 810000, 820000 or 830000; check the type and the number',
  },
  'officer-shape': {
    zh: '应为“某字第 4 至 8 位数字号”；请按证件填写',
    en: 'must be one character, 字第, 4 to 8 digits and 号; enter it as the card shows it',
  },
  'passport-shape': {
    zh: '应为 E、G 开头加 8 位，或 D、S、P 开头的公务护照号；请对照护照，外国护照请改选类型',
    en: 'must be E or G and 8 characters, or D, S or P of an official passport; compare it, or choose foreign passport',
  },
  'passport-old': {
    zh: '14 或 15 开头的旧护照已过期；请填写新护照号码',
    en: 'is of an expired form (14 or 15 first); enter the number of the new passport',
  },
  'foreign-passport-shape': {
    zh: '应为 5 至 9 位字母和数字；请对照护照资料页',
    en: 'must have 5 to 9 letters and digits; compare it with the data page',
  },
  'hk-macao-shape': {
    zh: '应为 H 或 M 加 8 位数字；请对照通行证',
    en: 'must be H or M and 8 digits; compare it with the permit',
  },
  'hk-macao-old': {
    zh: '旧本式通行证末两位是换证次数；请只填 H 或 M 加前 8 位数字',
    en: 'has the two digits of a booklet’s renewals; enter H or M and the first 8 digits only',
  },
  'taiwan-shape': { zh: '应为 8 位数字；请对照通行证', en: 'must have 8 digits; compare it with the permit' },
  'permanent-shape': {
    zh: '应为 9 开头的 18 位，或旧版 3 个字母加 12 位数字；请对照证件',
    en: 'must be 18 characters that begin with 9, or 3 letters and 12 digits of the old card; compare it',
  },
  'permanent-birth-date': {
    zh: '其中的出生日期不是真实日期；请逐位对照证件',
    en: 'has no real birth date in it; compare each digit with the card',
  },
  'permanent-check': {
    zh: '校验位不符，有一位写错了；请逐位对照证件',
    en: 'does not match its check character, so a digit is wrong; compare each with the card',
  },
};

export const FIELD_PROBLEM_WORDS: Readonly<Record<FieldProblem, Both>> = {
  'name-empty': { zh: '没有填写；请填写姓名', en: 'is empty; enter the name' },
  'name-long': { zh: '超过 50 个字；请缩短', en: 'has more than 50 characters; shorten it' },
  'name-characters': {
    zh: '只能有文字、空格和间隔号；请对照证件重新填写',
    en: 'may have letters, spaces and middle dots only; compare it with the document',
  },
  'phone-shape': {
    zh: '不是电话号码；请按“+区号 号码”填写',
    en: 'is no telephone number; enter + and the country code, then the number',
  },
  'phone-mainland': {
    zh: '应为 13 至 19 开头的 11 位手机号；境外号码请加“+区号”',
    en: 'must have 11 digits and begin with 13 to 19; put + and the country code before any other',
  },
  'plate-shape': {
    zh: '不是车牌号；请按行驶证填写，例如省份、字母和五位',
    en: 'is no plate; enter it as the vehicle licence shows it',
  },
  'room-shape': {
    zh: '应为“楼栋-单元-房号”，例如 8-2-2702；请重新填写',
    en: 'must be building-unit-door, for example 8-2-2702; enter it so',
  },
};

export type PersonProblem = 'birth-date' | 'birth-date-differs' | 'sex-differs';

export const PERSON_PROBLEM_WORDS: Readonly<Record<PersonProblem, Both>> = {
  'birth-date': {
    zh: '不是真实的日期；请按“年-月-日”填写，例如 1980-01-31',
    en: 'is no real birth date; enter YYYY-MM-DD',
  },
  'birth-date-differs': {
    zh: '与证件号码中的出生日期不一致；请对照证件',
    en: 'is not the one in the document’s number; compare both with the document',
  },
  'sex-differs': {
    zh: '与证件号码中的性别不一致；请对照证件',
    en: 'is not the one in the document’s number; compare both with the document',
  },
};
