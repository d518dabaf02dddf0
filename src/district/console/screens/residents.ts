import { html } from 'hono/html';
import {
  checkRoom,
  type PersonSearch,
  personSearchBody,
  type PersonView,
  residentIndex,
  type ResidentView,
} from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import { field, form } from '../kit/forms.ts';
import { heading, sheet } from '../kit/layout.ts';
import { mark, type Tone } from '../kit/marks.ts';
import { type Fields, type Html, may, type Page, say, typed } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { table } from '../kit/table.ts';
import { RESIDENTS_SHOWN_MAX } from '../limits.ts';
import { common, residentStates } from '../words/common.ts';
import { persons } from '../words/persons.ts';
import { problemText } from '../words/problems.ts';
import { residents as words } from '../words/residents.ts';
import { fill } from '../words/text.ts';

/** Residents, always masked. What is looked for comes in a form and is in no address. */
export const READS_RESIDENTS: readonly DeskRole[] = ['registrar', 'reviewer', 'operator', 'auditor'];
export const REGISTERS: readonly DeskRole[] = ['registrar'];
/** By what says who somebody is: as at `/api/persons/search`. */
const LOOKS_UP: readonly DeskRole[] = ['registrar', 'reviewer'];

export const residents: Screen = {
  path: '/residents',
  may: READS_RESIDENTS,
  async show(visit) {
    const { page, parts } = visit;
    const found = await foundBy(visit);
    const body = html`${heading(page, { title: words.title, about: words.about, ...(may(page, ...REGISTERS) && { end: registerLinks(page) }) })}
<section class="sheet">${searchForm(page)}${may(page, ...LOOKS_UP) ? lastSixForm(page) : ''}</section>
${sheet(page, { title: found === undefined ? words.list : words.found, body: residentsTable(page, found ?? (await parts.registry.residents(RESIDENTS_SHOWN_MAX))) })}
`;
    return { title: words.title, body };
  },
  forms: {
    search: { may: READS_RESIDENTS, act: async () => ({ again: true }) },
    'last-six': { may: LOOKS_UP, act: searchLastSix },
  },
};

/** @returns undefined when nobody is looked for */
async function foundBy(visit: Visit): Promise<readonly ResidentView[] | undefined> {
  const { page, parts } = visit;
  const search = lastSixOf(page.posted?.form === 'last-six' ? page.posted.fields : new Map());
  if (search !== undefined) return viewsOf(parts, await parts.persons.search(search));
  const asked = typed(page, 'search', 'query')?.trim() ?? '';
  return asked === '' ? undefined : searchAll(visit, asked);
}

async function searchLastSix(_visit: Visit, fields: Fields): Promise<Outcome> {
  return lastSixOf(fields) === undefined ? { problem: problemText('last-six') } : { again: true };
}

function lastSixOf(fields: Fields): PersonSearch | undefined {
  const [lastSix, birthDate] = [fields.get('lastSix')?.trim(), fields.get('birthDate')?.trim()];
  return personSearchBody.safeParse({ by: 'last-six', lastSix, birthDate }).data;
}

/** One box for everything that identifies. Who somebody is may be asked by those alone who may at `/api`. */
async function searchAll({ page, parts }: Visit, asked: string): Promise<readonly ResidentView[]> {
  const { registry, persons, communities } = parts;
  const index = residentIndex.safeParse(/^\d{1,10}$/.test(asked) ? Number(asked) : undefined);
  const byIndex = index.success ? await registry.resident(index.data) : undefined;
  if (byIndex !== undefined) return [byIndex];
  const read = checkRoom(asked);
  const room = read.ok ? read.value.text : asked;
  const inRoom = (await Promise.all(communities.map(({ id }) => registry.household(id, room)))).flat();
  if (!may(page, ...LOOKS_UP)) return inRoom;
  const searches = [
    { by: 'name', name: asked },
    { by: 'phone', phone: asked },
    { by: 'document', number: asked },
  ].flatMap((each) => personSearchBody.safeParse(each).data ?? []);
  const people = (await Promise.all(searches.map((each) => persons.search(each)))).flat();
  const known = new Set(inRoom.map(({ index }) => index));
  return [...inRoom, ...(await viewsOf(parts, people)).filter(({ index }) => !known.has(index))];
}

async function viewsOf(
  { registry }: Visit['parts'],
  people: readonly PersonView[],
): Promise<readonly ResidentView[]> {
  const indices = new Set(people.flatMap(({ residences }) => residences.map(({ index }) => index)));
  const views: ResidentView[] = [];
  for (const index of [...indices].slice(0, RESIDENTS_SHOWN_MAX)) {
    const view = await registry.resident(index);
    if (view !== undefined) views.push(view);
  }
  return views;
}

function searchForm(page: Page): Html {
  const of = 'search';
  return form(page, {
    id: of,
    button: words.find,
    layout: 'row',
    fields: [
      field(page, {
        form: of,
        name: 'query',
        label: words.query,
        hint: words.queryHint,
        type: 'search',
        lengthMax: 64,
      }),
    ],
  });
}

function lastSixForm(page: Page): Html {
  const of = 'last-six';
  const isOpen = page.posted?.form === of;
  const fields = [
    field(page, { form: of, name: 'lastSix', label: persons.lastSix, lengthMax: 6 }),
    field(page, { form: of, name: 'birthDate', label: persons.birthDate, type: 'date' }),
  ];
  return html`<details${isOpen ? html` open` : ''}><summary>${say(page, persons.lastSixTitle)}</summary>${form(page, { id: of, button: words.find, layout: 'row', fields })}</details>`;
}

function registerLinks(page: Page): Html {
  return html`<a class="button" href="/console/import">${say(page, persons.importTitle)}</a><a class="button button-main" href="/console/residents/new">${say(page, persons.title)}</a>`;
}

export const STATE_TONES: Readonly<Record<ResidentView['state'], Tone>> = {
  valid: 'good',
  revoked: 'bad',
  suspended: 'warn',
  'ask-guard': 'info',
};

export function residentsTable(page: Page, found: readonly ResidentView[]): Html {
  return table(page, {
    caption: words.list,
    empty: words.none,
    columns: [
      { head: words.name },
      { head: words.room },
      { head: common.community },
      { head: common.state, kind: 'wide' },
      { head: words.phones, kind: 'number' },
      { head: words.index, kind: 'number' },
    ],
    rows: found.map(({ index, display, room, community, state, slots }) => [
      html`<a href="/console/residents/${index}">${display ?? `#${index}`}</a>`,
      room,
      community,
      mark(page, STATE_TONES[state], residentStates[state]),
      slots.length === 0 ? undefined : say(page, fill(words.phoneCount, { n: slots.length })),
      index,
    ]),
  });
}
