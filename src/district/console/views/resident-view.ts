import { html } from 'hono/html';
import {
  type CheckedPerson,
  DOCUMENT_TYPE_WORDS,
  type IssuedCode,
  type PersonView,
  type ResidentState,
  type ResidentView,
} from '../../../wire/index.ts';
import type { StoredEntry } from '../../ingest/entries.ts';
import type { Uptake } from '../../publishing/list-uptake.ts';
import type { StoredPass } from '../../registry/passes-of.ts';
import { choice, field, form, reasonChoice } from '../kit/forms.ts';
import { heading, sheet, type View } from '../kit/layout.ts';
import { mark } from '../kit/marks.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import type { Shown } from '../kit/screen.ts';
import { symbol } from '../kit/symbol.ts';
import { type Cell, facts, table } from '../kit/table.ts';
import { instantText } from '../kit/times.ts';
import { residentsTable, STATE_TONES } from '../screens/residents.ts';
import { common, residentStates } from '../words/common.ts';
import { persons, relations, sexes } from '../words/persons.ts';
import { REVEAL_REASONS, STATE_REASONS } from '../words/reasons.ts';
import { residents as words } from '../words/residents.ts';
import { fill, type Text } from '../words/text.ts';
import { type Communities, lifeSheet } from './person-forms.ts';
import { entriesTable } from './entries-view.ts';
import { uptakeLine, uptakeSheet } from './uptake-view.ts';

/** A resident's page: masked, and with what this person's role may do. */
export interface ResidentPage {
  readonly view: ResidentView;
  readonly household: readonly ResidentView[];
  readonly passes: readonly StoredPass[];
  readonly entries: readonly StoredEntry[];
  readonly person: PersonView | undefined;
  readonly community: string;
  readonly communities: Communities;
  /** Of its last change; undefined: nothing is known of one. */
  readonly uptake: Uptake | undefined;
}

export function residentPage(page: Page, given: ResidentPage): View {
  const { view } = given;
  const title = view.display ?? `#${view.index}`;
  const registers = may(page, 'registrar');
  const changes = may(page, 'registrar', 'operator');
  const body = html`${heading(page, {
    title,
    over: html`<a href="/console/residents">${say(page, words.title)}</a>`,
    end: mark(page, STATE_TONES[view.state], residentStates[view.state]),
  })}
<div class="sheets"><div class="stack">
${sheet(page, { title: common.details, body: facts(page, factsOf(page, given)) })}
${changes ? stateSheet(page, view) : ''}
${changes && view.photo === true ? photoSheet(page) : ''}
${given.uptake === undefined ? '' : uptakeSheet(page, given.uptake)}
${given.person !== undefined && may(page, 'registrar', 'reviewer') ? revealSheet(page) : ''}
</div><div class="stack">
${registers ? cardSheet(page, given) : ''}
${registers ? html`${passSheet(page)}${lifeSheet(page, given)}${replaceSheet(page)}` : ''}
</div>
${sheet(page, { title: words.household, isWide: true, body: given.household.length === 0 ? html`<p class="empty">${say(page, words.householdAlone)}</p>` : residentsTable(page, given.household) })}
${sheet(page, { title: words.passes, isWide: true, body: passesTable(page, given.passes) })}
${sheet(page, { title: words.entries, isWide: true, body: entriesTable(page, given.entries) })}
</div>`;
  return { title: { 'zh-CN': title, en: title }, body, ...uptakeLine(page, given.uptake) };
}

function factsOf(page: Page, { view, person, community }: ResidentPage): (readonly [Text, Cell])[] {
  return [
    [common.community, community],
    [words.room, view.room],
    [words.member, view.order + 1],
    [words.index, view.index],
    [words.phones, say(page, fill(words.phoneCount, { n: view.slots.length }))],
    ...(view.photo === true ? ([[words.photo, say(page, common.yes)]] as const) : []),
    ...(person === undefined
      ? []
      : ([
          [words.document, documentOf(page, person)],
          [words.phone, person.phone],
        ] as const)),
  ];
}

function documentOf(page: Page, { documentType: type, documentNumber, documentCancelled }: PersonView): Cell {
  const told = documentCancelled ? mark(page, 'bad', persons.cancelled) : '';
  return html`${documentType(page, type)} ${documentNumber} ${told}`;
}

function documentType(page: Page, type: PersonView['documentType']): string {
  const { zh, en } = DOCUMENT_TYPE_WORDS[type];
  return page.language === 'en' ? en : zh;
}

/** What a state may become, each with its verb. */
const NEXT: Readonly<Record<ResidentState, readonly ResidentState[]>> = {
  valid: ['suspended', 'revoked', 'ask-guard'],
  suspended: ['valid', 'revoked'],
  revoked: ['valid'],
  'ask-guard': ['valid', 'suspended', 'revoked'],
};
const VERBS: Readonly<Record<ResidentState, Text>> = {
  valid: words.restore,
  suspended: words.suspend,
  revoked: words.revoke,
  'ask-guard': words.askGuard,
};

function stateSheet(page: Page, { state }: ResidentView): Html {
  const of = 'state';
  const body = html`<p class="soft">${say(page, words.stateAbout)}</p>${form(page, {
    id: of,
    button: common.save,
    fields: [
      choice(page, {
        form: of,
        name: 'state',
        label: words.state,
        options: NEXT[state].map((next) => [next, VERBS[next]]),
      }),
      reasonChoice(page, { form: of, reasons: STATE_REASONS }),
    ],
  })}`;
  return sheet(page, { title: words.state, body });
}

