import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { toHex } from '../../../base/index.ts';
import { LANGUAGES, type Language } from '../../../wire/index.ts';
import { IDLE_QUERY } from '../../server/who-asks.ts';
import { FIELD_LENGTH_MAX } from '../limits.ts';
import type { LiveLines } from '../live/lines.ts';
import type { ConsoleParts } from '../parts.ts';
import type { OrderLog } from '../screens/order-log.ts';
import { isNotice, notices } from '../words/notices.ts';
import type { FormTokens } from './form-tokens.ts';
import { layout, type View } from './layout.ts';
import type { Fields, Page } from './page.ts';
import type { Shown } from './screen.ts';
import type { Tickets } from './tickets.ts';

/** What every request of the console starts from: the language, the session's number, the page's token, the fields sent. */
export interface Desk {
  readonly parts: ConsoleParts;
  readonly tokens: FormTokens;
  readonly tickets: Tickets<Shown>;
  readonly orders: OrderLog;
  readonly lines: LiveLines;
}

const LANGUAGE_COOKIE = 'menwei-language';
const VISITOR_COOKIE = 'menwei-visitor';
const LANGUAGE_LIFE_SECONDS = 31_536_000;

/** A page before anybody is known. */
export function pageOf(desk: Desk, context: Context): Page {
  const { district, timeZone, clock } = desk.parts;
  const done = context.req.query('done');
  return {
    district,
    timeZone,
    language: languageOf(context),
    principal: undefined,
    path: context.req.path,
    again: againAddress(context),
    now: clock.wall(),
    formToken: () => desk.tokens.give(sessionOf(desk, context)),
    notice: isNotice(done) ? notices[done] : undefined,
    posted: undefined,
    waiting: 0,
    reviewing: 0,
  };
}

/** The page's own address, marked as asked for by nobody (server/who-asks.ts). */
function againAddress({ req }: Context): string {
  const query = new URLSearchParams(req.query());
  query.delete('done');
  query.set(IDLE_QUERY, '1');
  return `${req.path}?${query.toString()}`;
}

/** Whoever is not signed in has a number of their own, so that a form of another site never signs them in. */
export function sessionOf({ parts }: Desk, context: Context): string {
  const signedIn = parts.access.session(context);
  if (signedIn !== undefined) return signedIn;
  const known = getCookie(context, VISITOR_COOKIE);
  if (known !== undefined && /^[0-9a-f]{32}$/.test(known)) return `visitor-${known}`;
  const made: unknown = context.get('visitor');
  if (typeof made === 'string') return `visitor-${made}`;
  const visitor = toHex(parts.random.bytes(16));
  context.set('visitor', visitor);
  setCookie(context, VISITOR_COOKIE, visitor, { path: '/console', httpOnly: true, sameSite: 'Strict' });
  return `visitor-${visitor}`;
}

function languageOf(context: Context): Language {
  const wanted = getCookie(context, LANGUAGE_COOKIE);
  return LANGUAGES.find((language) => language === wanted) ?? 'zh-CN';
}

export function keepLanguage(context: Context, language: Language): void {
  const life = { maxAge: LANGUAGE_LIFE_SECONDS, path: '/console' };
  setCookie(context, LANGUAGE_COOKIE, language, { ...life, httpOnly: true, sameSite: 'Strict' });
}

/** A field that comes twice counts once, the last; nothing that anybody fills in is longer than a field's limit. */
export async function fieldsOf(
  context: Context,
): Promise<{ readonly fields: Fields; readonly file: File | undefined }> {
  const fields = new Map<string, string>();
  let file: File | undefined;
  const body = await context.req.formData().catch(() => new FormData());
  for (const [name, value] of body) {
    if (typeof value !== 'string') file = value;
    // No text of PostgreSQL holds U+0000, and nobody types it.
    else fields.set(name, value.slice(0, FIELD_LENGTH_MAX).replaceAll('\0', ''));
  }
  return { fields, file };
}

export type PageStatus = 200 | 403 | 404 | 409 | 413;

export async function send(
  { page, context }: { readonly page: Page; readonly context: Context },
  view: View,
  status: PageStatus,
): Promise<Response> {
  // Under `no-referrer` a browser hides the origin of its forms too (Fetch, "append a request Origin header").
  context.header('referrer-policy', 'same-origin');
  return context.html(layout(page, view), status);
}
