import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Principal } from '../accounts/roles.ts';
import { assetRoutes } from './assets.ts';
import { gateFacts } from './gate-views.ts';
import { type Desk, fieldsOf, type PageStatus, pageOf, send, sessionOf } from './kit/desk.ts';
import { FormTokens } from './kit/form-tokens.ts';
import { heading, MENU, type View } from './kit/layout.ts';
import { type FieldErrors, may, type Page, type Posted } from './kit/page.ts';
import type { Outcome, Screen, Shown, Visit } from './kit/screen.ts';
import { Tickets } from './kit/tickets.ts';
import { FORM_BYTES_MAX } from './limits.ts';
import { GateWatch } from './live/gate-watch.ts';
import { addLiveRoutes } from './live/line-routes.ts';
import { LiveLines } from './live/lines.ts';
import type { ConsoleParts } from './parts.ts';
import { OrderLog } from './screens/order-log.ts';
import { READS_REVIEWS } from './screens/reviews.ts';
import { SCREENS } from './screens/screens.ts';
import { addPictureRoute } from './picture-route.ts';
import { addDoorRoutes } from './screens/sign-in.ts';
import { pageProblems, problemText } from './words/problems.ts';
import type { Text } from './words/text.ts';

/**
 * The console of the district: pages made on the server that work without script. Nothing is shown to who is not signed
 * in, and nothing is written but by a form of ours that was sent once, by somebody whose role it is.
 */
const SIGN_IN = '/console/sign-in';

export function districtConsole(parts: ConsoleParts): Hono {
  const desk: Desk = {
    parts,
    tokens: new FormTokens(parts),
    tickets: new Tickets<Shown>(parts),
    orders: new OrderLog(),
    lines: linesOf(parts),
  };
  parts.feed.watch({
    heard: (event) => {
      desk.orders.heard(event);
      desk.lines.heard(event);
    },
    ended: () => desk.lines.ended(),
  });
  const app = new Hono();
  assetRoutes(app);
  app.use('/console/*', sizeLimit(desk));
  app.get('/console', (context) => context.redirect(homeOf(parts, context), 303));
  addDoorRoutes(app, desk);
  addLiveRoutes(app, desk);
  addPictureRoute(app, parts);
  for (const screen of SCREENS) {
    app.get(`/console${screen.path}`, (context) => answerGet(desk, screen, context));
    app.post(`/console${screen.path}`, (context) => answerPost(desk, screen, context));
  }
  app.get('/console/*', (context) => sendNothing(desk, context));
  return app;
}

function linesOf(parts: ConsoleParts): LiveLines {
  return new LiveLines(new GateWatch({ ...parts, facts: (only) => gateFacts(parts, only) }));
}

/** The first page that somebody's roles open. */
function homeOf({ access }: ConsoleParts, context: Context): string {
  const principal = access.principal(context);
  const first = MENU.find(({ roles }) => roles.some((role) => principal?.roles.has(role) === true));
  return first?.path ?? SIGN_IN;
}

/** A larger body than a form's is taken on its one page alone, of those whose page it is. */
function sizeLimit(desk: Desk): MiddlewareHandler {
  const onError = (context: Context) => tooLarge(desk, context);
  const form = bodyLimit({ maxSize: FORM_BYTES_MAX, onError });
  const larger = SCREENS.flatMap(({ path, may: roles, bodyBytesMax }) =>
    bodyBytesMax === undefined
      ? []
      : [{ path: patternOf(path), roles, limit: bodyLimit({ maxSize: bodyBytesMax, onError }) }],
  );
  return (context, next) => {
    const held = desk.parts.access.principal(context)?.roles;
    const own = larger.find(({ path, roles }) => {
      return path.test(context.req.path) && roles.some((role) => held?.has(role) === true);
    });
    return (own?.limit ?? form)(context, next);
  };
}

/** Of a screen's path: what stands for a parameter is any one part of an address. */
function patternOf(path: string): RegExp {
  return new RegExp(`^/console${path.replace(/:\w+/g, '[^/]+')}$`);
}

async function tooLarge(desk: Desk, context: Context): Promise<Response> {
  const { tooLarge: title, tooLargeNext } = pageProblems;
  const principal = desk.parts.access.principal(context);
  if (principal === undefined) return context.text('413', 413);
  const visit = await visitOf(desk, context, { principal });
  const body = heading(visit.page, { title, about: tooLargeNext });
  return send(visit, { title, body }, 413);
}

