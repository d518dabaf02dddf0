import { html } from 'hono/html';
import type { StoredDocument } from '../../database/database.ts';
import type { StoredAlarm } from '../../ingest/alarms.ts';
import type { KeptResult } from '../../ingest/chain-checks.ts';
import type { DrillRow } from '../../ingest/deeds.ts';
import type { StoredEntry } from '../../ingest/entries.ts';
import type { GateHistory } from '../../ingest/gate-history.ts';
import type { StoredStream } from '../../ingest/gate-overview.ts';
import type { GateView } from '../gate-views.ts';
import { form } from '../kit/forms.ts';
import { heading, sheet, type View } from '../kit/layout.ts';
import { mark } from '../kit/marks.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import { figure } from '../kit/plot.ts';
import { type Cell, facts, table } from '../kit/table.ts';
import { distance, instant, instantText } from '../kit/times.ts';
import type { GivenOrder } from '../screens/order-log.ts';
import { alarms as alarmNames, clockQualities, common, directions, laneModes } from '../words/common.ts';
import { documentName } from '../words/documents.ts';
import { chainProblems, gate as words } from '../words/gates.ts';
import { drillMode, drillOutcome } from '../words/row-reasons.ts';
import { fill, plain, type Text } from '../words/text.ts';
import { entriesTable } from './entries-view.ts';
import { commandsSheet, lifeSheet } from './gate-forms.ts';
import { condition, matters } from './gate-marks.ts';
import { historySheet } from './history-view.ts';
import { connection, fingerprint, part } from './parts-of-pages.ts';

/** A gate's page. What the gate says of itself is text of a stranger until it is escaped here. */
export interface GatePage {
  readonly view: GateView;
  readonly entries: readonly StoredEntry[];
  readonly documents: readonly StoredDocument[];
  readonly stored: StoredStream | undefined;
  readonly orders: readonly GivenOrder[];
  readonly checks: { readonly isRunning: boolean; readonly last: readonly KeptResult[] };
  readonly history: GateHistory;
  /** What `history` spans. */
  readonly days: 1 | 7;
  readonly drills: readonly DrillRow[];
}

export function gateView(page: Page, given: GatePage): View {
  const { view } = given;
  const over = html`<a href="/console/gates">${say(page, words.allGates)}</a>`;
  const about = fill(words.about, { community: view.community });
  const end = html`<span data-part="state" class="marks">${condition(page, view)}${matters(page, view)}</span>${connection(page)}`;
  const body = html`${heading(page, { title: view.id, about, over, end })}
<div class="sheets">
${alarmsSheet(page, view)}
${view.condition === 'waiting' ? confirmSheet(page, view) : ''}
<div class="stack">${statusSheet(page, given)}${may(page, 'operator') ? commandsSheet(page, given) : ''}${chainSheet(page, given)}</div>
<div class="stack">${lanesSheet(page, view)}${documentsSheet(page, given)}${drillsSheet(page, given)}${view.condition === 'waiting' ? '' : fingerprintSheet(page, view)}</div>
${historySheet(page, given.history, given.days)}
${sheet(page, { title: words.newestEntries, isWide: true, end: allEntries(page, view), body: part('entries', entriesTable(page, given.entries)) })}
${may(page, 'operator') ? lifeSheet(page, view) : ''}
</div>`;
  const query = new URLSearchParams({
    gate: view.id,
    types: 'status,alarm,ack,stored,live,reply',
    idle: '1',
  });
  return { title: plain(view.id), body, live: `/console/live/changes?${query.toString()}` };
}

function allEntries(page: Page, view: GateView): Html {
  return html`<a href="/console/entries?gate=${view.id}">${say(page, words.allEntries)}</a>`;
}

/** There also while there is none: one may come. */
function alarmsSheet(page: Page, view: GateView): Html {
  return html`<div class="sheet-wide" data-part="alarms">${
    view.alarms.length === 0 ? '' : sheet(page, { title: words.alarms, body: alarmsTable(page, view.alarms) })
  }</div>`;
}

