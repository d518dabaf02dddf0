import { z } from 'zod';
import type { Result } from '../../base/index.ts';
import {
  acceptBody,
  type ApplicationLine,
  applicationLine,
  applicationList,
  applicationQuery,
  applicationStateView,
  newAppealBody,
  newPhotoBody,
  newRegistrationBody,
  personBody,
  photoRules,
  receiptNumber,
  refuseBody,
  revealApplicationBody,
} from '../../wire/index.ts';
import { stateView } from '../reviews/application-lines.ts';
import { maskedContent, maskedOf } from '../reviews/masked-content.ts';
import { receiptPdf } from '../reviews/receipt-pdf.ts';
import { dayOf } from '../reviews/working-days.ts';
import type { ServerParts } from './parts.ts';
import { wordsOf } from './person-words.ts';
import { type DeskApp, type DeskContext, deskRoute, json, jsonBody, principalOf, refused } from './route.ts';

/**
 * Applications: sent by the portal or taken down by a registrar, asked after by receipt number, decided by reviewers. What the
 * portal is answered has nothing of what was sent; a picture is given to a reviewer alone, and never kept on the way.
 */
const SENDS = ['registrar', 'portal'] as const;
const REVIEWS = ['reviewer'] as const;
const LISTS = ['registrar', 'reviewer'] as const;

const ofReceipt = z.object({ receipt: receiptNumber });

/** Bodies with a picture in them. */
export const PICTURE_PATH = /^\/api\/applications\/(photos|appeals)$/;

/** Bodies with the copy that guards see of one. */
export const ACCEPT_PATH = /^\/api\/applications\/[^/]+\/accept$/;

const sent = (what: string) => ({ 201: json(applicationStateView, what) });

const register = deskRoute({
  method: 'post',
  path: '/api/applications/registrations',
  may: SENDS,
  summary: 'Send in a registration with consent; what somebody else has is told, with the way of appeal.',
  request: { body: jsonBody(newRegistrationBody) },
  responses: sent('Its receipt number. It waits for a reviewer.'),
});

const photo = deskRoute({
  method: 'post',
  path: '/api/applications/photos',
  may: SENDS,
  summary: 'Send in a resident’s photo; what does not fit the district’s rules is told at once.',
  request: { body: jsonBody(newPhotoBody) },
  responses: sent('Its receipt number. It waits for a reviewer.'),
});

const appeal = deskRoute({
  method: 'post',
  path: '/api/applications/appeals',
  may: SENDS,
  summary:
    'Appeal, where somebody else has one’s name, document or phone, with a photo that shows the document held.',
  request: { body: jsonBody(newAppealBody) },
  responses: sent('Its receipt number. It waits for a reviewer.'),
});

const rules = deskRoute({
  method: 'get',
  path: '/api/photo-rules',
  may: ['registrar', 'reviewer', 'portal'],
  summary: 'How this district wants photos.',
  responses: { 200: json(photoRules, 'The rules.') },
});

const state = deskRoute({
  method: 'get',
  path: '/api/applications/{receipt}',
  may: ['registrar', 'reviewer', 'portal'],
  summary: 'The state of an application by its receipt number: nothing of what was sent.',
  request: { params: ofReceipt },
  responses: { 200: json(applicationStateView, 'State, deadline, reason and what to do next.') },
});

const withdraw = deskRoute({
  method: 'post',
  path: '/api/applications/{receipt}/withdraw',
  may: SENDS,
  summary: 'Withdraw an application that waits; what was sent is erased at once.',
  request: { params: ofReceipt },
  responses: { 200: json(applicationStateView, 'Withdrawn.') },
});

const receiptFile = deskRoute({
  method: 'get',
  path: '/api/applications/{receipt}/receipt.pdf',
  may: ['registrar', 'reviewer', 'portal'],
  summary: 'The receipt of an accepted photo, to be kept; nothing personal is on it.',
  request: { params: ofReceipt },
  responses: {
    200: {
      description: 'A file ready to print.',
      content: { 'application/pdf': { schema: z.string().meta({ format: 'binary' }) } },
    },
  },
});

