import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import {
  allowedHosts,
  callerAddress,
  errorAnswer,
  type Hosts,
  isThisMachine,
  nothingHere,
  ownOrigin,
  type StaticFiles,
  securityHeaders,
  servePage,
} from '../http/index.ts';
import type { Log } from '../ports/index.ts';
import {
  type SetupProblem,
  setupAddress,
  setupDoorChange,
  setupEnrol,
  setupEnter,
  setupProxy,
  setupReaderChange,
  setupReaderTest,
  setupRelayTest,
  setupTime,
  setupWifi,
} from '../wire/index.ts';
import type { SetupEntrance, Visitor } from './entrance.ts';
import { BODY_BYTES_MAX } from './limits.ts';
import type { SetupMachine } from './ports.ts';
import { isGood, relayInWords } from './relay-result.ts';
import { inWords, type SetupLanguage, summaryOf } from './words/index.ts';

/**
 * The set-up page `/setup` and `/setup/api`. Everything but the page itself and the door asks for the word that the entrance
 * gave; a change is validated whole before anything is written, and no answer repeats what was sent.
 */
export interface SetupServerParts {
  readonly hosts: Hosts;
  readonly log: Log;
  readonly pages: StaticFiles;
  readonly entrance: SetupEntrance;
  readonly machine: SetupMachine;
  /** The head guard who asks, if one does. */
  readonly headGuard?: (context: Context) => Visitor | undefined;
}

interface Env {
  readonly Variables: { visitor: Visitor };
}

type Status = 400 | 401 | 403 | 404 | 409 | 429 | 500 | 502;

export function setupServer(parts: SetupServerParts): Hono<Env> {
  const app = new Hono<Env>();
  app.onError(errorAnswer(parts.log));
  app.notFound(nothingHere);
  for (const path of ['/setup', '/setup/*'])
    app.use(
      path,
      securityHeaders(),
      allowedHosts(parts.hosts),
      ownOrigin(),
      bodyLimit({ maxSize: BODY_BYTES_MAX }),
    );
  app.get('/setup', servePage(parts.pages, 'setup/index.html'));
  app.post('/setup/api/session', async (context) => enter(context, parts));
  app.use('/setup/api/*', async (context, next) => {
    const token = /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1];
    const visitor = parts.entrance.visitor(token, context.req.method !== 'GET');
    if (visitor === undefined)
      return refused(context as Context<Env>, 401, ['not-allowed', 'session: it is over; enter again']);
    context.set('visitor', visitor);
    return next();
  });
  addLooks(app, parts);
  addReaders(app, parts);
  addDoor(app, parts);
  addNetwork(app, parts);
  return app;
}

function refused(
  context: Context,
  status: Status,
  [problem, error]: readonly [SetupProblem, string],
): Response {
  return context.json({ error, problem }, status);
}

async function enter(context: Context, { entrance, headGuard, log }: SetupServerParts): Promise<Response> {
  const body = setupEnter.safeParse(await context.req.json().catch(() => undefined));
  if (!body.success)
    return refused(context, 400, ['wrong-code', 'code: type the eight figures of the console']);
  const entered = entrance.enter({
    isHere: isHere(context),
    headGuard: headGuard?.(context),
    code: body.data.code,
    caller: callerAddress(context, { behindProxy: false }) ?? 'unknown',
  });
  if (typeof entered === 'object' && 'token' in entered) return context.json(entered);
  if (entered === 'closed')
    return refused(context, 401, [
      'not-here',
      'session: open this page at the gate itself, or sign in at /guard as head guard',
    ]);
  if (entered === 'code-wanted')
    return refused(context, 401, ['not-allowed', 'code: type the eight figures of the gate’s console']);
  log.warn({}, 'somebody typed wrong figures at the set-up page');
  if (entered === 'wrong-code')
    return refused(context, 403, ['wrong-code', 'code: wrong; look at the gate’s console']);
  const { waitSeconds } = entered;
  return context.json(
    { error: `code: too many tries; wait ${waitSeconds} s`, problem: 'too-many', waitSeconds },
    429,
  );
}

/** Whoever speaks from this machine, under its own name, and not for somebody else. */
function isHere(context: Context): boolean {
  const passedOn = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'].some(
    (name) => context.req.header(name) !== undefined,
  );
  const host = (context.req.header('host') ?? '').replace(/:\d+$/, '');
  const isOwnName = ['localhost', '127.0.0.1', '[::1]'].includes(host);
  return !passedOn && isOwnName && isThisMachine(callerAddress(context, { behindProxy: false }));
}

type App = Hono<Env>;