export function alarmsTable(page: Page, alarms: readonly StoredAlarm[], hasGate = false): Html {
  const acts = may(page, 'operator');
  return table(page, {
    caption: words.alarms,
    empty: words.noAlarms,
    columns: [
      { head: words.alarms },
      ...(hasGate ? [{ head: common.gate }] : []),
      { head: common.lane },
      { head: common.time },
      { head: common.details, kind: 'wide' },
      ...(acts ? [{ head: common.actions, kind: 'action' as const }] : []),
    ],
    rows: alarms.map(({ gate, alarm }) => [
      mark(page, 'bad', alarmNames[alarm.alarm]),
      ...(hasGate ? [html`<a href="/console/gates/${gate}">${gate}</a>`] : []),
      alarm.lane ?? alarm.reader,
      instant(page, Date.parse(alarm.at)),
      alarm.detail,
      ...(acts ? [acknowledgeForm(page, gate, alarm.id)] : []),
    ]),
  });
}

function acknowledgeForm(page: Page, gate: string, alarm: string): Html {
  const label = fill({ 'zh-CN': '确认报警 {alarm}', en: 'Acknowledge alarm {alarm}' }, { alarm });
  return form(page, {
    id: 'acknowledge',
    button: words.acknowledge,
    tone: 'quiet',
    layout: 'row',
    hidden: { gate, alarm },
    label,
  });
}

function confirmSheet(page: Page, view: GateView): Html {
  const body = html`<p class="soft">${say(page, words.fingerprintAbout)}</p>${fingerprint(view.fingerprint, true)}${
    may(page, 'operator')
      ? form(page, { id: 'confirm', button: words.confirm, hidden: { fingerprint: view.fingerprint } })
      : ''
  }`;
  return sheet(page, { title: words.fingerprint, isWide: true, body });
}

function fingerprintSheet(page: Page, view: GateView): Html {
  const told = view.isConfirmed ? mark(page, 'good', words.confirmed) : undefined;
  return sheet(page, {
    title: words.fingerprint,
    body: fingerprint(view.fingerprint),
    ...(told && { end: told }),
  });
}

function statusSheet(page: Page, { view, stored }: GatePage): Html {
  const { status, heardAt } = view;
  const pairs: (readonly [Text, Cell])[] = [
    [words.condition, condition(page, view)],
    [words.lastHeard, heardAt === undefined ? say(page, words.never) : distance(page, heardAt)],
  ];
  if (status !== undefined) {
    const { quality, errorSeconds } = status.clock;
    const tone = { synced: 'good', holdover: 'info', unsure: 'warn' } as const;
    const error = say(page, fill(words.clockError, { n: errorSeconds }));
    const head = { head: figure(status.journal.seq), stored: figure(stored?.seq ?? 0) };
    pairs.push([words.since, instant(page, Date.parse(status.since))]);
    if (status.ended !== undefined)
      pairs.push([words.ended, say(page, status.ended === 'stopped' ? words.endedStopped : words.endedLost)]);
    pairs.push(
      [
        words.clock,
        html`${mark(page, tone[quality], clockQualities[quality])} <span class="soft">${error}</span>`,
      ],
      [words.journal, say(page, fill(words.journalHead, head))],
      [words.software, status.software],
      [words.protocol, `MQTT ${status.protocol === 5 ? '5' : '3.1.1'}`],
    );
  }
  return sheet(page, { title: words.status, body: part('status', facts(page, pairs)) });
}

function lanesSheet(page: Page, { status }: GateView): Html {
  const body = table(page, {
    caption: words.lanes,
    empty: words.noDoor,
    columns: [
      { head: common.lane },
      { head: words.direction },
      { head: words.mode },
      { head: words.door, kind: 'wide' },
      { head: words.relay },
    ],
    rows: (status?.lanes ?? []).map(({ lane, direction, mode, door }) => [
      lane,
      say(page, directions[direction]),
      mode === 'normal'
        ? say(page, laneModes.normal)
        : mark(page, mode === 'fire' ? 'bad' : 'warn', laneModes[mode]),
      door === undefined ? say(page, words.noDoor) : doorState(page, door),
      door === undefined ? undefined : say(page, door.relayOn ? words.relayOn : words.relayOff),
    ]),
  });
  return sheet(page, { title: words.lanes, body: part('lanes', body) });
}

