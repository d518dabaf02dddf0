import { html } from 'hono/html';
import { fill, type Text, text } from '../words/text.ts';
import { type Html, type Page, say } from './page.ts';

/** Instants and durations as people read them, in the district's zone. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const words = {
  seconds: text('{n} 秒', '{n} s'),
  minutes: text('{n} 分钟', '{n} min'),
  hours: text('{n} 小时', '{n} h'),
  days: text('{n} 天', '{n} d'),
  ago: text('{span}前', '{span} ago'),
  ahead: text('还有 {span}', 'in {span}'),
} as const;

/** `2026-01-31 08:15:09` in the district's zone. @param at Unix milliseconds */
export function instantText(page: Page, at: number): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: page.timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return parts.format(at);
}

/** How far the zone is ahead of UTC then. */
export function zoneOffsetMs(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${parts.format(at).replace(' ', 'T')}Z`) - Math.floor(at / SECOND) * SECOND;
}

export function dateText(page: Page, at: number): string {
  return instantText(page, at).slice(0, 10);
}

/** The whole units of a span: `3 min`, `2 d`. @param span milliseconds */
export function spanText(span: number): Text {
  const size = Math.abs(span);
  if (size < MINUTE) return fill(words.seconds, { n: Math.floor(size / SECOND) });
  if (size < HOUR) return fill(words.minutes, { n: Math.floor(size / MINUTE) });
  if (size < 2 * DAY) return fill(words.hours, { n: Math.floor(size / HOUR) });
  return fill(words.days, { n: Math.floor(size / DAY) });
}

/** An instant, exact, for machines and for whoever points at it. */
export function instant(page: Page, at: number): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${instantText(page, at)}</time>`;
}

/** How long ago, or how long still. */
export function distance(page: Page, at: number): Html {
  const span = say(page, spanText(page.now - at));
  const told = say(page, fill(at <= page.now ? words.ago : words.ahead, { span }));
  return html`<time datetime="${new Date(at).toISOString()}" title="${instantText(page, at)}" data-ago="${at}">${told}</time>`;
}

/**
 * An hour of the wall in the district's zone as an instant. Where clocks were put forward there is no such hour, and the
 * one after it is meant.
 * @param text `2026-01-31T08:15`, as a browser's calendar gives it
 */
export function zonedInstant(page: Page, text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return undefined;
  const asIfUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asIfUtc)) return undefined;
  const offset = (at: number) => Date.parse(`${instantText(page, at).replace(' ', 'T')}Z`) - at;
  const first = asIfUtc - offset(asIfUtc);
  return asIfUtc - offset(first);
}

/** For the page's script, which goes on counting: words of spans, from seconds to days, and of before and ahead. */
export function spanWords({ language }: Page): string {
  const { seconds, minutes, hours, days, ago, ahead } = words;
  return [seconds, minutes, hours, days, ago, ahead].map((each) => each[language]).join('|');
}
