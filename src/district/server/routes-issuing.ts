import { z } from 'zod';
import {
  issuedCode,
  issuedCredential,
  issuedPass,
  issuedShortCodeSecret,
  newCardBody,
  newCredentialBody,
  newPassBody,
  newStateBody,
  newTokenBody,
  RESIDENT_STATES,
  residentIndex,
} from '../../wire/index.ts';
import { type CardFace, cardPdf, SHEET_CARDS_MAX } from '../issuing/card-pdf.ts';
import type { ServerParts } from './parts.ts';
import { type DeskApp, deskRoute, json, jsonBody, refused } from './route.ts';
import { ofResident } from './routes-registry.ts';

/** The issuing desk: codes of every kind for residents in good standing, and visitors' passes in their name. */

const token = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/token',
  may: ['registrar'],
  summary: 'A code of kind 1, for a phone that is online.',
  request: { params: ofResident, body: jsonBody(newTokenBody) },
  responses: { 201: json(issuedCode, 'The code.') },
});

const credential = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/credential',
  may: ['registrar'],
  summary: 'The district’s part of kind 2, for a registered phone.',
  request: { params: ofResident, body: jsonBody(newCredentialBody) },
  responses: { 201: json(issuedCredential, 'The credential.') },
});

const card = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/card',
  may: ['registrar'],
  summary: 'A code of kind 5, to be printed on a card; as a file ready to print it is at card.pdf.',
  request: { params: ofResident, body: jsonBody(newCardBody) },
  responses: { 201: json(issuedCode, 'The code.') },
});

const cardFile = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/card.pdf',
  may: ['registrar'],
  summary: 'A code of kind 5 as a printed card in ID-1 size, front and back.',
  request: {
    params: ofResident,
    body: jsonBody(newCardBody.extend({ community: z.string().min(1).max(40).optional() })),
  },
  responses: {
    201: {
      description: 'The file: a masked name, no number of any document.',
      content: { 'application/pdf': { schema: z.string().meta({ format: 'binary' }) } },
    },
  },
});

const cardSheet = deskRoute({
  method: 'post',
  path: '/api/cards.pdf',
  may: ['registrar'],
  summary: 'Cards of up to ten residents on A4, front and back: all of them, or none when one may have none.',
  request: {
    body: jsonBody(
      z.strictObject({
        residents: z.array(residentIndex).min(1).max(SHEET_CARDS_MAX),
        days: newCardBody.shape.days,
        community: z.string().min(1).max(40).optional(),
      }),
    ),
  },
  responses: {
    201: {
      description: 'The file: masked names, no number of any document.',
      content: { 'application/pdf': { schema: z.string().meta({ format: 'binary' }) } },
    },
  },
});

const shortCode = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/short-code',
  may: ['registrar'],
  summary: 'What the resident’s phone makes its short codes of; to be kept there and shown to nobody.',
  request: { params: ofResident },
  responses: { 201: json(issuedShortCodeSecret, 'The secret.') },
});

const pass = deskRoute({
  method: 'post',
  path: '/api/residents/{index}/passes',
  may: ['registrar'],
  summary: 'A visitor’s pass of kind 4, in the name of its host.',
  request: { params: ofResident, body: jsonBody(newPassBody) },
  responses: { 201: json(issuedPass, 'The pass.') },
});

const setPassState = deskRoute({
  method: 'post',
  path: '/api/passes/{pass}/state',
  may: ['registrar', 'operator'],
  summary: 'Revoke, suspend or restore a pass.',
  request: {
    params: z.object({ pass: z.coerce.number('is the number of a pass').pipe(z.int().min(0)) }),
    body: jsonBody(newStateBody),
  },
  responses: {
    200: json(z.object({ pass: z.int(), state: z.enum(RESIDENT_STATES) }), 'The pass as of now.'),
  },
});

export function addIssuingRoutes(app: DeskApp, parts: ServerParts): void {
  addCodes(app, parts);
  addCardFiles(app, parts);
  addPasses(app, parts);
}

