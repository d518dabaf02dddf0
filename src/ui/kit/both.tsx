import type { Language } from '../../wire/index.ts';
import { otherLanguage, type Text } from './language.ts';

/** One text in both languages, the chosen one first and larger; each is marked with its language for screen readers. */
export function Both({ say, language }: { readonly say: Text; readonly language: Language }) {
  const other = otherLanguage(language);
  return (
    <>
      <span class="first" lang={language}>
        {say[language]}
      </span>
      <span class="second" lang={other}>
        {say[other]}
      </span>
    </>
  );
}