const list = deskRoute({
  method: 'get',
  path: '/api/applications',
  may: LISTS,
  summary: 'What waits for review or to be applied, what is due first at first, and how much of each kind.',
  request: { query: applicationQuery },
  responses: { 200: json(applicationList, 'At most 200.') },
});

const details = deskRoute({
  method: 'get',
  path: '/api/applications/{receipt}/details',
  may: REVIEWS,
  summary: 'One application, what was sent masked.',
  request: { params: ofReceipt },
  responses: {
    200: json(
      z.object({ application: applicationLine, content: maskedContent.optional() }),
      'The application.',
    ),
  },
});

const reveal = deskRoute({
  method: 'post',
  path: '/api/applications/{receipt}/reveal',
  may: REVIEWS,
  summary:
    'All of what was sent, but the picture; who looks and what for is written down before it is shown.',
  request: { params: ofReceipt, body: jsonBody(revealApplicationBody) },
  responses: {
    200: json(personBody.omit({ consent: true }).extend({ room: z.string() }), 'As it was sent.'),
  },
});

const picture = deskRoute({
  method: 'get',
  path: '/api/applications/{receipt}/picture',
  may: REVIEWS,
  summary: 'The picture, as the image alone; that it was looked at is written down.',
  request: { params: ofReceipt },
  responses: {
    200: {
      description: 'JPEG, PNG or WebP.',
      content: { 'image/*': { schema: z.string().meta({ format: 'binary' }) } },
    },
  },
});

const accept = deskRoute({
  method: 'post',
  path: '/api/applications/{receipt}/accept',
  may: REVIEWS,
  summary:
    'Accept: a registration makes its resident, an appeal is to be applied next, a photo that its resident lets guards see comes with its small copy. Never one’s own.',
  request: { params: ofReceipt, body: { ...jsonBody(acceptBody), required: false } },
  responses: { 200: json(applicationLine, 'Accepted.') },
});

const refuse = deskRoute({
  method: 'post',
  path: '/api/applications/{receipt}/refuse',
  may: REVIEWS,
  summary: 'Refuse with a reason of the list, and words that name nobody. Never one’s own.',
  request: { params: ofReceipt, body: jsonBody(refuseBody) },
  responses: { 200: json(applicationLine, 'Refused.') },
});

const apply = deskRoute({
  method: 'post',
  path: '/api/applications/{receipt}/apply',
  may: LISTS,
  summary:
    'Put an accepted appeal into force: the registry is corrected, and what was revoked goes out to all gates.',
  request: { params: ofReceipt },
  responses: { 200: json(applicationLine, 'Applied, with what it changed.') },
});

export function addApplicationRoutes(app: DeskApp, parts: ServerParts): void {
  addSending(app, parts);
  addAsking(app, parts);
  addLooking(app, parts);
  addDeciding(app, parts);
}

type Line = Result<
  ApplicationLine,
  | string
  | { readonly errors: readonly { readonly field: string; readonly words?: { zh: string; en: string } }[] }
>;

function addSending(app: DeskApp, { applications, applicationLimits }: ServerParts): void {
  const send = async (context: DeskContext, work: (by: string) => Promise<Line>) => {
    const by = principalOf(context).account;
    if (applicationLimits.send(by) > 0) return refused(context, 'asked-too-often');
    const line = await work(by);
    if (line.ok) return context.json(stateView(line.value, undefined), 201);
    return typeof line.error === 'string'
      ? refused(context, line.error)
      : context.json(wordsOf(line.error.errors), 400);
  };
  app.openapi(register, (context) =>
    send(context, (by) => applications.submitRegistration(context.req.valid('json'), by)),
  );
  app.openapi(photo, (context) =>
    send(context, (by) => applications.submitPhoto(context.req.valid('json'), by)),
  );
  app.openapi(appeal, (context) =>
    send(context, (by) => applications.submitAppeal(context.req.valid('json'), by)),
  );
  app.openapi(withdraw, async (context) => {
    const { receipt } = context.req.valid('param');
    const by = principalOf(context).account;
    if (applicationLimits.send(by) > 0) return refused(context, 'asked-too-often');
    const line = await applications.withdraw({ receipt, by });
    return line.ok ? context.json(stateView(line.value, undefined), 200) : refused(context, line.error);
  });
}