function addLooks(app: App, { machine }: SetupServerParts): void {
  app.get('/setup/api/state', (context) =>
    context.json({
      ...machine.state(),
      mode: machine.mode,
      enrolment: machine.enrolment(),
      setupText: machine.setupText,
    }),
  );
  app.post('/setup/api/enrol', async (context) => {
    const { enrol } = machine;
    if (enrol === undefined)
      return refused(context, 409, [
        'not-here',
        'gate: it is enrolled already; to enrol it anew, run menwei gate reset',
      ]);
    return withBody(context, setupEnrol, async ({ text }) => {
      const refusal = await enrol(text.trim());
      return context.json(refusal === undefined ? { enrolled: true } : { enrolled: false, refusal });
    });
  });
  app.get('/setup/api/findings', async (context) => {
    const language: SetupLanguage = context.req.query('language') === 'en' ? 'en' : 'zh';
    const findings = await machine.findings();
    return context.json({
      summary: summaryOf(findings, language),
      findings: findings.map((finding) => inWords(finding, language)),
    });
  });
  app.post('/setup/api/finish', (context) => context.json({ next: machine.finish() }));
}

function addReaders(app: App, { machine }: SetupServerParts): void {
  let isListening = false;
  app.get('/setup/api/devices', async (context) => context.json({ devices: await machine.devices() }));
  app.post('/setup/api/readers/test', (context) =>
    withBody(context, setupReaderTest, async ({ reader }) => {
      if (isListening)
        return refused(context, 409, ['busy', 'reader: another test is on; wait until it is over']);
      isListening = true;
      try {
        const verdict = await machine.listen(reader);
        return verdict === 'in-use'
          ? refused(context, 409, [
              'in-use',
              'reader: the gate reads from it; stop the gate and use menwei reader test',
            ])
          : context.json(verdict);
      } finally {
        isListening = false;
      }
    }),
  );
  app.put('/setup/api/lanes/:lane/readers', (context) =>
    withBody(context, setupReaderChange, ({ reader }) =>
      changed(context, machine.setReader(context.req.param('lane'), reader)),
    ),
  );
  app.delete('/setup/api/lanes/:lane/readers/:reader', (context) =>
    changed(context, machine.removeReader(context.req.param('lane'), context.req.param('reader'))),
  );
}

function addDoor(app: App, { machine, log }: SetupServerParts): void {
  let isOpening = false;
  app.put('/setup/api/lanes/:lane/door', (context) =>
    withBody(context, setupDoorChange, (door) =>
      changed(context, machine.setDoor(context.req.param('lane'), door)),
    ),
  );
  app.post('/setup/api/relay', (context) =>
    withBody(context, setupRelayTest, async ({ lane }) => {
      if (isOpening)
        return refused(context, 409, ['busy', 'lane: its door is being tested; wait until that is over']);
      isOpening = true;
      const visitor = context.get('visitor');
      log.warn({ lane, actor: visitor.actor }, 'the set-up page opens this lane’s door once');
      try {
        const result = await machine.testRelay(lane, visitor);
        const [zh, en] = [relayInWords(result, 'zh'), relayInWords(result, 'en')];
        return context.json({
          good: isGood(result),
          contact: result.contact,
          sentences: zh.map((sentence, at) => ({ zh: sentence, en: en[at] ?? '' })),
        });
      } catch (problem) {
        return refused(context, 500, [
          'failed',
          problem instanceof Error ? problem.message : 'relay: failed; run menwei doctor',
        ]);
      } finally {
        isOpening = false;
      }
    }),
  );
}

function addNetwork(app: App, { machine: { network }, log }: SetupServerParts): void {
  const told = (context: Context<Env>, what: string) =>
    log.warn({ actor: context.get('visitor').actor, what }, 'the set-up page changes this machine’s network');
  app.get('/setup/api/network', async (context) => context.json(await network.look()));
  app.post('/setup/api/network/wifi', (context) =>
    withBody(context, setupWifi, async (wifi) => done(context, await network.joinWifi(wifi))),
  );
  app.post('/setup/api/network/address', (context) =>
    withBody(context, setupAddress, async (address) => done(context, await network.setAddress(address))),
  );
  app.post('/setup/api/network/proxy', (context) =>
    withBody(context, setupProxy, (proxy) => {
      told(context, 'proxy');
      return done(context, network.setProxy(proxy));
    }),
  );
  app.post('/setup/api/network/time', (context) =>
    withBody(context, setupTime, (time) => {
      told(context, 'time');
      return done(context, network.setTime(time));
    }),
  );
}

function done(context: Context, problem: string | undefined): Response {
  return problem === undefined ? context.json({ done: true }) : refused(context, 502, ['failed', problem]);
}

function changed(
  context: Context,
  outcome: { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string },
): Response {
  return outcome.ok
    ? context.json({ holds: outcome.value })
    : refused(context, 400, ['not-valid', outcome.error]);
}

/** Names the first key that is wrong, and never what stood there. */
async function withBody<Shape extends z.ZodType>(
  context: Context<Env>,
  shape: Shape,
  work: (body: z.output<Shape>) => Response | Promise<Response>,
): Promise<Response> {
  const body = shape.safeParse(await context.req.json().catch(() => undefined));
  if (body.success) return work(body.data);
  const [issue] = body.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'body' : issue.path.map(String).join('.');
  const isSaid = issue?.code === 'invalid_format' || issue?.code === 'custom';
  const what = isSaid ? issue.message : 'not as it should be; correct it';
  return refused(context, 400, ['not-valid', `${where}: ${what}`]);
}
