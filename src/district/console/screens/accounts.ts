import { html } from 'hono/html';
import {
  type AccountView,
  accountName,
  DESK_ROLES,
  deskRoles,
  type InvitationView,
} from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import { checkbox, field, form } from '../kit/forms.ts';
import { heading, sheet } from '../kit/layout.ts';
import { mark, type Tone } from '../kit/marks.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import type { Outcome, Screen, Shown, Visit } from '../kit/screen.ts';
import { table } from '../kit/table.ts';
import { distance, instantText } from '../kit/times.ts';
import { common, roles as roleNames } from '../words/common.ts';
import { accountStates, accounts as words } from '../words/desk.ts';
import { problemText } from '../words/problems.ts';
import { fill } from '../words/text.ts';

/** Accounts: one for each person, opened by the administrator. */
const ADMINISTERS: readonly DeskRole[] = ['administrator'];

export const accounts: Screen = {
  path: '/accounts',
  may: ADMINISTERS,
  async show({ page, parts }) {
    const body = html`${heading(page, { title: words.title, about: words.about })}
${sheet(page, { title: words.title, body: accountsTable(page, await parts.accounts.list()) })}
${sheet(page, { title: words.open, body: openForm(page) })}`;
    return { title: words.title, body };
  },
  forms: {
    open: { may: ADMINISTERS, act: open },
    invite: { may: ADMINISTERS, act: inviteAgain },
    disable: { may: ADMINISTERS, act: disable },
  },
};

const TONES: Readonly<Record<AccountView['state'], Tone>> = {
  active: 'good',
  invited: 'info',
  disabled: 'none',
};

function accountsTable(page: Page, all: readonly AccountView[]): Html {
  return table(page, {
    caption: words.title,
    empty: words.none,
    columns: [
      { head: words.name },
      { head: words.roles, kind: 'wide' },
      { head: common.state },
      { head: words.signedIn },
      { head: common.actions, kind: 'action' },
    ],
    rows: all.map(({ account, roles, state, signedInAt }) => [
      html`<strong>${account}</strong>`,
      roles.map((role) => roleNames[role][page.language]).join(page.language === 'en' ? ', ' : '、'),
      mark(page, TONES[state], accountStates[state]),
      signedInAt === undefined ? say(page, words.never) : distance(page, signedInAt),
      // Nobody does these to their own.
      account === page.principal?.account
        ? undefined
        : html`<div class="form-row">${accountForm(page, 'invite', account)}${state === 'disabled' ? '' : accountForm(page, 'disable', account)}</div>`,
    ]),
  });
}

function accountForm(page: Page, id: 'invite' | 'disable', account: string): Html {
  const label = fill(
    { 'zh-CN': '{what}：{account}', en: '{what}: {account}' },
    { what: words[id][page.language], account },
  );
  return form(page, {
    id,
    button: words[id],
    tone: id === 'disable' ? 'danger' : 'quiet',
    layout: 'row',
    hidden: { account },
    label,
  });
}

function openForm(page: Page): Html {
  return form(page, {
    id: 'open',
    button: words.create,
    fields: [
      field(page, {
        form: 'open',
        name: 'account',
        label: words.name,
        hint: words.nameHint,
        lengthMax: 32,
        pattern: '[a-z0-9\\-]{2,32}',
      }),
      html`<fieldset class="checks"><legend>${say(page, words.roles)}</legend>${DESK_ROLES.map((role) => checkbox(page, { form: 'open', name: role, label: roleNames[role] }))}</fieldset>`,
    ],
  });
}

async function open(visit: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const account = accountName.safeParse(fields.get('account')?.trim());
  if (!account.success) return { problem: problemText('account') };
  const roles = deskRoles.safeParse(DESK_ROLES.filter((role) => fields.get(role) === 'on'));
  if (!roles.success) return { problem: problemText('roles') };
  const opened = await visit.parts.accounts.open(
    { account: account.data, roles: roles.data },
    visit.principal.account,
  );
  return opened.ok ? showInvitation(visit, opened.value) : { problem: problemText(opened.error) };
}

async function inviteAgain(visit: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const account = fields.get('account') ?? '';
  if (account === visit.principal.account) return { problem: problemText('own-account') };
  const invited = await visit.parts.accounts.invite(account, visit.principal.account);
  return invited.ok ? showInvitation(visit, invited.value) : { problem: problemText(invited.error) };
}

async function disable({ parts, principal }: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const account = fields.get('account') ?? '';
  if (account === principal.account) return { problem: problemText('own-account') };
  const done = await parts.accounts.disable(account, principal.account);
  return done.ok
    ? { go: '/console/accounts', notice: 'account-disabled' }
    : { problem: problemText(done.error) };
}

function showInvitation(
  { tickets, session }: Visit,
  { account, invitation, expiresAt }: InvitationView,
): Outcome {
  const shown: Shown = async ({ page }) => {
    const title = fill(words.invitationTitle, { account });
    const about = fill(words.invitationAbout, { time: instantText(page, expiresAt) });
    const over = html`<a href="/console/accounts">${say(page, words.title)}</a>`;
    return {
      title,
      body: html`${heading(page, { title, about, over })}<section class="sheet"><p class="invitation"><code>${invitation}</code></p></section>`,
    };
  };
  return { go: `/console/shown/${tickets.keep(session, shown)}` };
}
