import {
  checkRoom,
  DOCUMENT_PROBLEM_WORDS,
  FIELD_PROBLEM_WORDS,
  personDocumentBody,
} from '../../../wire/index.ts';
import type { ChangeDocument, PersonView, ResidentView } from '../../../wire/index.ts';
import { send } from '../kit/desk.ts';
import type { Fields } from '../kit/page.ts';
import type { FormHandler, Outcome, Visit } from '../kit/screen.ts';
import { recordView } from '../views/resident-view.ts';
import { problemText } from '../words/problems.ts';
import { REVEAL_REASONS, reasonOf } from '../words/reasons.ts';
import { communityOf, errorsOf, saidOf, wrong } from './new-resident.ts';
import { note, personOf, viewOf } from './one-resident.ts';
import { REGISTERS } from './residents.ts';

/** What becomes of a resident and of who it is: moving, leaving, a change of document, telephone and plate, a look at all of it. */
export const LIFE_FORMS: Readonly<Record<string, FormHandler>> = {
  move: { may: REGISTERS, act: forResident(move) },
  leave: { may: REGISTERS, act: forResident(leave) },
  document: { may: REGISTERS, act: forPerson(newDocument) },
  'document-state': { may: REGISTERS, act: forPerson(documentState) },
  contact: { may: REGISTERS, act: forPerson(contact) },
  reveal: { may: ['registrar', 'reviewer'], act: forPerson(reveal) },
};

interface Asked {
  readonly visit: Visit;
  readonly fields: Fields;
  readonly view: ResidentView;
}
type AskedOfPerson = Asked & { readonly person: PersonView };

function forResident(work: (asked: Asked) => Promise<Outcome>): FormHandler['act'] {
  return async (visit, fields) => {
    const view = await viewOf(visit);
    return view === undefined ? { problem: problemText('no-such-resident') } : work({ visit, fields, view });
  };
}

function forPerson(work: (asked: AskedOfPerson) => Promise<Outcome>): FormHandler['act'] {
  return forResident(async (asked) => {
    const person = await personOf(asked.visit, asked.view);
    return person === undefined ? { problem: problemText('no-such-person') } : work({ ...asked, person });
  });
}

async function move({ visit, fields, view: { index, community: before } }: Asked): Promise<Outcome> {
  const { parts } = visit;
  const community = communityOf(visit, fields);
  if (community === undefined) return { problem: problemText('no-such-community') };
  const room = checkRoom(fields.get('room') ?? '');
  if (!room.ok) return wrong([['room', saidOf(FIELD_PROBLEM_WORDS[room.error])]]);
  const moved = await parts.registry.move(index, { community, room: room.value.text });
  await note(visit, { action: 'move resident', subject: index, outcome: moved.ok ? 'done' : moved.error });
  if (!moved.ok) return { problem: problemText(moved.error) };
  await parts.publisher.registryChanged({ what: 'people', communities: [...new Set([before, community])] });
  return { go: here(index), notice: 'moved' };
}

async function leave({ visit, fields, view: { index, community } }: Asked): Promise<Outcome> {
  const { parts } = visit;
  if (fields.get('sure') !== 'on') return { problem: problemText('not-sure') };
  const left = await parts.registry.leave(index);
  await note(visit, { action: 'resident leaves', subject: index, outcome: left.ok ? 'done' : left.error });
  if (!left.ok) return { problem: problemText(left.error) };
  await parts.publisher.statusChanged('residents', [index]);
  await parts.publisher.registryChanged({ what: 'people', communities: [community] });
  return { go: here(index), notice: 'left' };
}

async function newDocument(asked: AskedOfPerson): Promise<Outcome> {
  const { fields } = asked;
  const document = personDocumentBody.safeParse({
    type: fields.get('document.type'),
    number: fields.get('document.number')?.trim(),
  });
  if (!document.success) return wrong([['document.number', saidOf(DOCUMENT_PROBLEM_WORDS.empty)]]);
  return changeDocument(asked, { change: 'new', document: document.data });
}

async function documentState(asked: AskedOfPerson): Promise<Outcome> {
  return changeDocument(asked, { change: asked.fields.get('change') === 'restore' ? 'restore' : 'cancel' });
}

/** A new number draws new indexes: the page goes on with the one that took the place of this. */
async function changeDocument(
  { visit, view, person: { person } }: AskedOfPerson,
  change: ChangeDocument,
): Promise<Outcome> {
  const { parts } = visit;
  const done = await parts.persons.changeDocument(person, change);
  const refusal = done.ok ? 'done' : typeof done.error === 'string' ? done.error : 'refused';
  await note(visit, { action: `document ${change.change}`, subject: person, outcome: refusal });
  if (!done.ok)
    return typeof done.error === 'string'
      ? { problem: problemText(done.error) }
      : wrong([['document.number', saidOf(DOCUMENT_PROBLEM_WORDS[done.error.document])]]);
  if (done.value.places.length > 0) await parts.publisher.statusChanged('residents', done.value.places);
  const now = await parts.persons.view(person);
  const communities = await parts.registry.communitiesOf(person);
  await parts.publisher.registryChanged({ what: 'people', communities });
  const home = now?.residences.find(
    ({ community, room }) => community === view.community && room === view.room,
  );
  return { go: here(home?.index ?? view.index), notice: 'document-changed' };
}

async function contact({ visit, fields, view, person: { person } }: AskedOfPerson): Promise<Outcome> {
  const { persons } = visit.parts;
  const done = await persons.amend(person, {
    phone: changeOf(fields, 'phone', 'removePhone'),
    plate: changeOf(fields, 'plate', 'removePlate'),
  });
  await note(visit, { action: 'change contact', subject: person, outcome: done.ok ? 'done' : 'refused' });
  if (done.ok) return { go: here(view.index), notice: 'person-changed' };
  return typeof done.error === 'string'
    ? { problem: problemText(done.error) }
    : wrong(errorsOf(done.error.errors));
}

/** @returns null to remove it, undefined to leave it as it is */
function changeOf(fields: Fields, name: string, remove: string): string | null | undefined {
  const typed = fields.get(name)?.trim() ?? '';
  if (fields.get(remove) === 'on') return null;
  return typed === '' ? undefined : typed;
}

/** Written down first: when that fails, nothing is shown. The answer is this one page, which no address leads to. */
async function reveal({ visit, fields, view, person: { person } }: AskedOfPerson): Promise<Outcome> {
  const purpose = reasonOf(fields, REVEAL_REASONS);
  if (purpose === undefined) return { problem: problemText('purpose') };
  const record = await visit.parts.persons.reveal(person, purpose, (id) =>
    note(visit, { action: 'reveal person', subject: id, outcome: purpose }),
  );
  if (!record.ok) return { problem: problemText(record.error) };
  return { answer: await send(visit, recordView(visit.page, view, record.value), 200) };
}

function here(index: number): string {
  return `/console/residents/${index}`;
}
