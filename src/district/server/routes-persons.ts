import { z } from 'zod';
import {
  changeDocumentBody,
  checkRoom,
  DOCUMENT_PROBLEM_WORDS,
  FIELD_PROBLEM_WORDS,
  importAnswer,
  moveBody,
  personContactBody,
  personRecord,
  personSearchBody,
  personView,
  residentChangesBody,
  residentView,
  revealBody,
} from '../../wire/index.ts';
import { IMPORT_BYTES_MAX } from '../registry/import/limits.ts';
import type { ServerParts } from './parts.ts';
import { fileWords, wordsOf } from './person-words.ts';
import { type DeskApp, deskRoute, json, jsonBody, refused } from './route.ts';
import { ofResident } from './routes-registry.ts';

/** Persons: looked up by what a body says, shown masked, and in full only with a purpose that is written down first. */

const ofPerson = z.object({
  person: z.coerce.number('is the number of a person').pipe(z.int().min(1).max(2_147_483_647)),
});

const search = deskRoute({
  method: 'post',
  path: '/api/persons/search',
  may: ['registrar', 'reviewer'],
  summary: 'Look persons up by document, telephone number, name or room: at most fifty, masked.',
  request: { body: jsonBody(personSearchBody) },
  responses: { 200: json(z.object({ persons: z.array(personView) }), 'Those who were found.') },
});

const onePerson = deskRoute({
  method: 'get',
  path: '/api/persons/{person}',
  may: ['registrar', 'reviewer'],
  summary: 'One person, masked.',
  request: { params: ofPerson },
  responses: { 200: json(personView, 'The person.') },
});

const reveal = deskRoute({
  method: 'post',
  path: '/api/persons/{person}/reveal',
  may: ['registrar', 'reviewer'],
  summary: 'A person’s whole record; who looks and what for is written down before it is shown.',
  request: { params: ofPerson, body: jsonBody(revealBody) },
  responses: { 200: json(personRecord, 'The record.') },
});

const contact = deskRoute({
  method: 'post',
  path: '/api/persons/{person}/contact',
  may: ['registrar'],
  summary: 'Change or remove telephone number, plate and relation.',
  request: { params: ofPerson, body: jsonBody(personContactBody) },
  responses: { 200: json(personView, 'The person as of now.') },
});

const changeDocument = deskRoute({
  method: 'post',
  path: '/api/persons/{person}/document',
  may: ['registrar'],
  summary: 'Follow the physical document: a new number, cancelled, or restored. Out to all gates at once.',
  request: { params: ofPerson, body: jsonBody(changeDocumentBody) },
  responses: { 200: json(personView, 'The person as of now.') },
});

const move = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/move',
  may: ['registrar'],
  summary: 'Move a resident to another room; the index stays.',
  request: { params: ofResident, body: jsonBody(moveBody) },
  responses: { 200: json(residentView, 'The resident as of now.') },
});

const leave = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/leave',
  may: ['registrar'],
  summary: 'A resident has left: revoked for ever, and forgotten half a year later.',
  request: { params: ofResident },
  responses: { 200: json(residentView, 'The resident, revoked.') },
});

const replace = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/replace',
  may: ['registrar', 'operator'],
  summary: 'A phone or card is lost: a new index is drawn and the old one is revoked; phones register anew.',
  request: { params: ofResident },
  responses: { 200: json(residentView, 'The resident under the new index.') },
});

const change = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/changes',
  may: ['registrar'],
  summary: 'Change whether a resident needs more time, is a minor, and their last day.',
  request: { params: ofResident, body: jsonBody(residentChangesBody) },
  responses: { 200: json(residentView, 'The resident as of now.') },
});

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

const importList = deskRoute({
  method: 'post',
  path: '/api/communities/{community}/import',
  may: ['registrar'],
  summary: 'Enter a community from a CSV or XLSX list: all of it or nothing, unless bad rows are left out.',
  request: {
    params: z.object({
      community: z.coerce.number('is the number of a community').pipe(z.int().min(0).max(0xffff_ffff)),
    }),
    query: z.object({ dryRun: flag, skipBad: flag }),
    body: {
      content: { 'application/octet-stream': { schema: z.any().meta({ type: 'string', format: 'binary' }) } },
      required: true,
    },
  },
  responses: {
    200: json(importAnswer, 'What was, or would be, done; each problem with its row and column.'),
  },
});

/** A list is far larger than any other body. */
export const IMPORT_PATH = /^\/api\/communities\/\d+\/import$/;
export { IMPORT_BYTES_MAX };