async function answerGet(desk: Desk, screen: Screen, context: Context): Promise<Response> {
  const principal = desk.parts.access.principal(context);
  if (principal === undefined) return context.redirect(SIGN_IN, 303);
  const visit = await visitOf(desk, context, { principal });
  return may(visit.page, ...screen.may) ? show(screen, visit, 200) : send(visit, forbidden(visit.page), 403);
}

async function answerPost(desk: Desk, screen: Screen, context: Context): Promise<Response> {
  const principal = desk.parts.access.principal(context);
  if (principal === undefined) return context.redirect(SIGN_IN, 303);
  if (!screen.may.some((role) => principal.roles.has(role))) {
    context.set('route', `/console${screen.path}#-`);
    const visit = await visitOf(desk, context, { principal });
    return send(visit, forbidden(visit.page), 403);
  }
  const { fields, file } = await fieldsOf(context);
  const name = fields.get('form') ?? '';
  const posted = { form: name, fields, problem: undefined };
  const visit = await visitOf(desk, context, { principal, posted });
  const handler = Object.hasOwn(screen.forms ?? {}, name) ? screen.forms?.[name] : undefined;
  // What is sent here is in the audit log by this name (server/who-asks.ts).
  context.set('route', `/console${screen.path}#${handler === undefined ? '-' : name}`);
  const isTheirs = handler !== undefined && may(visit.page, ...handler.may);
  if (!isTheirs) return send(visit, forbidden(visit.page), 403);
  if (!desk.tokens.take(visit.session, fields.get('token') ?? ''))
    return showAgain(screen, visit, { problem: problemText('bad-form') });
  return settle(screen, visit, await handler.act(visit, fields, file));
}

async function settle(screen: Screen, visit: Visit, outcome: Outcome): Promise<Response> {
  if ('answer' in outcome) return outcome.answer;
  if ('again' in outcome) return show(screen, visit, 200);
  if ('problem' in outcome) return showAgain(screen, visit, outcome);
  const query = outcome.notice === undefined ? '' : `?done=${outcome.notice}`;
  return visit.context.redirect(`${outcome.go}${query}`, 303);
}

function showAgain(
  screen: Screen,
  visit: Visit,
  { problem, errors }: { readonly problem: Text; readonly errors?: FieldErrors },
): Promise<Response> {
  const { page } = visit;
  const posted =
    page.posted === undefined ? undefined : { ...page.posted, problem, ...(errors && { errors }) };
  return show(screen, { ...visit, page: { ...page, posted } }, 409);
}

async function show(screen: Screen, visit: Visit, status: PageStatus): Promise<Response> {
  const view = await screen.show(visit);
  return view === undefined ? send(visit, nothing(visit.page), 404) : send(visit, view, status);
}

async function sendNothing(desk: Desk, context: Context): Promise<Response> {
  const principal = desk.parts.access.principal(context);
  if (principal === undefined) return context.redirect(SIGN_IN, 303);
  const visit = await visitOf(desk, context, { principal });
  return send(visit, nothing(visit.page), 404);
}

function nothing(page: Page): View {
  const { notFound, notFoundNext } = pageProblems;
  return { title: notFound, body: heading(page, { title: notFound, about: notFoundNext }) };
}

function forbidden(page: Page): View {
  const { forbidden: title, forbiddenNext } = pageProblems;
  return { title, body: heading(page, { title, about: forbiddenNext }) };
}

async function visitOf(
  desk: Desk,
  context: Context,
  { principal, posted }: { readonly principal: Principal; readonly posted?: Posted },
): Promise<Visit> {
  const { parts, tickets, orders, lines } = desk;
  const waiting = (await parts.approvals.list()).filter(
    ({ state, askedBy }) => state === 'open' && askedBy !== principal.account,
  ).length;
  return {
    page: {
      ...pageOf(desk, context),
      principal,
      posted,
      waiting,
      reviewing: await reviewing(desk, principal),
    },
    parts,
    principal,
    context,
    tickets,
    orders,
    lines,
    lists: parts.lists,
    session: sessionOf(desk, context),
    param: (name) => context.req.param(name) ?? '',
    query: (name) => context.req.query(name),
  };
}

/** How much waits for a reviewer, for those whose page it is. */
async function reviewing({ parts }: Desk, { roles }: Principal): Promise<number> {
  if (!READS_REVIEWS.some((role) => roles.has(role))) return 0;
  const { registration, photo, appeal } = await parts.applications.counts();
  return registration + photo + appeal;
}
