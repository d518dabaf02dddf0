import { html } from 'hono/html';
import { communityId, gateId } from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import { gateFacts, type GateView, gateViews } from '../gate-views.ts';
import { choice, field, form } from '../kit/forms.ts';
import { heading, sheet, type View } from '../kit/layout.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import type { Outcome, Screen, Shown, Visit } from '../kit/screen.ts';
import { symbol } from '../kit/symbol.ts';
import { instant, instantText } from '../kit/times.ts';
import { communityName, connection, fingerprint } from '../views/parts-of-pages.ts';
import { common } from '../words/common.ts';
import { enrol as words } from '../words/desk.ts';
import { problemText } from '../words/problems.ts';
import { fill } from '../words/text.ts';

/** A new gate: the one-time symbol for its reader, and then the fingerprint that somebody compares. */
const ENROLS: readonly DeskRole[] = ['operator'];
/** A gate that has answered is told of, and so is one that speaks for the first time. */
const ENROLLED = '/console/live/changes?types=status,desk&idle=1';

export const enrol: Screen = {
  path: '/enrol',
  may: ['operator', 'administrator'],
  async show({ page, parts }) {
    const waiting = gateViews(await gateFacts(parts)).filter(({ condition }) => condition === 'waiting');
    const body = html`${heading(page, { title: words.title, about: words.about, end: connection(page) })}
<div class="sheets">${sheet(page, { title: words.make, body: enrolForm(page, parts.communities) })}
${sheet(page, { title: words.waiting, body: html`<div data-part="waiting">${waitingList(page, waiting)}</div>` })}</div>`;
    return { title: words.title, body, live: ENROLLED };
  },
  forms: { enrol: { may: ENROLS, act: open } },
};

type Communities = Visit['parts']['communities'];

function enrolForm(page: Page, communities: Communities): Html {
  const of = 'enrol';
  const options = communities.map((each) => [each.id, communityName(each)] as const);
  return form(page, {
    id: of,
    button: words.make,
    fields: [
      field(page, {
        form: of,
        name: 'gate',
        label: words.name,
        hint: words.nameHint,
        lengthMax: 32,
        pattern: '[a-z0-9\\-]{1,32}',
      }),
      choice(page, { form: of, name: 'community', label: common.community, options }),
    ],
  });
}

function waitingList(page: Page, waiting: readonly GateView[]): Html {
  if (waiting.length === 0) return html`<p class="empty">${say(page, words.noneWaiting)}</p>`;
  return html`<ul class="list">${waiting.map(
    ({ id, fingerprint: hex }) =>
      html`<li class="why"><strong>${id}</strong>${fingerprint(hex)}<a href="/console/gates/${id}">${say(page, words.compare)}</a></li>`,
  )}</ul>`;
}

async function open(visit: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const { parts, principal, session, tickets } = visit;
  const gate = gateId.safeParse(fields.get('gate')?.trim());
  const community = communityId.safeParse(Number(fields.get('community') ?? Number.NaN));
  if (!gate.success) return { problem: problemText('gate-name') };
  if (!community.success) return { problem: problemText('no-such-community') };
  const opened = await parts.enrolments.open({ gate: gate.data, community: community.data });
  const outcome = opened.ok ? 'done' : opened.error;
  await parts.audit.note({
    account: principal.account,
    action: 'open enrolment',
    subject: gate.data,
    outcome,
  });
  if (!opened.ok) return { problem: problemText(opened.error) };
  const ticket = tickets.keep(session, symbolPage(gate.data, opened.value));
  return { go: `/console/shown/${ticket}` };
}

/** The gate of an older machine with this name is no answer: one that waits is. */
function symbolPage(gate: string, { text, expiresAt }: { text: string; expiresAt: number }): Shown {
  return async ({ page, parts }): Promise<View> => {
    const title = fill(words.symbolTitle, { gate });
    const answered = gateViews(await gateFacts(parts)).find(
      ({ id, condition }) => id === gate && condition === 'waiting',
    );
    const until = fill(words.until, { time: instantText(page, expiresAt * 1000).slice(11) });
    const body = html`${heading(page, { title, over: html`<a href="/console/enrol">${say(page, words.title)}</a>`, end: connection(page) })}
<div class="columns"><section class="sheet"><div class="sheet-head"><h2>${say(page, words.scan)}</h2></div>${symbol(page, text, words.scan)}
<p class="soft">${say(page, words.orType)}</p><p><code>${text}</code></p></section>
<div class="stack">${sheet(page, { title: words.left, body: html`<p class="count-down" data-until="${expiresAt * 1000}">${instant(page, expiresAt * 1000)}</p><p class="soft">${say(page, until)}</p>` })}
<section class="sheet" data-part="answer">${
      answered === undefined
        ? html`<p class="soft">${say(page, words.waitingFor)}</p>`
        : html`<h2>${say(page, words.answered)}</h2>${fingerprint(answered.fingerprint, true)}<p><a class="button button-main" href="/console/gates/${gate}">${say(page, words.compare)}</a></p>`
    }</section></div></div>`;
    return { title, body, live: ENROLLED };
  };
}
