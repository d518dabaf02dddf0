import type { Refusal } from '../../code/index.ts';
import { chinese } from './chinese.ts';
import { english } from './english.ts';
import type { Language } from './languages.ts';
import type { Advice, Words } from './refusal-words.ts';

/** What is said about a refusal, to whom, in which language. Texts only: which refusal it is, others decide. */
export {
  type Both,
  DOCUMENT_PROBLEM_WORDS,
  DOCUMENT_TYPE_WORDS,
  FIELD_PROBLEM_WORDS,
  PERSON_PROBLEM_WORDS,
} from './person-words.ts';
export { nextWords, REFUSAL_WORDS } from './review-words.ts';
export type { Advice, RefusalDictionary, RefusalWords, Words } from './refusal-words.ts';

export { LANGUAGES, type Language } from './languages.ts';
export { GUARD_WORDS } from './guard-words.ts';

export const WORDS: { readonly [Tongue in Language]: Words } = { 'zh-CN': chinese, en: english };

/** @returns the sentence and the next step for the resident; a clock that is off is told with its size */
export function residentAdvice(
  language: Language,
  refused: { readonly refusal: Refusal; readonly offsetSeconds?: number | undefined },
): Advice {
  const words = WORDS[language];
  const byClock = refused.refusal === 'expired' || refused.refusal === 'not-yet-valid';
  if (byClock && refused.offsetSeconds !== undefined && refused.offsetSeconds !== 0) {
    return words.clockOffset(Math.trunc(refused.offsetSeconds));
  }
  return words.refusals[refused.refusal].resident;
}
