import type { html } from 'hono/html';
import type { Language } from '../../../wire/index.ts';
import type { DeskRole, Principal } from '../../accounts/roles.ts';
import { plain, type Text } from '../words/text.ts';

/**
 * What a view knows besides its data: who looks, in which language, at what time, and what was just sent. A view makes
 * markup of it and does nothing else.
 */
export type Html = ReturnType<typeof html>;

export interface Page {
  readonly district: string;
  readonly language: Language;
  readonly principal: Principal | undefined;
  /** Below the server's root, without a query: `/console/gates` */
  readonly path: string;
  /** Of this page, as it asks again by itself without script: that alone keeps no session alive. */
  readonly again: string;
  /** Unix milliseconds */
  readonly now: number;
  /** IANA name */
  readonly timeZone: string;
  /** Good for one form that is sent once; each form of a page has its own, as one that answers with a file leaves the page as it is. */
  readonly formToken: () => string;
  /** What was done just now, to be said once. */
  readonly notice: Text | undefined;
  /** The form that was sent, when it is shown again. */
  readonly posted: Posted | undefined;
  /** Requests that wait for a second person, for the mark beside their menu entry. */
  readonly waiting: number;
  /** Applications that wait for a reviewer, likewise. */
  readonly reviewing: number;
}

export interface Posted {
  /** Which form of the page. */
  readonly form: string;
  readonly fields: Fields;
  readonly problem: Text | undefined;
  /** Said beside the fields that they are about. */
  readonly errors?: FieldErrors;
}

export type Fields = ReadonlyMap<string, string>;
export type FieldErrors = ReadonlyMap<string, Text>;

export function say(page: Page, words: Text | string): string {
  return (typeof words === 'string' ? plain(words) : words)[page.language];
}

export function may(page: Page, ...roles: readonly DeskRole[]): boolean {
  return roles.some((role) => page.principal?.roles.has(role) === true);
}

/** What was typed into that form, when it comes back with a problem or as a search. */
export function typed(page: Page, form: string, field: string): string | undefined {
  return page.posted?.form === form ? page.posted.fields.get(field) : undefined;
}
