import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { z } from 'zod';
import type { Result } from '../../base/index.ts';
import { allowedHosts, errorAnswer, nothingHere, ownOrigin, securityHeaders } from '../../http/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import {
  type DemoOverview,
  confirmGateBody,
  enrolBody,
  gateId,
  livePayload,
  newCardBody,
  newCommandBody,
  newCredentialBody,
  newEnrolmentBody,
  newGateBody,
  newHolderKeyBody,
  newPassBody,
  newResidentBody,
  newStateBody,
  newTokenBody,
  residentIndex,
} from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { deviceFingerprint, type Enrolments } from '../gates/enrolment.ts';
import { entryView, newestEntries } from './entries-view.ts';
import type { Feed, FeedEvent } from './feed.ts';
import type { Issuing } from '../issuing/issuing.ts';
import { DistrictMetrics } from './metrics.ts';
import { BODY_BYTES_MAX, FEED_BEAT_MS, LISTED_RESIDENTS_MAX, LISTED_ROWS_MAX } from '../limits.ts';
import type { Orders } from '../gates/orders.ts';
import type { Publisher } from '../publishing/publisher.ts';
import type { Registry } from '../registry/registry.ts';
import { storedRows } from '../ingest/stored-rows.ts';

/**
 * The district's `/api`. A body is taken only as its schema says, a write only from a page of ours, and an answer names
 * what is wrong and what to do. There are no accounts yet, so whoever starts it binds it to this machine alone.
 */
export interface ServerParts {
  readonly database: Database;
  readonly registry: Registry;
  readonly issuing: Issuing;
  readonly orders: Orders;
  readonly enrolments: Enrolments;
  readonly publisher: Publisher;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly log: Log;
  readonly connected: () => boolean;
  /** Names and addresses under which browsers may call this server. */
  readonly hosts: readonly string[];
  /** Of a demonstration only. */
  readonly demo?: () => DemoOverview;
}

const REMEDIES: Readonly<Record<string, { status: 400 | 403 | 404 | 409 | 429 | 503; text: string }>> = {
  'no-such-resident': { status: 404, text: 'index: no resident has it; look the resident up again' },
  'not-in-good-standing': { status: 409, text: 'index: revoked or suspended; restore the resident first' },
  'key-over': { status: 409, text: 'issuer key: its time to sign is over; rotate the key set' },
  'key-not-registered': { status: 409, text: 'publicKey: not a phone of this resident; register it first' },
  'too-many-keys': { status: 409, text: 'publicKey: there is no place for one more phone; remove one first' },
  'known-key': { status: 409, text: 'publicKey: registered already; make a new key on the phone' },
  'bad-proof': {
    status: 400,
    text: 'proof: not a kind 3 code of this key for this index and slot; sign it anew',
  },
  'proof-too-old': {
    status: 400,
    text: 'proof: its second is too far from now; set the phone’s clock and sign anew',
  },
  'no-such-gate': { status: 404, text: 'gate: none is enrolled under this name; enrol it first' },
  'gate-offline': { status: 409, text: 'gate: it is not connected; open it on the spot' },
  'no-such-community': {
    status: 404,
    text: 'community: not one of this district; name it in communities and start again',
  },
  'address-not-printable': {
    status: 409,
    text: 'http.publicUrl: not an address that a symbol can carry; use https://HOST:PORT without a path',
  },
  'too-many-tokens': { status: 409, text: 'gate: too many enrolments are open; wait ten minutes' },
  'too-many-attempts': { status: 429, text: 'token: too many attempts; wait a minute' },
  'bad-enrolment': {
    status: 403,
    text: 'token: used already, older than ten minutes, or not of this district; make a new enrolment',
  },
  'bad-enrolment-proof': {
    status: 403,
    text: 'proof: not by this device key for this token and root; scan the symbol anew',
  },
  'other-fingerprint': {
    status: 409,
    text: 'fingerprint: not the one of the gate that was enrolled; compare again, or enrol the gate anew',
  },
  'not-sent': { status: 503, text: 'gate: the broker did not take the command; try again' },
};