function addCodes(app: DeskApp, { issuing, issuingLimits: limits }: ServerParts): void {
  app.openapi(token, async (context) => {
    const { index } = context.req.valid('param');
    const tooOften = limits.check(context, index);
    if (tooOften !== undefined) return tooOften;
    const { ttlMinutes, issuer } = context.req.valid('json');
    const made = await issuing.token(index, ttlMinutes, { issuer });
    return made.ok ? context.json(made.value, 201) : refused(context, made.error);
  });
  app.openapi(credential, async (context) => {
    const { index } = context.req.valid('param');
    const tooOften = limits.check(context, index);
    if (tooOften !== undefined) return tooOften;
    const made = await issuing.credential(index, context.req.valid('json'));
    return made.ok ? context.json(made.value, 201) : refused(context, made.error);
  });
  app.openapi(shortCode, async (context) => {
    const { index } = context.req.valid('param');
    const tooOften = limits.check(context, index);
    if (tooOften !== undefined) return tooOften;
    const made = await issuing.shortCodeSecret(index);
    return made.ok ? context.json({ secret: made.value }, 201) : refused(context, made.error);
  });
  app.openapi(card, async (context) => {
    const { index } = context.req.valid('param');
    const tooOften = limits.check(context, index);
    if (tooOften !== undefined) return tooOften;
    const { days, issuer } = context.req.valid('json');
    const made = await issuing.card(index, days, { issuer });
    return made.ok ? context.json(made.value, 201) : refused(context, made.error);
  });
}

function addCardFiles(app: DeskApp, { issuing, issuingLimits: limits, registry, clock }: ServerParts): void {
  app.openapi(cardFile, async (context) => {
    const { index } = context.req.valid('param');
    const tooOften = limits.check(context, index);
    if (tooOften !== undefined) return tooOften;
    const { days, issuer, community } = context.req.valid('json');
    const [view, made] = [await registry.resident(index), await issuing.card(index, days, { issuer })];
    if (view === undefined || !made.ok) return refused(context, made.ok ? 'no-such-resident' : made.error);
    const face = {
      code: made.value.code,
      name: view.display ?? '',
      community: community ?? String(view.community),
    };
    const file = await cardPdf([face], 'card', clock.wall());
    return context.body(new Uint8Array(file).buffer, 201, { 'content-type': 'application/pdf' });
  });
  app.openapi(cardSheet, async (context) => {
    const { residents, days, community } = context.req.valid('json');
    const faces: CardFace[] = [];
    for (const index of residents) {
      const tooOften = limits.check(context, index);
      if (tooOften !== undefined) return tooOften;
      const [view, made] = [await registry.resident(index), await issuing.card(index, days)];
      if (view === undefined || !made.ok) return refused(context, made.ok ? 'no-such-resident' : made.error);
      const name = view.display ?? '';
      faces.push({ code: made.value.code, name, community: community ?? String(view.community) });
    }
    const file = await cardPdf(faces, 'sheet', clock.wall());
    return context.body(new Uint8Array(file).buffer, 201, { 'content-type': 'application/pdf' });
  });
}

function addPasses(app: DeskApp, parts: ServerParts): void {
  const { issuing, issuingLimits: limits, publisher, registry } = parts;
  app.openapi(pass, async (context) => {
    const { index } = context.req.valid('param');
    const tooOften = limits.check(context, index);
    if (tooOften !== undefined) return tooOften;
    const made = await issuing.pass(index, context.req.valid('json'));
    if (!made.ok) return refused(context, made.error);
    // A pass beyond the list's end is refused: the list grows before the pass is handed out.
    await publisher.statusChanged('visitors', [made.value.passId]);
    return context.json(made.value, 201);
  });
  app.openapi(setPassState, async (context) => {
    const { pass: id } = context.req.valid('param');
    const { state } = context.req.valid('json');
    if (!(await registry.setPassState(id, state))) return refused(context, 'no-such-pass');
    await publisher.statusChanged('visitors', [id]);
    return context.json({ pass: id, state }, 200);
  });
}
