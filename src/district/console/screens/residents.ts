import { html } from 'hono/html';
import { communityId, type PersonView, type ResidentView, newResidentBody } from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import { checkbox, choice, field, form } from '../kit/forms.ts';
import { heading, sheet } from '../kit/layout.ts';
import { mark, type Tone } from '../kit/marks.ts';
import { type Html, may, type Page, say, typed } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { table } from '../kit/table.ts';
import { RESIDENTS_SHOWN_MAX } from '../limits.ts';
import { communityName } from '../views/parts-of-pages.ts';
import { common, residentStates } from '../words/common.ts';
import { problemText } from '../words/problems.ts';
import { residents as words } from '../words/residents.ts';
import { fill } from '../words/text.ts';

/** Residents, always masked. What is looked for comes in a form and is in no address. */
export const READS_RESIDENTS: readonly DeskRole[] = ['registrar', 'reviewer', 'operator', 'auditor'];
export const REGISTERS: readonly DeskRole[] = ['registrar'];

export const residents: Screen = {
  path: '/residents',
  may: READS_RESIDENTS,
  async show(visit) {
    const { page, parts } = visit;
    const asked = typed(page, 'search', 'query')?.trim() ?? '';
    const found =
      asked === '' ? await parts.registry.residents(RESIDENTS_SHOWN_MAX) : await search(visit, asked);
    const body = html`${heading(page, { title: words.title, about: words.about })}
<section class="sheet">${searchForm(page)}</section>
${sheet(page, { title: asked === '' ? words.list : words.found, body: residentsTable(page, found) })}
${may(page, ...REGISTERS) ? sheet(page, { title: words.add, body: addForm(visit) }) : ''}`;
    return { title: words.title, body };
  },
  forms: {
    search: { may: READS_RESIDENTS, act: async () => ({ again: true }) },
    add: { may: REGISTERS, act: add },
  },
};

/** One box for everything that identifies: what it is shows in its form. */
async function search({ parts }: Visit, asked: string): Promise<readonly ResidentView[]> {
  const { registry, persons, communities } = parts;
  const byIndex = /^\d{1,10}$/.test(asked) ? await registry.resident(Number(asked)) : undefined;
  if (byIndex !== undefined) return [byIndex];
  if (persons === undefined) {
    const all = await registry.residents(RESIDENTS_SCANNED_MAX);
    return all
      .filter(({ room, display }) => room === asked || display?.startsWith(asked) === true)
      .slice(0, RESIDENTS_SHOWN_MAX);
  }
  const rooms = communities.map(({ id }) =>
    persons.search({ by: 'room', community: id, room: asked.slice(0, 64) }),
  );
  const others = [
    persons.search({ by: 'name', name: asked.slice(0, 64) }),
    ...(asked.length >= 5 && asked.length <= 32 ? [persons.search({ by: 'phone', phone: asked })] : []),
    ...(asked.length >= 4 && asked.length <= 40 ? [persons.search({ by: 'document', number: asked })] : []),
  ];
  const people = (await Promise.all([...rooms, ...others])).flat();
  return viewsOf(parts, people);
}

const RESIDENTS_SCANNED_MAX = 1_000;

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

function addForm({ page, parts }: Visit): Html {
  const of = 'add';
  return html`<p class="soft">${say(page, words.addAbout)}</p>${form(page, {
    id: of,
    button: words.add,
    fields: [
      choice(page, {
        form: of,
        name: 'community',
        label: common.community,
        options: parts.communities.map((each) => [each.id, communityName(each)]),
      }),
      field(page, { form: of, name: 'room', label: words.room, hint: words.roomHint, lengthMax: 64 }),
      field(page, { form: of, name: 'display', label: words.display, lengthMax: 16 }),
      checkbox(page, { form: of, name: 'needsMoreTime', label: words.needsMoreTime }),
      checkbox(page, { form: of, name: 'minor', label: words.minor }),
    ],
  })}`;
}

async function add({ parts, principal }: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const community = communityId.safeParse(Number(fields.get('community') ?? Number.NaN));
  if (!community.success || !parts.communities.some(({ id }) => id === community.data))
    return { problem: problemText('no-such-community') };
  const display = fields.get('display')?.trim() ?? '';
  if (!display.includes('*')) return { problem: problemText('display') };
  const resident = newResidentBody.safeParse({
    community: community.data,
    room: fields.get('room')?.trim() ?? '',
    display,
    needsMoreTime: fields.get('needsMoreTime') === 'on',
    minor: fields.get('minor') === 'on',
  });
  if (!resident.success) return { problem: problemText('room') };
  const added = await parts.registry.addResident(resident.data);
  if (added === undefined) return { problem: problemText('household-full') };
  await parts.publisher.registryChanged();
  await parts.audit.note({
    account: principal.account,
    action: 'add resident',
    subject: String(added.index),
    outcome: 'done',
  });
  return { go: `/console/residents/${added.index}`, notice: 'resident-added' };
}