function addAsking(app: DeskApp, parts: ServerParts): void {
  const { applications, applicationLimits, district, timeZone, clock } = parts;
  const lineOf = async (context: DeskContext, receipt: string) => {
    const by = principalOf(context).account;
    if (applicationLimits.ask(by) > 0) return 'asked-too-often';
    const line = await applications.line(receipt);
    if (line !== undefined) return line;
    return applicationLimits.wrong(by) > 0 ? 'asked-too-often' : 'no-such-application';
  };
  app.openapi(rules, (context) => context.json(applications.photoRules, 200));
  app.openapi(state, async (context) => {
    const { receipt } = context.req.valid('param');
    const line = await lineOf(context, receipt);
    if (typeof line === 'string') return refused(context, line);
    return context.json(stateView(line, await applications.wordsFor(receipt)), 200);
  });
  app.openapi(receiptFile, async (context) => {
    const { receipt } = context.req.valid('param');
    const line = await lineOf(context, receipt);
    if (typeof line === 'string') return refused(context, line);
    if (line.kind !== 'photo' || line.state !== 'accepted') return refused(context, 'no-receipt-file');
    const acceptedOn = dayOf(line.decidedAt ?? line.submittedAt, timeZone);
    const file = await receiptPdf({ receipt, district, acceptedOn }, clock.wall());
    context.header('content-disposition', `attachment; filename="${receipt}.pdf"`);
    return context.body(new Uint8Array(file).buffer, 200, { 'content-type': 'application/pdf' });
  });
}

function addLooking(app: DeskApp, { applications }: ServerParts): void {
  app.openapi(list, async (context) => {
    const found = await applications.list(context.req.valid('query'));
    const { overdue: _overdue, ...counts } = await applications.counts();
    return context.json({ applications: [...found], counts }, 200);
  });
  app.openapi(details, async (context) => {
    const { receipt } = context.req.valid('param');
    const application = await applications.line(receipt);
    if (application === undefined) return refused(context, 'no-such-application');
    const content = await applications.content(receipt);
    return context.json(
      { application, ...(content === undefined ? {} : { content: maskedOf(content) }) },
      200,
    );
  });
  app.openapi(reveal, async (context) => {
    const { receipt } = context.req.valid('param');
    const decision = { receipt, by: principalOf(context).account };
    const content = await applications.reveal(decision, context.req.valid('json').purpose);
    if (content === undefined) return refused(context, 'content-erased');
    const { room } = content;
    if (content.kind === 'appeal') return context.json({ ...content.right, room }, 200);
    const { consent: _consent, ...person } = content.person;
    return context.json({ ...person, room }, 200);
  });
  app.openapi(picture, async (context) => {
    const { receipt } = context.req.valid('param');
    const found = await applications.picture({ receipt, by: principalOf(context).account });
    if (found === undefined) return refused(context, 'no-such-application');
    return context.body(new Uint8Array(found.bytes).buffer, 200, { 'content-type': found.type });
  });
}

function addDeciding(app: DeskApp, { applications }: ServerParts): void {
  app.openapi(accept, async (context) => {
    const { receipt } = context.req.valid('param');
    const done = await applications.accept(
      { receipt, by: principalOf(context).account },
      context.req.valid('json').guardPhoto,
    );
    if (done.ok) return context.json(done.value, 200);
    return typeof done.error === 'string'
      ? refused(context, done.error)
      : context.json(wordsOf(done.error.errors), 400);
  });
  app.openapi(refuse, async (context) => {
    const { receipt } = context.req.valid('param');
    const by = principalOf(context).account;
    const done = await applications.refuse({ receipt, by }, context.req.valid('json'));
    return done.ok ? context.json(done.value, 200) : refused(context, done.error);
  });
  app.openapi(apply, async (context) => {
    const { receipt } = context.req.valid('param');
    const done = await applications.apply({ receipt, by: principalOf(context).account });
    return done.ok ? context.json(done.value, 200) : refused(context, done.error);
  });
}
