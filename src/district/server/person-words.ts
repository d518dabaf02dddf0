import { type Both, FIELD_PROBLEM_WORDS } from '../../wire/index.ts';

/** How problems with a person's fields and with a list are put into one answer. */

export function fileWords({ row, en }: { readonly row?: number; readonly en: string }): string {
  return row === undefined ? en : `row ${row}: ${en}`;
}

/** The first is the error; a form shows them all. */
export function wordsOf(errors: readonly { readonly field: string; readonly words?: Both }[]) {
  const words = errors.map(({ field, words: said = FIELD_PROBLEM_WORDS['room-shape'] }) => ({
    field,
    ...said,
  }));
  return { error: words.map(({ field, en }) => `${field}: ${en}`).join(' | '), fields: words };
}