export function districtApi(parts: ServerParts): Hono {
  const app = new Hono();
  app.use(securityHeaders(), allowedHosts(parts.hosts), ownOrigin());
  app.use('/api/*', bodyLimit({ maxSize: BODY_BYTES_MAX }));
  app.onError(errorAnswer(parts.log));
  app.notFound(nothingHere);
  const metrics = new DistrictMetrics(parts.database);
  app.get('/metrics', async (context) =>
    context.text(await metrics.text(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  addViews(app, parts);
  addRegistry(app, parts);
  addIssuing(app, parts);
  addGates(app, parts);
  addEnrolment(app, parts);
  return app;
}

function addViews(
  app: Hono,
  { database, feed, registry, connected, demo, publisher, clock }: ServerParts,
): void {
  app.get('/api/health', (context) => context.json({ ok: true, broker: connected() }));
  if (demo !== undefined) app.get('/api/demo', (context) => context.json(demo()));
  app.get('/api/entries', async (context) =>
    context.json({ entries: await newestEntries(database, LISTED_ROWS_MAX) }),
  );
  app.get('/api/gates', async (context) => {
    const gates = await registry.gates();
    return context.json({
      gates: gates.map(({ id, community, status, seen_at, device_key, confirmed }) => ({
        gate: id,
        community,
        fingerprint: deviceFingerprint(device_key),
        confirmed: confirmed === 1,
        seenAt: seen_at,
        status: JSON.parse(status ?? 'null') as unknown,
      })),
    });
  });
  app.get('/api/bundle', async (context) => context.json(await publisher.bundle()));
  app.get('/api/live', (context) => {
    const heard = feed.listen();
    if (heard === undefined) return context.json({ error: 'live: too many screens listen; close one' }, 503);
    return streamSSE(context, (stream) => tellLive(stream, { heard, database, clock }));
  });
}

interface Telling {
  readonly heard: NonNullable<ReturnType<Feed['listen']>>;
  readonly database: Database;
  readonly clock: Clock;
}

/** `entry` for each row as it happens, and again once it is acknowledged; every other event under its own type. */
async function tellLive(stream: SSEStreamingApi, { heard, database, clock }: Telling): Promise<void> {
  stream.onAbort(() => heard.end());
  let cancelBeat: (() => void) | undefined;
  const beat = () => {
    cancelBeat = clock.after(FEED_BEAT_MS, beat);
    void stream.write(': alive\n\n');
  };
  beat();
  for (let event = await heard.queue.take(); event !== undefined; event = await heard.queue.take()) {
    for (const { type, data } of await messagesOf(database, event))
      await stream.writeSSE({ event: type, data: JSON.stringify(data) });
  }
  cancelBeat?.();
}

async function messagesOf(database: Database, event: FeedEvent): Promise<{ type: string; data: unknown }[]> {
  const { gate } = event;
  if (event.type === 'live') {
    const { row } = livePayload.parse(event.data);
    return [{ type: 'entry', data: await entryView(database, { gate, row, acknowledged: false }) }];
  }
  if (event.type === 'stored') {
    const rows = storedRows(event.data);
    const views = await Promise.all(
      rows.map((row) => entryView(database, { gate, row, acknowledged: true })),
    );
    return views.map((data) => ({ type: 'entry', data }));
  }
  return [{ type: event.type, data: { gate, ...(event.data as object) } }];
}

function addRegistry(app: Hono, { registry, publisher, issuing }: ServerParts): void {
  app.get('/api/residents', async (context) =>
    context.json({ residents: await registry.residents(LISTED_RESIDENTS_MAX) }),
  );
  app.get('/api/residents/:index', async (context) => {
    const resident = await registry.resident(indexOf(context));
    return resident === undefined ? refused(context, 'no-such-resident') : context.json(resident);
  });
  app.post('/api/residents', async (context) => {
    const body = await bodyOf(context, newResidentBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    const resident = await registry.addResident(body.value);
    if (resident === undefined)
      return context.json({ error: 'room: this household has eight members; no order is left' }, 409);
    await publisher.registryChanged();
    return context.json(resident, 201);
  });
  app.post('/api/residents/:index/state', async (context) => {
    const body = await bodyOf(context, newStateBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    const index = indexOf(context);
    if (!(await registry.setState(index, body.value.state))) return refused(context, 'no-such-resident');
    await publisher.statusChanged('residents', [index]);
    return context.json(await registry.resident(index));
  });
  app.post('/api/residents/:index/keys', async (context) => {
    const body = await bodyOf(context, newHolderKeyBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    const slot = await issuing.registerKey(indexOf(context), body.value);
    if (!slot.ok) return refused(context, slot.error);
    await publisher.registryChanged();
    return context.json({ slot: slot.value }, 201);
  });
}

function addIssuing(app: Hono, { issuing, publisher, registry }: ServerParts): void {
  app.post('/api/residents/:index/token', async (context) => {
    const body = await bodyOf(context, newTokenBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    return answer(context, await issuing.token(indexOf(context), body.value.ttlMinutes));
  });
  app.post('/api/residents/:index/card', async (context) => {
    const body = await bodyOf(context, newCardBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    return answer(context, await issuing.card(indexOf(context), body.value.days));
  });
  app.post('/api/residents/:index/credential', async (context) => {
    const body = await bodyOf(context, newCredentialBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    return answer(context, await issuing.credential(indexOf(context), body.value));
  });
  app.post('/api/residents/:index/passes', async (context) => {
    const body = await bodyOf(context, newPassBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    const pass = await issuing.pass(indexOf(context), body.value);
    // A pass beyond the list's end is refused: the list grows before the pass is handed out.
    if (pass.ok) await publisher.statusChanged('visitors', [pass.value.passId]);
    return answer(context, pass);
  });
  app.post('/api/passes/:pass/state', async (context) => {
    const body = await bodyOf(context, newStateBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    const pass = Number(context.req.param('pass'));
    if (!Number.isSafeInteger(pass) || !(await registry.setPassState(pass, body.value.state)))
      return context.json({ error: 'pass: there is none under this number; look it up again' }, 404);
    await publisher.statusChanged('visitors', [pass]);
    return context.json({ pass, state: body.value.state });
  });
}

function addGates(app: Hono, { orders, registry, publisher }: ServerParts): void {
  app.post('/api/gates', async (context) => {
    const body = await bodyOf(context, newGateBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    const password = await registry.enrolGate(body.value);
    await publisher.registryChanged();
    return context.json({ gate: body.value.gate, password }, 201);
  });
  app.post('/api/gates/:gate/commands', async (context) => {
    const body = await bodyOf(context, newCommandBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    const gate = gateId.safeParse(context.req.param('gate'));
    if (!gate.success) return refused(context, 'no-such-gate');
    const given = await orders.give(gate.data, body.value);
    return given.ok ? context.json({ jti: given.value }, 202) : refused(context, given.error);
  });
}

function addEnrolment(app: Hono, { enrolments, publisher }: ServerParts): void {
  app.post('/api/enrolments', async (context) => {
    const body = await bodyOf(context, newEnrolmentBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    return answer(context, await enrolments.open(body.value));
  });
  app.post('/api/enrol', async (context) => {
    const body = await bodyOf(context, enrolBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    const taken = await enrolments.take(body.value);
    // A replaced gate leaves the policy at once; the new one enters it when it is confirmed.
    if (taken.ok) await publisher.registryChanged();
    return answer(context, taken);
  });
  app.post('/api/gates/:gate/confirm', async (context) => {
    const body = await bodyOf(context, confirmGateBody);
    if (!body.ok) return context.json({ error: body.error }, 400);
    const confirmed = await enrolments.confirm(context.req.param('gate'), body.value.fingerprint);
    if (!confirmed.ok) return refused(context, confirmed.error);
    await publisher.registryChanged();
    return context.json({ gate: confirmed.value, confirmed: true });
  });
}

function answer(context: Context, result: Result<object, string>): Response {
  return result.ok ? context.json(result.value, 201) : refused(context, result.error);
}

function refused(context: Context, problem: string): Response {
  const remedy = REMEDIES[problem];
  return context.json({ error: remedy?.text ?? problem }, remedy?.status ?? 400);
}

/** What no resident can have is looked up as nobody. */
function indexOf(context: Context): number {
  const index = residentIndex.safeParse(Number(context.req.param('index') ?? Number.NaN));
  return index.success ? index.data : -1;
}

/** The message names the field and what it should be, and repeats nothing of what was sent. */
async function bodyOf<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<Result<z.output<Schema>, string>> {
  if (!/^application\/json(;|$)/.test(context.req.header('content-type') ?? ''))
    return { ok: false, error: 'content-type: must be application/json; send JSON' };
  const parsed = schema.safeParse(await context.req.json().catch(() => undefined));
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') || 'body';
  return { ok: false, error: `${field}: ${issue?.message ?? 'not understood'}; correct it and send again` };
}
