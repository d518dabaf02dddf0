import { html } from 'hono/html';
import type { GateUpdate, ReleaseView, StageOffer, UpdatesView, UpdateState } from '../../../wire/index.ts';
import { UPDATE_STAGES, WIDE_STAGES } from '../../../wire/index.ts';
import { choice, form } from '../kit/forms.ts';
import { sheet } from '../kit/layout.ts';
import { mark, type Tone } from '../kit/marks.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import { figure } from '../kit/plot.ts';
import { facts, table } from '../kit/table.ts';
import { distance, instantText } from '../kit/times.ts';
import { UPDATED_GATES_SHOWN } from '../limits.ts';
import { common } from '../words/common.ts';
import { fill, type Text, text } from '../words/text.ts';
import { updates as words, updateStages, updateStates, updateWaits, updateWhy } from '../words/updates.ts';

/** The newest release: what to do next before all else, then how far it has come, and each of its gates. */
type Known = UpdatesView['gates'];

export function releaseSheets(page: Page, release: ReleaseView, gates: Known): Html {
  const unseen = release.gates.filter((each) => each.state === 'failed' && each.lookedBy === undefined);
  return html`<div class="stack">${unseen.length === 0 ? '' : troublesSheet(page, release, unseen)}
<div class="columns"><div class="stack">${nextSheet(page, release, gates)}${release.gates.length === 0 ? '' : stagesSheet(page, release)}</div>${aboutSheet(page, release)}</div>
${release.gates.length === 0 ? '' : gatesSheet(page, release)}</div>`;
}

function nextSheet(page: Page, release: ReleaseView, gates: Known): Html {
  const [tone, told] = standingOf(release);
  const body = html`<p>${mark(page, tone, told)}</p>${release.offers.length === 0 ? '' : offersOf(page, release, gates)}`;
  return sheet(page, { title: words.next, body: html`<div class="why list">${body}</div>` });
}

function standingOf({ waitsFor, stoppedBy = '', gates }: ReleaseView): readonly [Tone, Text] {
  if (waitsFor === undefined)
    return ['info', gates.length === 0 ? updateWaits.registered : updateWaits.ready];
  if (waitsFor === 'stopped') return ['none', fill(updateWaits.stopped, { account: stoppedBy })];
  if (waitsFor === 'running')
    return ['info', fill(updateWaits.running, { n: figure(gates.filter(isUnderWay).length) })];
  const tones: Readonly<Record<typeof waitsFor, Tone>> = {
    newer: 'none',
    expired: 'warn',
    failed: 'bad',
    'nothing-left': gates.length === 0 ? 'warn' : 'good',
  };
  const isUnable = waitsFor === 'nothing-left' && gates.length === 0;
  return [tones[waitsFor], isUnable ? words.noGate : updateWaits[waitsFor]];
}

function isUnderWay({ state }: GateUpdate): boolean {
  return state !== 'healthy' && state !== 'failed';
}

function offersOf(page: Page, release: ReleaseView, gates: Known): Html {
  if (!may(page, 'operator')) return html`<p class="soft">${say(page, words.onlyOperator)}</p>`;
  return html`<p class="soft">${say(page, words.place)}</p><div class="list">${release.offers.map((offer) => offerForm(page, release, { offer, gates }))}</div>`;
}

function offerForm(
  page: Page,
  release: ReleaseView,
  { offer, gates }: { offer: StageOffer; gates: Known },
): Html {
  const { stage, community } = offer;
  const name = offerName(offer);
  return form(page, {
    id: 'begin',
    label: name,
    button: within(WIDE_STAGES.has(stage) ? words.ask : words.begin, name),
    hidden: { release: release.release, stage, ...(community === undefined ? {} : { community }) },
    fields: stage === 'one' ? [firstGate(page, release, gates)] : [],
  });
}

/** One text in another, in both languages. */
function within(frame: Text, stage: Text): Text {
  return text(fill(frame, { stage: stage['zh-CN'] })['zh-CN'], fill(frame, { stage: stage.en }).en);
}

function offerName({ stage, community, gates }: StageOffer): Text {
  const n = figure(gates);
  if (community !== undefined) return fill(words.oneCommunity, { community, n });
  const name = updateStages[stage];
  return stage === 'one' ? name : fill(within(words.withCount, name), { n });
}

function firstGate(page: Page, { release, gates: ordered }: ReleaseView, gates: Known): Html {
  const had = new Set(ordered.map(({ gate }) => gate));
  const open = gates.filter(
    ({ gate, isOnline, release: runs }) => isOnline && runs !== undefined && runs < release && !had.has(gate),
  );
  return choice(page, {
    form: 'begin',
    name: 'gate',
    label: words.whichGate,
    hint: words.whichHint,
    options: open.map(({ gate, community }) => [gate, `${gate} · ${community}`]),
  });
}

