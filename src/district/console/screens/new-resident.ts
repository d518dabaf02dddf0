import { html } from 'hono/html';
import {
  communityId,
  type FieldError,
  newResidentBody,
  personBody,
  FIELD_PROBLEM_WORDS,
  type ResidentView,
} from '../../../wire/index.ts';
import { heading, sheet } from '../kit/layout.ts';
import type { FieldErrors, Fields } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { maskedForm, personForm } from '../views/person-forms.ts';
import { persons as words } from '../words/persons.ts';
import { problemText } from '../words/problems.ts';
import { residents } from '../words/residents.ts';
import { type Text, text } from '../words/text.ts';
import { REGISTERS } from './residents.ts';

/** Registering somebody: with a document, whose every field is checked and answered beside itself, or masked without one. */
export const newResident: Screen = {
  path: '/residents/new',
  may: REGISTERS,
  async show({ page, parts: { communities } }) {
    const over = html`<a href="/console/residents">${residents.title[page.language]}</a>`;
    const end = html`<a class="button" href="/console/import">${words.importTitle[page.language]}</a>`;
    const body = html`${heading(page, { title: words.title, about: words.about, over, end })}
<div class="sheets">${sheet(page, { title: words.person, body: personForm(page, communities) })}
${sheet(page, { title: words.masked, body: maskedForm(page, communities) })}</div>`;
    return { title: words.title, body };
  },
  forms: {
    register: { may: REGISTERS, act: register },
    add: { may: REGISTERS, act: addMasked },
  },
};

async function register(visit: Visit, fields: Fields): Promise<Outcome> {
  const { parts } = visit;
  const community = communityOf(visit, fields);
  if (community === undefined) return { problem: problemText('no-such-community') };
  const person = personOf(fields);
  if (!person.success) return wrong(person.error.issues.map(({ path }) => [path.join('.'), MISSING]));
  const resident = newResidentBody.safeParse({ ...placeOf(fields), community, person: person.data });
  if (!resident.success) return wrong([['room', saidOf(FIELD_PROBLEM_WORDS['room-shape'])]]);
  const added = await parts.persons.add({ ...resident.data, person: person.data });
  if (added.ok) return registered(visit, added.value);
  return typeof added.error === 'string'
    ? { problem: problemText(added.error) }
    : wrong(errorsOf(added.error.errors));
}

/** What an empty or an endless field is told. */
export const MISSING = text('请按证件填写', 'Fill this in as the document shows it');

/** As people typed them: a field that is empty was not filled in. */
function personOf(fields: Fields) {
  return personBody.safeParse(personFieldsOf(fields));
}

export function personFieldsOf(fields: Fields) {
  const of = (name: string) => {
    const typed = fields.get(name)?.trim() ?? '';
    return typed === '' ? undefined : typed;
  };
  const optional = (['sex', 'birthDate', 'phone', 'plate', 'relation'] as const).map(
    (name) => [name, of(name)] as const,
  );
  return {
    name: of('name') ?? '',
    document: { type: of('document.type'), number: of('document.number') ?? '' },
    ...(Object.fromEntries(optional.filter(([, value]) => value !== undefined)) as Partial<
      Record<(typeof optional)[number][0], string>
    >),
  };
}

export function placeOf(fields: Fields) {
  return {
    room: fields.get('room')?.trim() ?? '',
    needsMoreTime: fields.get('needsMoreTime') === 'on',
    minor: fields.get('minor') === 'on',
  };
}

export function errorsOf(
  errors: readonly (FieldError | { readonly field: 'room' })[],
): (readonly [string, Text])[] {
  return errors.map((error) => [
    error.field,
    saidOf('words' in error ? error.words : FIELD_PROBLEM_WORDS['room-shape']),
  ]);
}

export function saidOf({ zh, en }: { readonly zh: string; readonly en: string }): Text {
  return text(zh, en);
}

export function wrong(errors: readonly (readonly [string, Text])[]): Outcome {
  const beside: FieldErrors = new Map(errors);
  return { problem: problemText('fields-wrong'), errors: beside };
}

export function communityOf({ parts }: Visit, fields: Fields): number | undefined {
  const community = communityId.safeParse(Number(fields.get('community') || Number.NaN));
  return parts.communities.find(({ id }) => community.success && id === community.data)?.id;
}

async function addMasked(visit: Visit, fields: Fields): Promise<Outcome> {
  const community = communityOf(visit, fields);
  if (community === undefined) return { problem: problemText('no-such-community') };
  const display = fields.get('display')?.trim() ?? '';
  if (!display.includes('*')) return { problem: problemText('display') };
  const resident = newResidentBody.safeParse({ ...placeOf(fields), community, display });
  if (!resident.success) return { problem: problemText('room') };
  const added = await visit.parts.registry.addMasked(resident.data);
  return added.ok ? registered(visit, added.value) : { problem: problemText(added.error) };
}

async function registered({ parts, principal }: Visit, { index, community }: ResidentView): Promise<Outcome> {
  await parts.publisher.registryChanged({ what: 'people', communities: [community] });
  const { account } = principal;
  await parts.audit.note({ account, action: 'add resident', subject: String(index), outcome: 'done' });
  return { go: `/console/residents/${index}`, notice: 'resident-added' };
}
