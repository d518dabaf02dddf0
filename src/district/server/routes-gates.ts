import { z } from 'zod';
import {
  confirmGateBody,
  endGateBody,
  enrolBody,
  enrolledAnswer,
  GATE_STATES,
  gateId,
  gateList,
  newCommandBody,
  newEnrolmentBody,
  newGateBody,
  renewCertificateBody,
} from '../../wire/index.ts';
import { deviceFingerprint } from '../gates/enrolment.ts';
import type { ServerParts } from './parts.ts';
import { addressOf, type DeskApp, deskRoute, json, jsonBody, refused } from './route.ts';

/** Gates: how they become ours, what they last said of themselves, and orders to them. */

const ofGate = z.object({ gate: gateId });

const listGates = deskRoute({
  method: 'get',
  path: '/api/gates',
  may: ['operator', 'auditor', 'administrator'],
  summary: 'All gates with their last word.',
  responses: { 200: json(gateList, 'By name.') },
});

const addGate = deskRoute({
  method: 'post',
  path: '/api/gates',
  may: ['operator'],
  summary: 'Enter a gate whose keys somebody has compared.',
  request: { body: jsonBody(newGateBody) },
  responses: {
    201: json(z.object({ gate: gateId, password: z.string() }), 'Its broker password, told once.'),
  },
});

const command = deskRoute({
  method: 'post',
  path: '/api/gates/{gate}/commands',
  may: ['operator'],
  summary: 'Give a gate an order, signed and good for seconds.',
  request: { params: ofGate, body: jsonBody(newCommandBody) },
  responses: { 202: json(z.object({ jti: z.string() }), 'It is out; the gate’s reply names this.') },
});

const openEnrolment = deskRoute({
  method: 'post',
  path: '/api/enrolments',
  may: ['operator'],
  summary: 'Make the one-time symbol of a new gate.',
  request: { body: jsonBody(newEnrolmentBody) },
  responses: {
    201: json(
      z.object({ text: z.string(), expiresAt: z.int() }),
      'Its text, good for ten minutes; Unix seconds.',
    ),
  },
});

const enrol = deskRoute({
  method: 'post',
  path: '/api/enrol',
  may: 'anybody',
  summary: 'By the gate: take up an enrolment, with a proof of the gate’s own key.',
  request: { body: jsonBody(enrolBody) },
  responses: { 201: json(enrolledAnswer, 'What an enrolled gate needs to know.') },
});

const confirm = deskRoute({
  method: 'post',
  path: '/api/gates/{gate}/confirm',
  may: ['operator'],
  summary: 'Say that the gate shows this fingerprint: from now on rosters are sealed for it.',
  request: { params: ofGate, body: jsonBody(confirmGateBody) },
  responses: { 200: json(z.object({ gate: gateId, confirmed: z.literal(true) }), 'It is one of ours.') },
});

const renewCertificate = deskRoute({
  method: 'post',
  path: '/api/enrol/certificate',
  may: 'anybody',
  summary: 'By the gate: a new certificate after the old one ran out, with a proof of the gate’s own key.',
  request: { body: jsonBody(renewCertificateBody) },
  responses: { 201: json(z.object({ token: z.string() }), 'A `menwei-certificate+jwt`.') },
});

const ended = z.object({ gate: gateId, state: z.enum(GATE_STATES) });

const retire = deskRoute({
  method: 'post',
  path: '/api/gates/{gate}/retire',
  may: ['operator', 'administrator'],
  summary: 'Take a gate out of service for good; its journals stay. A name is never changed: enrol another.',
  request: { params: ofGate, body: jsonBody(endGateBody) },
  responses: { 200: json(ended, 'It has no policy, no roster and no admission any more.') },
});

const stolen = deskRoute({
  method: 'post',
  path: '/api/gates/{gate}/stolen',
  may: ['operator', 'administrator'],
  summary:
    'The same at once for a machine that is gone; rosters get a new look-up key, its own is never taken again.',
  request: { params: ofGate, body: jsonBody(endGateBody) },
  responses: { 200: json(ended, 'Should it be heard again, that is an alarm.') },
});