function photoSheet(page: Page): Html {
  const body = html`<p class="soft">${say(page, words.photoAbout)}</p>${form(page, { id: 'remove-photo', button: words.photoRemove, tone: 'danger' })}`;
  return sheet(page, { title: words.photo, body });
}

function revealSheet(page: Page): Html {
  const of = 'reveal';
  const body = html`<p class="soft">${say(page, words.revealAbout)}</p>${form(page, {
    id: of,
    button: words.reveal,
    tone: 'quiet',
    fields: [reasonChoice(page, { form: of, reasons: REVEAL_REASONS })],
  })}`;
  return sheet(page, { title: words.reveal, body });
}

function replaceSheet(page: Page): Html {
  const body = html`<p class="soft">${say(page, words.lostAbout)}</p>${form(page, { id: 'replace', button: words.replace, tone: 'danger' })}`;
  return sheet(page, { title: words.lost, body });
}

function cardSheet(page: Page, { community }: ResidentPage): Html {
  const of = 'card';
  const layouts = [
    ['card', words.layoutCard],
    ['sheet', words.layoutSheet],
  ] as const;
  const body = html`<p class="soft">${say(page, words.cardAbout)}</p>${form(page, {
    id: of,
    button: words.issueCard,
    fields: [
      field(page, { form: of, name: 'days', label: words.days, type: 'number', value: 28, min: 1, max: 366 }),
      field(page, {
        form: of,
        name: 'community',
        label: words.communityName,
        value: community,
        lengthMax: 40,
      }),
      choice(page, { form: of, name: 'layout', label: words.layout, options: layouts }),
    ],
  })}`;
  return sheet(page, { title: words.card, body });
}

function passSheet(page: Page): Html {
  const of = 'pass';
  const body = html`<p class="soft">${say(page, words.passAbout)}</p>${form(page, {
    id: of,
    button: words.issuePass,
    fields: [
      field(page, {
        form: of,
        name: 'minutes',
        label: words.minutes,
        type: 'number',
        value: 240,
        min: 1,
        max: 65_535,
      }),
      field(page, { form: of, name: 'uses', label: words.uses, type: 'number', value: 1, min: 1, max: 255 }),
    ],
  })}`;
  return sheet(page, { title: words.pass, body });
}

function passesTable(page: Page, passes: readonly StoredPass[]): Html {
  const changes = may(page, 'registrar', 'operator');
  return table(page, {
    caption: words.passes,
    empty: words.noPasses,
    columns: [
      { head: words.index, kind: 'number' },
      { head: words.from },
      { head: words.validUntil },
      { head: words.uses, kind: 'number' },
      { head: common.state, kind: 'wide' },
      ...(changes ? [{ head: common.actions, kind: 'action' as const }] : []),
    ],
    rows: passes.map(({ id, from, minutes, uses, state }) => [
      id,
      instantText(page, from * 1000).slice(0, 16),
      instantText(page, (from + minutes * 60) * 1000).slice(0, 16),
      uses,
      mark(page, STATE_TONES[state], residentStates[state]),
      ...(changes ? [passForm(page, id, state)] : []),
    ]),
  });
}

function passForm(page: Page, pass: number, state: ResidentState): Html {
  const next = state === 'valid' ? 'revoked' : 'valid';
  const label = fill(
    { 'zh-CN': '{what}来访码 {pass}', en: '{what} pass {pass}' },
    { what: VERBS[next][page.language], pass },
  );
  return form(page, {
    id: 'pass-state',
    button: VERBS[next],
    tone: 'quiet',
    layout: 'row',
    hidden: { pass, state: next },
    label,
  });
}

/** Handed over on the spot: its code is nowhere else. */
export function passPage(
  host: number,
  { code, expiresAt, passId }: IssuedCode & { readonly passId: number },
): Shown {
  return async ({ page }) => {
    const title = fill(words.passTitle, { n: passId });
    const over = html`<a href="/console/residents/${host}">${say(page, fill({ 'zh-CN': '住户 {n}', en: 'resident {n}' }, { n: host }))}</a>`;
    const body = html`${heading(page, { title, about: words.passShown, over })}<section class="sheet">${symbol(page, code, title)}${facts(page, [[words.validUntil, instantText(page, expiresAt * 1000)]])}</section>`;
    return { title, body };
  };
}

export function recordView(page: Page, { index }: ResidentView, person: CheckedPerson): View {
  const over = html`<a href="/console/residents/${index}">${say(page, words.residentBack)}</a>`;
  const pairs: (readonly [Text, Cell])[] = [
    [words.name, person.name],
    [words.document, `${documentType(page, person.document.type)} ${person.document.number}`],
    [words.phone, person.phone],
    [persons.sex, person.sex === undefined ? undefined : say(page, sexes[person.sex])],
    [words.birthDate, person.birthDate],
    [words.plate, person.plate],
    [persons.relation, person.relation === undefined ? undefined : say(page, relations[person.relation])],
  ];
  const body = html`${heading(page, { title: words.revealed, about: words.revealedAbout, over })}<section class="sheet">${facts(page, pairs)}</section>`;
  return { title: words.revealed, body };
}
