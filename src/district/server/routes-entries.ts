import { z } from 'zod';
import { ALARMS, alarmPayload, chainedRow, DECISIONS, gateId, keepableText } from '../../wire/index.ts';
import { acknowledgeAlarm, listAlarms } from '../ingest/alarms.ts';
import { entryStory, findEntries } from '../ingest/entries.ts';
import { LISTED_ROWS_MAX } from '../limits.ts';
import type { ServerParts } from './parts.ts';
import { type DeskApp, deskRoute, json, jsonBody, refused } from './route.ts';

/** Entries that are looked for, alarms that somebody has seen, and whether stored chains hold. */

const instant = z.iso.datetime({ precision: 3 });
const count = z.coerce.number().pipe(z.int().min(0));
const page = { limit: z.coerce.number().pipe(z.int().min(1).max(LISTED_ROWS_MAX)).optional() };

const storedEntry = z.object({
  gate: z.string(),
  journal: z.string(),
  row: chainedRow,
  receivedAt: z.int(),
  acknowledged: z.boolean(),
});

const search = deskRoute({
  method: 'get',
  path: '/api/entries/search',
  may: ['operator', 'auditor'],
  summary: 'Entries by gate, decision, refusal, span, resident or pass: newest first, page by page.',
  request: {
    query: z.object({
      gate: gateId.optional(),
      decision: z.enum(DECISIONS).optional(),
      refusal: keepableText.max(32).optional(),
      from: instant.optional(),
      until: instant.optional(),
      index: count.optional(),
      pass: count.optional(),
      after: z.string().max(512).optional(),
      ...page,
    }),
  },
  responses: {
    200: json(z.object({ entries: z.array(storedEntry), next: z.string().optional() }), 'One page.'),
  },
});

const story = deskRoute({
  method: 'get',
  path: '/api/gates/{gate}/journals/{journal}/entries/{seq}',
  may: ['operator', 'auditor'],
  summary: 'One entry and what came of it: opened, passed, undone.',
  request: {
    params: z.object({
      gate: gateId,
      journal: z.string().regex(/^[0-9a-f]{32}$/),
      seq: z.coerce.number().pipe(z.int().min(1)),
    }),
  },
  responses: {
    200: json(z.object({ entries: z.array(storedEntry) }), 'In order; none, if it is not there.'),
  },
});

const alarms = deskRoute({
  method: 'get',
  path: '/api/alarms',
  may: ['operator', 'auditor'],
  summary: 'Alarms of gates, newest first.',
  request: {
    query: z.object({
      gate: gateId.optional(),
      alarm: z.enum(ALARMS).optional(),
      open: z.literal('true').optional(),
      before: instant.optional(),
      ...page,
    }),
  },
  responses: {
    200: json(
      z.object({
        alarms: z.array(
          z.object({
            gate: z.string(),
            alarm: alarmPayload,
            receivedAt: z.int(),
            acknowledged: z.object({ at: z.int(), by: z.string() }).optional(),
          }),
        ),
      }),
      'Who has acknowledged each, and when.',
    ),
  },
});

const acknowledge = deskRoute({
  method: 'post',
  path: '/api/alarms/acknowledge',
  may: ['operator'],
  summary: 'Somebody has seen this alarm.',
  request: { body: jsonBody(z.strictObject({ gate: gateId, id: keepableText.min(1).max(64) })) },
  responses: {
    200: json(z.object({ outcome: z.enum(['acknowledged', 'already']) }), 'The first one stays named.'),
  },
});

const chainAnswer = z.object({
  running: z.boolean(),
  results: z.array(
    z.object({
      gate: z.string(),
      journal: z.string(),
      rows: z.int(),
      problem: z.object({ seq: z.int(), kind: z.string() }).optional(),
      checkedAt: z.int(),
    }),
  ),
});
const ofGate = { params: z.object({ gate: gateId }) };

const chain = deskRoute({
  method: 'get',
  path: '/api/gates/{gate}/chain',
  may: ['operator', 'auditor'],
  summary: 'Whether the gate’s stored journals held at the last check: the first row that did not.',
  request: ofGate,
  responses: { 200: json(chainAnswer, 'None, before the first check.') },
});

const startChain = deskRoute({
  method: 'post',
  path: '/api/gates/{gate}/chain',
  may: ['operator', 'auditor'],
  summary: 'Begins a check of the gate’s stored journals; one runs at a time.',
  request: ofGate,
  responses: { 202: json(chainAnswer, 'It runs; ask again.') },
});

export function addEntryRoutes(app: DeskApp, parts: ServerParts): void {
  const { database, clock, registry } = parts;
  app.openapi(search, async (context) => {
    const { gate, decision, index, ...rest } = context.req.valid('query');
    const found = await findEntries(database, {
      ...definedOf(rest),
      ...(gate === undefined ? {} : { gates: [gate] }),
      ...(decision === undefined ? {} : { decisions: [decision] }),
      ...(index === undefined ? {} : { place: index }),
    });
    return found.ok
      ? context.json({ ...found.value, entries: [...found.value.entries] }, 200)
      : refused(context, 'bad-cursor');
  });
  app.openapi(story, async (context) =>
    context.json({ entries: [...(await entryStory(database, context.req.valid('param')))] }, 200),
  );
  app.openapi(alarms, async (context) => {
    const { gate, open, ...rest } = context.req.valid('query');
    const query = { ...definedOf(rest), ...(gate === undefined ? {} : { gates: [gate] }) };
    const found = await listAlarms(database, { ...query, open: open === 'true' });
    return context.json({ alarms: [...found] }, 200);
  });
  app.openapi(acknowledge, async (context) => {
    const by = context.get('principal')?.account ?? 'demo';
    const done = await acknowledgeAlarm(database, {
      ...context.req.valid('json'),
      by,
      now: clock.wall(),
    });
    return done.ok ? context.json({ outcome: done.value }, 200) : refused(context, done.error);
  });
  addChainRoutes(app, { ...parts, isGate: async (gate) => (await registry.gate(gate)) !== undefined });
}

function addChainRoutes(
  app: DeskApp,
  { keeping, isGate }: ServerParts & { isGate: (gate: string) => Promise<boolean> },
): void {
  const answer = async (gate: string) => ({
    running: keeping.checks.running,
    results: [...(await keeping.checks.last(gate))],
  });
  app.openapi(chain, async (context) => {
    const { gate } = context.req.valid('param');
    return (await isGate(gate)) ? context.json(await answer(gate), 200) : refused(context, 'no-such-gate');
  });
  app.openapi(startChain, async (context) => {
    const { gate } = context.req.valid('param');
    if (!(await isGate(gate))) return refused(context, 'no-such-gate');
    if (!keeping.checks.start(gate)) return refused(context, 'check-runs');
    return context.json(await answer(gate), 202);
  });
}

/** Without what was not asked for. */
function definedOf<Given extends object>(
  given: Given,
): { [Key in keyof Given]: Exclude<Given[Key], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