function aboutSheet(page: Page, view: ReleaseView): Html {
  const { release, version, address, architectures, expiresAt, registeredAt, registeredBy, waitsFor } = view;
  const registered = fill(words.registeredBy, {
    account: registeredBy,
    time: instantText(page, registeredAt).slice(0, 16),
  });
  const told = facts(page, [
    [words.version, version],
    [words.architectures, architectures.join(' · ')],
    [words.address, address],
    [words.expires, instantText(page, expiresAt).slice(0, 16)],
    [words.registered, say(page, registered)],
  ]);
  const mayStop = may(page, 'operator', 'administrator') && waitsFor !== 'stopped' && waitsFor !== 'newer';
  const stop = mayStop
    ? html`<details><summary>${say(page, words.stop)} <span class="soft">${say(page, words.stopAbout)}</span></summary>${form(page, { id: 'stop', button: words.stop, tone: 'danger', hidden: { release } })}</details>`
    : '';
  return sheet(page, { title: fill(words.release, { n: release }), body: html`${told}${stop}` });
}

/** Stages that were begun, in their order, with how their gates are. */
function stagesSheet(page: Page, { gates }: ReleaseView): Html {
  const begun = UPDATE_STAGES.filter((stage) => gates.some((each) => each.stage === stage));
  const counted = (of: readonly GateUpdate[], fits: (gate: GateUpdate) => boolean) =>
    figure(of.filter(fits).length);
  return sheet(page, {
    title: words.stages,
    body: table(page, {
      caption: words.stages,
      empty: words.notBegun,
      columns: [
        { head: words.stage, kind: 'wide' },
        { head: words.begun, kind: 'number' },
        { head: words.inOrder, kind: 'number' },
        { head: words.underWay, kind: 'number' },
        { head: words.failed, kind: 'number' },
      ],
      rows: begun.map((stage) => {
        const of = gates.filter((each) => each.stage === stage);
        return [
          say(page, updateStages[stage]),
          figure(of.length),
          counted(of, ({ state }) => state === 'healthy'),
          counted(of, isUnderWay),
          counted(of, ({ state }) => state === 'failed'),
        ];
      }),
    }),
  });
}

function troublesSheet(page: Page, { release }: ReleaseView, unseen: readonly GateUpdate[]): Html {
  const mayLook = may(page, 'operator', 'administrator');
  const rows = unseen.slice(0, UPDATED_GATES_SHOWN).map(({ gate, why, since }) => [
    gateLink(gate),
    html`<div class="list">${mark(page, 'bad', updateWhy(why ?? ''))}</div>`,
    distance(page, since),
    mayLook
      ? form(page, {
          id: 'looked',
          button: words.looked,
          tone: 'quiet',
          layout: 'row',
          hidden: { release, gate },
          label: fill(words.lookedLabel, { gate }),
        })
      : '',
  ]);
  const body = html`<p class="soft">${say(page, words.troublesAbout)}</p>${table(page, {
    caption: words.troubles,
    empty: words.troubles,
    columns: [
      { head: common.gate },
      { head: words.why, kind: 'wide' },
      { head: words.since },
      { head: common.actions, kind: 'action' },
    ],
    rows,
  })}`;
  return sheet(page, { title: words.troubles, body });
}

const TONES: Readonly<Record<UpdateState, Tone>> = {
  queued: 'none',
  ordered: 'info',
  back: 'info',
  away: 'warn',
  healthy: 'good',
  failed: 'bad',
};
/** What needs somebody first. */
const URGENCY: Readonly<Record<UpdateState, number>> = {
  failed: 0,
  away: 1,
  ordered: 2,
  back: 3,
  queued: 4,
  healthy: 5,
};

function gatesSheet(page: Page, { gates }: ReleaseView): Html {
  const sorted = gates.toSorted((left, right) => URGENCY[left.state] - URGENCY[right.state]);
  const left = sorted.length - UPDATED_GATES_SHOWN;
  const body = table(page, {
    caption: words.gates,
    empty: words.notBegun,
    columns: [
      { head: common.gate },
      { head: words.stage },
      { head: common.state, kind: 'wide' },
      { head: words.since },
    ],
    rows: sorted
      .slice(0, UPDATED_GATES_SHOWN)
      .map((each) => [
        gateLink(each.gate),
        say(page, updateStages[each.stage]),
        stateOf(page, each),
        distance(page, each.since),
      ]),
  });
  const more = left > 0 ? html`<p class="soft">${say(page, fill(words.more, { n: figure(left) }))}</p>` : '';
  return sheet(page, { title: words.gates, body: html`${body}${more}` });
}

function stateOf(page: Page, { state, why, lookedBy }: GateUpdate): Html {
  const seen = lookedBy === undefined ? '' : say(page, fill(words.lookedBy, { account: lookedBy }));
  const tone = lookedBy === undefined ? TONES[state] : 'none';
  const told = [...(why === undefined ? [] : [say(page, updateWhy(why))]), ...(seen === '' ? [] : [seen])];
  return html`${mark(page, tone, updateStates[state])}${told.length === 0 ? '' : html`<small>${told.join(' · ')}</small>`}`;
}

export function gateLink(gate: string): Html {
  return html`<a href="/console/gates/${gate}">${gate}</a>`;
}