export function addGateRoutes(app: DeskApp, parts: ServerParts): void {
  const { orders, registry, publisher, life, enrolments } = parts;
  app.openapi(listGates, async (context) => {
    const states = await life.states();
    const gates = (await registry.gates()).map(
      ({ id, community, status, seen_at, device_key, confirmed }) => ({
        gate: id,
        community,
        fingerprint: deviceFingerprint(device_key),
        confirmed: confirmed === 1,
        state: states.get(id) ?? 'waiting',
        seenAt: seen_at,
        status: JSON.parse(status ?? 'null') as unknown,
      }),
    );
    return context.json({ gates }, 200);
  });
  app.openapi(addGate, async (context) => {
    const gate = context.req.valid('json');
    const before = await registry.gate(gate.gate);
    const entered = await enrolments.enter(gate);
    if (!entered.ok) return refused(context, entered.error);
    const communities = [...(before === undefined ? [] : [before.community]), gate.community];
    await publisher.registryChanged({ what: 'gates', communities });
    return context.json({ gate: gate.gate, password: entered.value }, 201);
  });
  app.openapi(command, async (context) => {
    // Doors that stay open are not one person's to order (gates/dangerous-orders.ts).
    if (context.req.valid('json').verb === 'release') return refused(context, 'second-person');
    // Nor are updates ordered past their stages (gates/updates.ts).
    if (context.req.valid('json').verb === 'update') return refused(context, 'staged-update');
    const { gate } = context.req.valid('param');
    const given = await orders.give(gate, context.req.valid('json'), context.get('principal')?.account ?? '');
    return given.ok ? context.json({ jti: given.value }, 202) : refused(context, given.error);
  });
  addEnrolmentRoutes(app, parts);
  addEndRoutes(app, parts);
}

function addEndRoutes(app: DeskApp, { life }: ServerParts): void {
  app.openapi(retire, async (context) => {
    const { gate } = context.req.valid('param');
    const done = await life.end(gate, { state: 'retired', ...context.req.valid('json') });
    return done.ok ? context.json({ gate, state: done.value }, 200) : refused(context, done.error);
  });
  app.openapi(stolen, async (context) => {
    const { gate } = context.req.valid('param');
    const done = await life.end(gate, { state: 'stolen', ...context.req.valid('json') });
    return done.ok ? context.json({ gate, state: done.value }, 200) : refused(context, done.error);
  });
}

function addEnrolmentRoutes(app: DeskApp, { enrolments, registry, publisher }: ServerParts): void {
  app.openapi(renewCertificate, async (context) => {
    const answer = await enrolments.renew(context.req.valid('json'), addressOf(context).address);
    return answer.ok ? context.json({ token: answer.value }, 201) : refused(context, answer.error);
  });
  app.openapi(openEnrolment, async (context) => {
    const opened = await enrolments.open(context.req.valid('json'));
    return opened.ok ? context.json(opened.value, 201) : refused(context, opened.error);
  });
  app.openapi(enrol, async (context) => {
    const taken = await enrolments.take(context.req.valid('json'), addressOf(context).address);
    if (!taken.ok) return refused(context, taken.error);
    // A replaced gate leaves the policy at once; the new one enters it when it is confirmed.
    await publisher.registryChanged({ what: 'gates' });
    return context.json(taken.value, 201);
  });
  app.openapi(confirm, async (context) => {
    const { fingerprint } = context.req.valid('json');
    const confirmed = await enrolments.confirm(context.req.valid('param').gate, fingerprint);
    if (!confirmed.ok) return refused(context, confirmed.error);
    const gate = await registry.gate(context.req.valid('param').gate);
    if (gate !== undefined) await publisher.registryChanged({ what: 'gates', communities: [gate.community] });
    return context.json({ gate: confirmed.value, confirmed: true as const }, 200);
  });
}