type Door = NonNullable<NonNullable<GateView['status']>['lanes'][number]['door']>;

function doorState(page: Page, { ok, open, detail }: Door): Html {
  const contact = open === undefined ? words.noContact : open ? words.open : words.closed;
  const told = ok ? mark(page, 'good', words.doorOk) : mark(page, 'bad', words.doorFault);
  return html`${told} <span class="soft">${say(page, contact)}</span>${detail === undefined ? '' : html`<small>${detail}</small>`}`;
}

function documentsSheet(page: Page, { view, documents }: GatePage): Html {
  const ours = documents.filter(({ name }) => {
    const of = name.split('/')[1];
    return of === undefined || Number(of) === view.community;
  });
  const held = view.status?.documents ?? {};
  const body = table(page, {
    caption: words.documents,
    empty: words.never,
    columns: [
      { head: words.document, kind: 'wide' },
      { head: words.held, kind: 'number' },
      { head: words.newest, kind: 'number' },
      { head: words.age },
      { head: common.state },
    ],
    rows: ours.map(({ name, version, issued_at_seconds: issuedAt }) => {
      const has = held[name.split('/')[0] ?? name];
      const told =
        has === undefined
          ? undefined
          : has < version
            ? mark(page, 'warn', words.older)
            : mark(page, 'good', words.upToDate);
      // Of an older version it is not known when it was signed.
      const age = has === version ? distance(page, issuedAt * 1_000) : undefined;
      return [say(page, documentName(name)), has, version, age, told];
    }),
  });
  return sheet(page, { title: words.documents, body: part('documents', body) });
}

function chainSheet(page: Page, { checks, stored }: GatePage): Html {
  const results = html`<ul class="list">${
    checks.isRunning ? html`<li>${mark(page, 'info', words.chainRuns)}</li>` : ''
  }${checks.last.map((result) => html`<li>${chainMark(page, result)}<br><span class="soft small">${say(page, fill(words.chainJournal, { id: result.journal.slice(0, 8) }))} · ${distance(page, result.checkedAt)}</span></li>`)}${
    checks.last.length === 0 && !checks.isRunning ? html`<li>${say(page, words.chainNone)}</li>` : ''
  }</ul>`;
  const body = html`<p class="soft">${say(page, words.chainAbout)}</p>${part('chain', results)}${form(page, { id: 'verify', button: words.verify, tone: 'quiet' })}${
    (stored?.checkpoint ?? null) === null
      ? ''
      : html`<details><summary>${say(page, words.checkpoint)}</summary><p><code>${stored?.checkpoint}</code></p></details>`
  }`;
  return sheet(page, { title: words.chain, body });
}

function chainMark(page: Page, { rows, problem, checkedAt }: KeptResult): Html {
  const at = instantText(page, checkedAt).slice(0, 16);
  return problem === undefined
    ? mark(page, 'good', fill(words.chainWhole, { n: figure(rows), at }))
    : mark(
        page,
        'bad',
        fill(words.chainBroken, {
          seq: figure(problem.seq),
          at,
          why: chainProblems[problem.kind][page.language],
        }),
      );
}

function drillsSheet(page: Page, { view, drills }: GatePage): Html {
  const body = html`<p class="soft">${say(page, words.drillsAbout)}</p>${table(page, {
    caption: words.drills,
    empty: words.noDrills,
    columns: [
      { head: common.time },
      { head: words.drill, kind: 'wide' },
      { head: common.state },
      { head: words.drillRow, kind: 'number' },
    ],
    rows: drills.map(({ at, mode, outcome, journal, seq }) => {
      const { name, isPassed } = drillOutcome(outcome);
      return [
        instant(page, Date.parse(at)),
        say(page, drillMode(mode)),
        mark(page, isPassed ? 'good' : outcome === 'failed' ? 'bad' : 'none', name),
        html`<a href="/console/entries/${view.id}/${journal}/${seq}">${figure(seq)}</a>`,
      ];
    }),
  })}`;
  return sheet(page, { title: words.drills, body: part('drills', body) });
}
