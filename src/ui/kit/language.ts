import type { Language } from '../../wire/index.ts';

/** The two languages of every screen. A text is a pair, so a missing translation does not compile. */

export type Text = Readonly<Record<Language, string>>;

export function text(chinese: string, english: string): Text {
  return { 'zh-CN': chinese, en: english };
}

export function otherLanguage(language: Language): Language {
  return language === 'zh-CN' ? 'en' : 'zh-CN';
}

/** `21:04:09` in the given zone. */
export function clockText(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(at);
}

export function dateText(at: number, timeZone: string, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    month: 'long',
    day: 'numeric',
    weekday: 'long',
  }).format(at);
}
