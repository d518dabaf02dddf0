import { html } from 'hono/html';
import type { ApprovalView } from '../../../wire/index.ts';
import { APPROVAL_RULES, type DangerousAction } from '../../accounts/approval-rules.ts';
import { DESK_ROLES } from '../../accounts/roles.ts';
import { form } from '../kit/forms.ts';
import { heading, sheet } from '../kit/layout.ts';
import { mark, type Tone } from '../kit/marks.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { facts, table } from '../kit/table.ts';
import { distance, instant } from '../kit/times.ts';
import { connection, part } from '../views/parts-of-pages.ts';
import { common } from '../words/common.ts';
import { approvalStates, approvals as words, dangerous } from '../words/desk.ts';
import { problemText } from '../words/problems.ts';
import { reasonText } from '../words/reasons.ts';
import { stageText } from '../words/updates.ts';
import { fill, plain, type Text } from '../words/text.ts';

/** What waits for a second person, shown exactly as it will be done. */
export const approvals: Screen = {
  path: '/approvals',
  may: ['operator', 'administrator', 'auditor', 'registrar'],
  async show({ page, parts }) {
    const all = await parts.approvals.list(page.principal?.account);
    const open = all.filter(({ state }) => state === 'open');
    const body = html`${heading(page, { title: words.title, about: words.about, end: connection(page) })}
${sheet(page, { title: words.open, body: part('open', open.length === 0 ? html`<p class="empty">${say(page, words.none)}</p>` : html`<div class="list">${open.map((each) => waiting(page, each))}</div>`) })}
${sheet(page, {
  title: words.decided,
  body: part(
    'decided',
    decided(
      page,
      all.filter(({ state }) => state !== 'open'),
    ),
  ),
})}`;
    return { title: words.title, body, live: '/console/live/changes?types=desk&idle=1' };
  },
  forms: {
    approve: { may: DESK_ROLES, act: approve },
    refuse: { may: DESK_ROLES, act: refuse },
  },
};

async function approve({ parts, principal }: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const what = { id: fields.get('approval') ?? '', digest: fields.get('digest') ?? '' };
  const done = await parts.approvals.approve(principal, what);
  if (!done.ok) return { problem: problemText(done.error) };
  if (!done.value.ok) return { problem: problemText(done.value.error) };
  return { go: '/console/approvals', notice: 'approved' };
}

async function refuse({ parts, principal }: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const done = await parts.approvals.refuse(principal, fields.get('approval') ?? '');
  return done.ok
    ? { go: '/console/approvals', notice: 'approval-refused' }
    : { problem: problemText(done.error) };
}

function actionName(action: string): Text {
  return Object.hasOwn(dangerous, action) ? dangerous[action as DangerousAction] : plain(action);
}

function waiting(page: Page, view: ApprovalView): Html {
  const { id, action, body, digest, askedBy, askedAt, expiresAt, sameOpener } = view;
  const isOwn = askedBy === page.principal?.account;
  const rule = Object.hasOwn(APPROVAL_RULES, action) ? APPROVAL_RULES[action as DangerousAction] : undefined;
  const mayApprove = !isOwn && may(page, ...(rule?.approves ?? []));
  const told = Object.entries(typeof body === 'object' && body !== null ? body : { body });
  const hidden = { approval: id, digest };
  return html`<div class="why"><h3>${say(page, actionName(action))}</h3>
${facts(page, [
  ...told.map(
    ([name, value]) =>
      [
        bodyName(name),
        typeof value === 'string' ? bodyText(page, name, value) : JSON.stringify(value),
      ] as const,
  ),
  [words.askedBy, askedBy],
  [words.askedAt, distance(page, askedAt)],
  [words.expires, instant(page, expiresAt)],
])}
${sameOpener !== undefined && mayApprove ? sameOpenerNote(page, { opener: sameOpener, asker: askedBy }) : ''}<div class="form-row">${mayApprove ? form(page, { id: 'approve', button: words.approve, layout: 'row', hidden }) : ''}${
    isOwn || mayApprove
      ? form(page, {
          id: 'refuse',
          button: isOwn ? words.takeBack : words.refuse,
          tone: 'quiet',
          layout: 'row',
          hidden: { approval: id },
        })
      : ''
  }</div>${isOwn ? html`<p class="soft small">${say(page, words.own)}</p>` : ''}</div>`;
}

/** Not refused: where one administrator opens all accounts, the second person is still one if somebody looks. */
function sameOpenerNote(page: Page, { opener, asker }: { opener: string; asker: string }): Html {
  return html`<p class="warning">${mark(page, 'warn', fill(words.sameOpener, { opener, asker }))}</p>`;
}

/** The names are those of the body that will be carried out; the ones that people know are translated. */
function bodyName(name: string): Text {
  const known: Readonly<Record<string, Text>> = {
    gate: common.gate,
    lane: common.lane,
    reason: common.reason,
    release: words.release,
    stage: words.stage,
    community: common.community,
  };
  return (Object.hasOwn(known, name) ? known[name] : undefined) ?? plain(name);
}

function bodyText(page: Page, name: string, value: string): string {
  if (name === 'stage') return say(page, stageText(value));
  return name === 'reason' ? say(page, reasonText(value)) : value;
}

const TONES: Readonly<Record<ApprovalView['state'], Tone>> = {
  open: 'info',
  refused: 'none',
  expired: 'none',
  approved: 'info',
  done: 'good',
  failed: 'bad',
};

function decided(page: Page, all: readonly ApprovalView[]): Html {
  return table(page, {
    caption: words.decided,
    empty: words.noneDecided,
    columns: [
      { head: words.action, kind: 'wide' },
      { head: common.state },
      { head: words.askedBy },
      { head: words.decidedBy },
      { head: words.askedAt },
    ],
    rows: all.map(({ action, state, askedBy, decidedBy, askedAt }) => [
      say(page, actionName(action)),
      mark(page, TONES[state], approvalStates[state]),
      askedBy,
      decidedBy,
      instant(page, askedAt),
    ]),
  });
}
