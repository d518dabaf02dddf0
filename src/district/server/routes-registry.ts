import { z } from 'zod';
import {
  newHolderKeyBody,
  newResidentBody,
  newStateBody,
  residentIndex,
  residentList,
  residentView,
} from '../../wire/index.ts';
import { LISTED_RESIDENTS_MAX } from '../limits.ts';
import type { ServerParts } from './parts.ts';
import { wordsOf } from './person-words.ts';
import { type DeskApp, deskRoute, json, jsonBody, refused } from './route.ts';

/** Residents and their phones. Persons are looked up by what is sent in a body: nothing personal stands in an address. */

export const ofResident = z.object({
  index: z.coerce.number('is the number of a resident').pipe(residentIndex),
});

const listResidents = deskRoute({
  method: 'get',
  path: '/api/residents',
  may: ['registrar', 'reviewer', 'operator'],
  summary: 'Residents, household by household, masked.',
  responses: { 200: json(residentList, 'At most 1,000.') },
});

const oneResident = deskRoute({
  method: 'get',
  path: '/api/residents/{index}',
  may: ['registrar', 'reviewer', 'operator'],
  summary: 'One resident, masked.',
  request: { params: ofResident },
  responses: { 200: json(residentView, 'The resident.') },
});

const addResident = deskRoute({
  method: 'post',
  path: '/api/residents',
  may: ['registrar'],
  summary: 'Enter a resident; the first of a household makes it.',
  request: { body: jsonBody(newResidentBody) },
  responses: { 201: json(residentView, 'Entered, and on the roster of the community’s gates.') },
});

const setState = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/state',
  may: ['registrar', 'operator'],
  summary: 'Revoke, suspend or restore a resident: out to all gates at once.',
  request: { params: ofResident, body: jsonBody(newStateBody) },
  responses: { 200: json(residentView, 'The resident as of now.') },
});

const removePhoto = deskRoute({
  method: 'delete',
  path: '/api/residents/{index}/photo',
  may: ['registrar', 'operator'],
  summary:
    'Remove the photo that guards see of a resident, who has withdrawn consent: no gate is shown it from now on.',
  request: { params: ofResident },
  responses: { 200: json(residentView, 'The resident, without a photo.') },
});

const registerPhone = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/keys',
  may: ['registrar'],
  summary: 'Register a phone’s key, with a proof that the phone has it.',
  request: { params: ofResident, body: jsonBody(newHolderKeyBody) },
  responses: { 201: json(z.object({ slot: z.int() }), 'The slot that its codes name.') },
});

export function addRegistryRoutes(
  app: DeskApp,
  { registry, persons, publisher, issuing, photos }: ServerParts,
): void {
  app.openapi(listResidents, async (context) =>
    context.json({ residents: await registry.residents(LISTED_RESIDENTS_MAX) }, 200),
  );
  app.openapi(oneResident, async (context) => {
    const resident = await registry.resident(context.req.valid('param').index);
    return resident === undefined ? refused(context, 'no-such-resident') : context.json(resident, 200);
  });
  app.openapi(addResident, async (context) => {
    const added = await persons.add(context.req.valid('json'));
    if (!added.ok)
      return typeof added.error === 'string'
        ? refused(context, added.error)
        : context.json(wordsOf(added.error.errors), 400);
    await publisher.registryChanged({ what: 'people', communities: [added.value.community] });
    return context.json(added.value, 201);
  });
  app.openapi(setState, async (context) => {
    const { index } = context.req.valid('param');
    const isThere = await registry.setState(index, context.req.valid('json').state);
    if (!isThere)
      return refused(context, (await registry.resident(index)) === undefined ? 'no-such-resident' : 'ended');
    await publisher.statusChanged('residents', [index]);
    const resident = await registry.resident(index);
    return resident === undefined ? refused(context, 'no-such-resident') : context.json(resident, 200);
  });
  app.openapi(removePhoto, async (context) => {
    const { index } = context.req.valid('param');
    const isRemoved = await photos.remove(index);
    const resident = await registry.resident(index);
    if (resident === undefined) return refused(context, 'no-such-resident');
    return isRemoved ? context.json(resident, 200) : refused(context, 'no-photo');
  });
  app.openapi(registerPhone, async (context) => {
    const { index } = context.req.valid('param');
    const slot = await issuing.registerKey(index, context.req.valid('json'));
    if (!slot.ok) return refused(context, slot.error);
    const resident = await registry.resident(index);
    if (resident !== undefined)
      await publisher.registryChanged({ what: 'people', communities: [resident.community] });
    return context.json({ slot: slot.value }, 201);
  });
}