export function addPersonRoutes(app: DeskApp, parts: ServerParts): void {
  addPersons(app, parts);
  addLives(app, parts);
  addImport(app, parts);
}

function addPersons(app: DeskApp, { persons, registry, publisher, desk }: ServerParts): void {
  app.openapi(search, async (context) =>
    context.json({ persons: await persons.search(context.req.valid('json')) }, 200),
  );
  app.openapi(onePerson, async (context) => {
    const view = await persons.view(context.req.valid('param').person);
    return view === undefined ? refused(context, 'no-such-person') : context.json(view, 200);
  });
  app.openapi(reveal, async (context) => {
    const account = context.get('principal')?.account ?? '';
    const note = (person: number, purpose: string) =>
      desk.audit.note({ account, action: 'reveal person', subject: String(person), outcome: purpose });
    const { person } = context.req.valid('param');
    const record = await persons.reveal(person, context.req.valid('json').purpose, note);
    return record.ok ? context.json(record.value, 200) : refused(context, record.error);
  });
  app.openapi(contact, async (context) => {
    const done = await persons.amend(context.req.valid('param').person, context.req.valid('json'));
    if (done.ok) return context.json(done.value, 200);
    return typeof done.error === 'string'
      ? refused(context, done.error)
      : context.json(wordsOf(done.error.errors), 400);
  });
  app.openapi(changeDocument, async (context) => {
    const { person } = context.req.valid('param');
    const done = await persons.changeDocument(person, context.req.valid('json'));
    if (!done.ok)
      return typeof done.error === 'string'
        ? refused(context, done.error)
        : context.json({ error: `document.number: ${DOCUMENT_PROBLEM_WORDS[done.error.document].en}` }, 400);
    if (done.value.places.length > 0) await publisher.statusChanged('residents', done.value.places);
    const communities = await registry.communitiesOf(person);
    await publisher.registryChanged({ what: 'people', communities });
    const view = await persons.view(person);
    return view === undefined ? refused(context, 'no-such-person') : context.json(view, 200);
  });
}

function addLives(app: DeskApp, { registry, publisher, communities }: ServerParts): void {
  app.openapi(move, async (context) => {
    const { community, room } = context.req.valid('json');
    if (!communities.some(({ id }) => id === community)) return refused(context, 'no-such-community');
    const read = checkRoom(room);
    if (!read.ok) return context.json({ error: `room: ${FIELD_PROBLEM_WORDS[read.error].en}` }, 400);
    const { index } = context.req.valid('param');
    const before = await registry.resident(index);
    const moved = await registry.move(index, { community, room: read.value.text });
    if (!moved.ok) return refused(context, moved.error);
    const left = before === undefined ? [] : [before.community];
    await publisher.registryChanged({ what: 'people', communities: [...left, moved.value.community] });
    return context.json(moved.value, 200);
  });
  app.openapi(leave, async (context) => {
    const { index } = context.req.valid('param');
    const left = await registry.leave(index);
    if (!left.ok) return refused(context, left.error);
    await publisher.statusChanged('residents', [index]);
    await publisher.registryChanged({ what: 'people', communities: [left.value.community] });
    return context.json(left.value, 200);
  });
  app.openapi(replace, async (context) => {
    const replaced = await registry.replaceIndex(context.req.valid('param').index);
    if (!replaced.ok) return refused(context, replaced.error);
    const { index, revoked } = replaced.value;
    await publisher.statusChanged('residents', [index, revoked]);
    const view = await registry.resident(index);
    if (view === undefined) return refused(context, 'no-such-resident');
    await publisher.registryChanged({ what: 'people', communities: [view.community] });
    return context.json(view, 200);
  });
  app.openapi(change, async (context) => {
    const changed = await registry.change(context.req.valid('param').index, context.req.valid('json'));
    if (!changed.ok) return refused(context, changed.error);
    await publisher.registryChanged({ what: 'people', communities: [changed.value.community] });
    return context.json(changed.value, 200);
  });
}

function addImport(app: DeskApp, { communities, imports }: ServerParts): void {
  app.openapi(importList, async (context) => {
    const { community } = context.req.valid('param');
    if (!communities.some(({ id }) => id === community)) return refused(context, 'no-such-community');
    const read = async () => new Uint8Array(await context.req.arrayBuffer());
    const done = await imports.run(read, { community, ...context.req.valid('query') });
    if (done.ok) return context.json({ ...done.value, problems: [...done.value.problems] }, 200);
    if (done.error === 'import-runs') return refused(context, 'import-runs');
    return context.json({ error: fileWords(done.error) }, 400);
  });
}
