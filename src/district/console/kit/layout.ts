import { html } from 'hono/html';
import type { DeskRole } from '../../accounts/roles.ts';
import { common, menu, roles } from '../words/common.ts';
import type { Text } from '../words/text.ts';
import { type Html, may, type Page, say } from './page.ts';
import { spanWords } from './times.ts';

/** The frame of every page: skip link, menu by role, language, who is signed in, what was just done. */
export interface View {
  readonly title: Text;
  readonly body: Html;
  /** The line of this server that the page follows; without script it asks again by itself. */
  readonly live?: string;
  /** A page of its own without the menu: signing in. */
  readonly isAlone?: boolean;
}

interface MenuEntry {
  readonly path: string;
  readonly name: Text;
  readonly roles: readonly DeskRole[];
  /** Pages that belong to it and lie elsewhere. */
  readonly also?: readonly string[];
}

const READS: readonly DeskRole[] = ['operator', 'administrator', 'auditor'];

/** The roles are those of the pages themselves: nobody is shown a way that is closed to them. */
export const MENU: readonly MenuEntry[] = [
  { path: '/console/gates', name: menu.wall, roles: READS },
  { path: '/console/feed', name: menu.feed, roles: READS },
  { path: '/console/entries', name: menu.entries, roles: READS },
  {
    path: '/console/residents',
    name: menu.residents,
    roles: ['registrar', 'reviewer', 'operator', 'auditor'],
    also: ['/console/import'],
  },
  { path: '/console/reviews', name: menu.reviews, roles: ['registrar', 'reviewer'] },
  { path: '/console/enrol', name: menu.enrol, roles: ['operator', 'administrator'] },
  { path: '/console/trust', name: menu.trust, roles: READS },
  { path: '/console/updates', name: menu.updates, roles: READS },
  { path: '/console/approvals', name: menu.approvals, roles: ['operator', 'administrator', 'auditor'] },
  { path: '/console/accounts', name: menu.accounts, roles: ['administrator'] },
  { path: '/console/review', name: menu.review, roles: ['auditor', 'administrator'] },
  { path: '/console/audit', name: menu.audit, roles: ['auditor', 'administrator'] },
  { path: '/console/system', name: menu.system, roles: READS },
];

const REFRESH_SECONDS = 20;

export function layout(page: Page, view: View): Html {
  const title = say(page, view.title);
  return html`<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${say(page, common.brand)} ${page.district}</title>
<link rel="icon" href="/console/assets/icon.svg">
<link rel="stylesheet" href="/console/assets/tokens.css">
<link rel="stylesheet" href="/console/assets/console.css">
<script src="/console/assets/main.ts" type="module"></script>
${view.live === undefined ? '' : html`<noscript><meta http-equiv="refresh" content="${REFRESH_SECONDS}; url=${page.again}"></noscript>`}
</head>
<body class="${view.isAlone === true ? 'alone' : ''}">
<a class="skip" href="#main">${say(page, common.skip)}</a>
${top(page, view)}
<main id="main" tabindex="-1" data-spans="${spanWords(page)}"${view.live === undefined ? '' : html` data-live="${view.live}"`}>
${noticeOf(page)}
${view.body}
</main>
</body>
</html>`;
}

function top(page: Page, { isAlone }: View): Html {
  return html`<header class="top">
<p class="brand"><img class="logo" src="/console/assets/icon.svg" alt="" width="32" height="32"><span><strong lang="${page.language}">${say(page, common.brand)}</strong> <small>${page.district}</small></span></p>
${isAlone === true ? '' : navigation(page)}
<div class="top-end">
${isAlone === true ? '' : who(page)}
<form method="post" action="/console/language" class="language"><input type="hidden" name="token" value="${page.formToken()}"><input type="hidden" name="back" value="${page.path}"><button class="button button-quiet" type="submit" lang="${page.language === 'en' ? 'zh-CN' : 'en'}">${say(page, common.otherLanguage)}</button></form>
${
  isAlone === true
    ? ''
    : html`<form method="post" action="/console/sign-out"><input type="hidden" name="token" value="${page.formToken()}"><button class="button button-quiet" type="submit">${say(page, common.signOut)}</button></form>`
}
</div>
</header>`;
}

function navigation(page: Page): Html {
  const open = MENU.filter((entry) => may(page, ...entry.roles));
  return html`<nav aria-label="${say(page, common.menu)}" data-part="menu"><ul>${open.map(
    ({ path, name, also = [] }) => {
      const isHere = [path, ...also].some((each) => page.path === each || page.path.startsWith(`${each}/`));
      const waits = { '/console/approvals': page.waiting, '/console/reviews': page.reviewing }[path] ?? 0;
      const count = waits > 0 ? html` <b class="count">${waits}</b>` : '';
      return html`<li><a href="${path}"${isHere ? html` aria-current="page"` : ''}>${say(page, name)}${count}</a></li>`;
    },
  )}</ul></nav>`;
}

function who({ principal, ...page }: Page): Html | string {
  if (principal === undefined) return '';
  const held = [...principal.roles]
    .map((role) => roles[role][page.language])
    .join(page.language === 'en' ? ', ' : '、');
  return html`<p class="who"><strong>${principal.account}</strong><small>${held}</small></p>`;
}

/** What was done, or why it was not: where a page that was sent back begins. Signing in says it at its one form. */
function noticeOf(page: Page): Html | string {
  const problem = page.principal === undefined ? undefined : page.posted?.problem;
  if (problem !== undefined) return html`<p class="problem" role="alert">${say(page, problem)}</p>`;
  return page.notice === undefined ? '' : html`<p class="notice" role="status">${say(page, page.notice)}</p>`;
}

/** Heading of a page, with a line that says what it is, and what can be done on it. */
export function heading(
  page: Page,
  given: { title: Text | string; about?: Text; end?: Html; over?: Html },
): Html {
  return html`<div class="heading"><div>${given.over === undefined ? '' : html`<p class="over">${given.over}</p>`}<h1>${say(page, given.title)}</h1>${
    given.about === undefined ? '' : html`<p class="about">${say(page, given.about)}</p>`
  }</div>${given.end === undefined ? '' : html`<div class="heading-end">${given.end}</div>`}</div>`;
}

/** One part of a page, on a sheet of its own. */
export function sheet(
  page: Page,
  given: { title: Text; body: Html | readonly Html[]; end?: Html; isWide?: boolean },
): Html {
  return html`<section class="sheet${given.isWide === true ? ' sheet-wide' : ''}"><div class="sheet-head"><h2>${say(page, given.title)}</h2>${given.end ?? ''}</div>${given.body}</section>`;
}
