import { html } from 'hono/html';
import type { AuditQuery } from '../../accounts/audit.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import { field, form } from '../kit/forms.ts';
import { heading, sheet } from '../kit/layout.ts';
import { type Fields, type Html, type Page, say, typed } from '../kit/page.ts';
import type { Screen, Visit } from '../kit/screen.ts';
import { table } from '../kit/table.ts';
import { instant, zonedInstant } from '../kit/times.ts';
import { common } from '../words/common.ts';
import { audit as words } from '../words/desk.ts';
import { entries } from '../words/entries.ts';
import { auditAction, auditOutcome } from '../words/oversight.ts';
import { problemText } from '../words/problems.ts';
import { outcomeParts } from '../words/reasons.ts';
import type { Text } from '../words/text.ts';

/** The log of what was done, for the auditor. What is looked for comes in a form, so that no address tells it. */
const READS: readonly DeskRole[] = ['auditor', 'administrator'];
const FIELDS = ['account', 'action', 'subject', 'from', 'until'] as const;

export const audit: Screen = {
  path: '/audit',
  may: READS,
  async show(visit) {
    const { page, parts } = visit;
    const query = queryOf(visit);
    const found = 'problem' in query ? { entries: [] } : await parts.audit.page(query);
    const next = 'next' in found ? found.next : undefined;
    const rows = table(page, {
      caption: words.title,
      empty: words.none,
      columns: [
        { head: common.time },
        { head: words.account },
        { head: words.action, kind: 'wide' },
        { head: words.subject },
        { head: words.outcome },
      ],
      rows: found.entries.map(({ at, account, action, subject, outcome }) => [
        instant(page, at),
        account,
        actionCell(page, action),
        subject,
        outcomeCell(page, outcome),
      ]),
    });
    const body = html`${heading(page, { title: words.title, about: words.about })}
<section class="sheet"><p class="soft">${say(page, words.searchAbout)}</p>${searchForm(page)}</section>
${sheet(page, { title: words.found, body: html`${rows}${pager(page, next)}` })}`;
    return { title: words.title, body };
  },
  forms: {
    search: {
      may: READS,
      act: async (visit) => {
        const query = queryOf(visit);
        return 'problem' in query ? query : { again: true };
      },
    },
  },
};

function queryOf({ page }: Visit): AuditQuery | { readonly problem: Text } {
  const fields = page.posted?.fields;
  if (fields === undefined) return {};
  const [from, until] = [instantOf(page, fields, 'from'), instantOf(page, fields, 'until')];
  if (from === 'bad' || until === 'bad') return { problem: problemText('date') };
  const text = (name: string) => fields.get(name)?.trim() ?? '';
  const before = /^[0-9a-f]{1,32}$/.exec(text('before'))?.[0];
  return {
    ...(text('account') !== '' && { account: text('account') }),
    ...(text('action') !== '' && { action: text('action') }),
    ...(text('subject') !== '' && { subject: text('subject') }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(before !== undefined && { before }),
  };
}

function instantOf(page: Page, fields: Fields, name: string): number | undefined | 'bad' {
  const text = fields.get(name)?.trim() ?? '';
  return text === '' ? undefined : (zonedInstant(page, text) ?? 'bad');
}

function searchForm(page: Page): Html {
  const of = 'search';
  const time = { form: of, type: 'datetime-local', isOptional: true } as const;
  const text = { form: of, type: 'search', isOptional: true, lengthMax: 128 } as const;
  return form(page, {
    id: of,
    button: entries.find,
    layout: 'row',
    fields: [
      field(page, { ...time, name: 'from', label: entries.from }),
      field(page, { ...time, name: 'until', label: entries.until }),
      field(page, { ...text, name: 'account', label: words.account }),
      field(page, { ...text, name: 'action', label: words.action }),
      field(page, { ...text, name: 'subject', label: words.subject }),
    ],
  });
}

function pager(page: Page, next: string | undefined): Html | string {
  if (next === undefined) return '';
  const asked = FIELDS.map((name) => [name, typed(page, 'search', name) ?? ''] as const);
  const hidden = { ...Object.fromEntries(asked), before: next };
  return html`<div class="pager">${form(page, { id: 'search', button: common.older, tone: 'quiet', layout: 'row', hidden })}</div>`;
}

/** In words, and as the log has it. */
function actionCell(page: Page, action: string): Html | string {
  const known = auditAction(action);
  return known === undefined ? action : html`${say(page, known)}<small>${action}</small>`;
}

function outcomeCell(page: Page, text: string): Html {
  const { outcome, reason } = outcomeParts(text);
  return html`${say(page, auditOutcome(outcome))}${reason === undefined ? '' : html`<small>${say(page, reason)}</small>`}`;
}
