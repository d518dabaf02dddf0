import { guardChinese } from './guard-chinese.ts';
import { guardEnglish } from './guard-english.ts';
import type { Language } from './languages.ts';
import type { GuardDictionary } from './refusal-words.ts';

/** What guards are told of a refusal, in a file of its own: their page does not load what residents are told. */
export const GUARD_WORDS: { readonly [Tongue in Language]: GuardDictionary } = {
  'zh-CN': guardChinese,
  en: guardEnglish,
};
