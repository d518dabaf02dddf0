import { z } from 'zod';
import {
  gateId,
  newReleaseBody,
  newStageBody,
  releaseNumber,
  updatesView,
  WIDE_STAGES,
} from '../../wire/index.ts';
import { type DeskApp, deskRoute, json, jsonBody, principalOf, refused } from './route.ts';
import type { ServerParts } from './parts.ts';

/** Staged updates: releases are registered, stages begun and failures looked at by people; nothing here begins by itself. */

const ofRelease = z.object({
  release: z.coerce.number('is the number of a release').pipe(releaseNumber),
});

const list = deskRoute({
  method: 'get',
  path: '/api/updates',
  may: ['operator', 'auditor', 'administrator'],
  summary: 'What each gate runs, the registered releases with their gates, and which stage may begin.',
  responses: { 200: json(updatesView, 'Releases with the newest first.') },
});

const register = deskRoute({
  method: 'post',
  path: '/api/updates',
  may: ['administrator'],
  summary: 'Register a release by the text that its makers signed; nothing goes out by it.',
  request: { body: jsonBody(newReleaseBody) },
  responses: { 201: json(z.object({ release: releaseNumber }), 'It is registered; begin its stages.') },
});

const begin = deskRoute({
  method: 'post',
  path: '/api/updates/{release}/stages',
  may: ['operator'],
  summary:
    'Begin the stage that is offered; a community or all gates take a second person (POST /api/approvals).',
  request: { params: ofRelease, body: jsonBody(newStageBody) },
  responses: { 202: json(z.object({ gates: z.int() }), 'So many gates are being ordered.') },
});

const looked = deskRoute({
  method: 'post',
  path: '/api/updates/{release}/gates/{gate}/looked',
  may: ['operator', 'administrator'],
  summary: 'Say that somebody has seen why this gate did not take the release: it stops nothing any more.',
  request: { params: ofRelease.extend({ gate: gateId }) },
  responses: { 200: json(z.object({ gate: gateId }), 'Noted, with your name.') },
});

const stop = deskRoute({
  method: 'post',
  path: '/api/updates/{release}/stop',
  may: ['operator', 'administrator'],
  summary: 'Order no further gate to take this release; those that run it keep it.',
  request: { params: ofRelease },
  responses: { 200: json(ofRelease, 'It goes out no further.') },
});

export function addUpdateRoutes(app: DeskApp, { updates, releases }: ServerParts): void {
  app.openapi(list, async (context) => context.json(await updates.view(), 200));
  app.openapi(register, async (context) => {
    const done = await releases.register(context.req.valid('json'), principalOf(context).account);
    return done.ok ? context.json({ release: done.value }, 201) : refused(context, done.error);
  });
  app.openapi(begin, async (context) => {
    const wanted = context.req.valid('json');
    if (WIDE_STAGES.has(wanted.stage)) return refused(context, 'second-person');
    const { release } = context.req.valid('param');
    const begun = await updates.begin(release, wanted, principalOf(context).account);
    return begun.ok ? context.json({ gates: begun.value }, 202) : refused(context, begun.error);
  });
  app.openapi(looked, async (context) => {
    const { release, gate } = context.req.valid('param');
    const done = await updates.looked(release, gate, principalOf(context).account);
    return done.ok ? context.json({ gate }, 200) : refused(context, done.error);
  });
  app.openapi(stop, async (context) => {
    const { release } = context.req.valid('param');
    const done = await updates.stop(release, principalOf(context).account);
    return done.ok ? context.json({ release }, 200) : refused(context, done.error);
  });
}
