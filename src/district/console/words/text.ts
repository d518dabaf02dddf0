import type { Language } from '../../../wire/index.ts';

/** The console's words come in pairs, so a text that is missing in one language does not compile. */
export type Text = Readonly<Record<Language, string>>;

export function text(chinese: string, english: string): Text {
  return { 'zh-CN': chinese, en: english };
}

/** `{name}` in both languages becomes the value; values are never part of markup here. */
export function fill(words: Text, values: Readonly<Record<string, string | number>>): Text {
  const put = (sentence: string) =>
    sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  return text(put(words['zh-CN']), put(words.en));
}

/** The same in both languages: a name, a number, an identifier. */
export function plain(value: string | number): Text {
  return text(String(value), String(value));
}
