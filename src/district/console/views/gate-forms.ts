import { html } from 'hono/html';
import { COMMAND_LIFE_MAX_SECONDS, type CommandVerb } from '../../../wire/index.ts';
import type { StoredEntry } from '../../ingest/entries.ts';
import type { GateView } from '../gate-views.ts';
import { choice, form, reasonChoice } from '../kit/forms.ts';
import { sheet } from '../kit/layout.ts';
import { mark } from '../kit/marks.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { table } from '../kit/table.ts';
import { figure } from '../kit/plot.ts';
import { instant } from '../kit/times.ts';
import type { GivenOrder } from '../screens/order-log.ts';
import { common, verbs } from '../words/common.ts';
import { COMMAND_REASONS, END_REASONS } from '../words/reasons.ts';
import { gate as words } from '../words/gates.ts';
import { rowReason } from '../words/row-reasons.ts';
import { fill, type Text } from '../words/text.ts';

/** Orders to a gate and the end of its life: each behind its own fold, with its reason, so that nothing is done by a slip. */
interface Commands {
  readonly view: GateView;
  readonly entries: readonly StoredEntry[];
  readonly orders: readonly GivenOrder[];
}

const ORDERS: readonly (readonly [CommandVerb, Text])[] = [
  ['open', words.openAbout],
  ['lock-down', words.lockAbout],
  ['release', words.releaseAbout],
  ['reload', words.reloadAbout],
  ['identify', words.identifyAbout],
];

export function commandsSheet(page: Page, { view, entries, orders }: Commands): Html {
  const isThere = view.condition === 'online' || view.condition === 'silent';
  const about = isThere ? words.commandsAbout : words.commandsOffline;
  const body = html`<p class="${isThere ? 'soft' : 'warning'}">${say(page, about)}</p>
${isThere ? html`<div>${ORDERS.map(([verb, told]) => order(page, view, { verb, told }))}</div>` : ''}
${orders.length === 0 ? '' : html`<div data-part="orders"><h3>${say(page, words.orders)}</h3>${ordersTable(page, { entries, orders })}</div>`}`;
  return sheet(page, { title: words.commands, body });
}

function order(page: Page, view: GateView, { verb, told }: { verb: CommandVerb; told: Text }): Html {
  const isAsked = verb === 'release';
  const lanes = (view.status?.lanes ?? []).map(({ lane }) => [lane, lane] as const);
  const manyLanes = verb === 'lock-down' || verb === 'release';
  const lane =
    lanes.length === 0 || (lanes.length === 1 && !manyLanes)
      ? []
      : [
          choice(page, {
            form: verb,
            name: 'lane',
            label: common.lane,
            options: lanes,
            ...(manyLanes && { none: words.allLanes }),
          }),
        ];
  const isOpen = page.posted?.form === verb;
  return html`<details${isOpen ? html` open` : ''}><summary>${say(page, verbs[verb])} <span class="soft">${say(page, told)}</span></summary>${form(
    page,
    {
      id: verb,
      button: isAsked ? words.ask : verbs[verb],
      tone: verb === 'lock-down' ? 'danger' : 'main',
      fields: [...lane, reasonChoice(page, { form: verb, reasons: COMMAND_REASONS })],
    },
  )}</details>`;
}

function ordersTable(page: Page, { entries, orders }: Omit<Commands, 'view'>): Html {
  return table(page, {
    caption: words.orders,
    empty: words.pending,
    columns: [
      { head: words.order },
      { head: common.time },
      { head: words.by },
      { head: words.answer, kind: 'wide' },
    ],
    rows: orders.map((order) => [
      say(page, verbs[order.verb]),
      instant(page, order.at),
      order.by,
      reply(page, order, entries),
    ]),
  });
}

/** By the gate's own word, or by the row that it left here; an order that is over and has neither is told as such. */
function reply(page: Page, { jti, at, reply: said }: GivenOrder, entries: readonly StoredEntry[]): Html {
  const row = entries.find((entry) => entry.row.command === jti)?.row;
  const seq = said?.seq ?? row?.seq;
  if (seq === undefined)
    return page.now - at > COMMAND_LIFE_MAX_SECONDS * 1_000
      ? mark(page, 'warn', words.noReply)
      : mark(page, 'none', words.pending);
  const isDone = said === undefined ? row?.decision !== 'refused' : said.outcome === 'done';
  if (isDone) return mark(page, 'good', fill(words.done, { seq: figure(seq) }));
  const told = mark(page, 'bad', fill(words.notDone, { seq: figure(seq) }));
  return html`${told}${said?.reason === undefined ? '' : html`<small>${say(page, rowReason(said.reason))}</small>`}`;
}

export function lifeSheet(page: Page, view: GateView): Html | string {
  if (view.condition === 'retired' || view.condition === 'stolen') return '';
  const ends = [
    ['retired', words.retire, words.retireAbout],
    ['stolen', words.stolen, words.stolenAbout],
  ] as const;
  const body = html`<p class="soft">${say(page, words.lifeAbout)}</p><div>${ends.map(
    ([id, name, told]) =>
      html`<details${page.posted?.form === id ? html` open` : ''}><summary>${say(page, name)} <span class="soft">${say(page, told)}</span></summary>${form(
        page,
        {
          id,
          button: name,
          tone: 'danger',
          fields: [reasonChoice(page, { form: id, reasons: END_REASONS })],
        },
      )}</details>`,
  )}</div>`;
  return sheet(page, { title: words.life, isWide: true, body });
}
