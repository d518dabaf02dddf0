import { z } from 'zod';
import {
  accountList,
  accountName,
  approvalList,
  approvalView,
  approveBody,
  auditPage,
  changePasswordBody,
  deskRoles,
  invitationView,
  newAccountBody,
  newApprovalBody,
  redeemBody,
  type SessionView,
  sessionView,
  signInBody,
} from '../../wire/index.ts';
import type { SignedIn } from '../accounts/accounts.ts';
import { SESSION_IDLE_MS } from '../limits.ts';
import type { ServerParts } from './parts.ts';
import { addressOf, type DeskApp, deskRoute, json, jsonBody, principalOf, refused } from './route.ts';
import { giveSession, sessionToken, takeSession } from './who-asks.ts';

/** Signing in and out, accounts, the second person's approval, and the audit log. */

const EVERY_ROLE = 'signed-in';
const ofAccount = z.object({ account: accountName });
const ofApproval = z.object({ approval: z.string().regex(/^[0-9a-f]{16}$/, 'is the id of a request') });

const signIn = deskRoute({
  method: 'post',
  path: '/api/session',
  may: 'anybody',
  summary: 'Sign in; the answer’s cookie is the session.',
  request: { body: jsonBody(signInBody) },
  responses: { 201: json(sessionView, 'Signed in.') },
});

const whoAmI = deskRoute({
  method: 'get',
  path: '/api/session',
  may: EVERY_ROLE,
  summary: 'Who is signed in; asking does not keep the session alive.',
  responses: { 200: json(sessionView, 'This account.') },
});

const signOut = deskRoute({
  method: 'delete',
  path: '/api/session',
  may: EVERY_ROLE,
  summary: 'Sign out: the session ends here and at the district.',
  responses: { 200: json(z.object({ signedOut: z.literal(true) }), 'It is over.') },
});

const changePassword = deskRoute({
  method: 'put',
  path: '/api/session/password',
  may: EVERY_ROLE,
  summary: 'Change one’s own password: all sessions end, and a new one begins.',
  request: { body: jsonBody(changePasswordBody) },
  responses: { 200: json(sessionView, 'Changed; the answer’s cookie is the new session.') },
});

const redeem = deskRoute({
  method: 'post',
  path: '/api/invitations/redeem',
  may: 'anybody',
  summary: 'Set the password with an invitation, which is used up.',
  request: { body: jsonBody(redeemBody) },
  responses: { 200: json(z.object({ account: z.string() }), 'Now sign in.') },
});

const listAccounts = deskRoute({
  method: 'get',
  path: '/api/accounts',
  may: ['administrator', 'auditor'],
  summary: 'All accounts with their roles.',
  responses: { 200: json(accountList, 'By name.') },
});

const openAccount = deskRoute({
  method: 'post',
  path: '/api/accounts',
  may: ['administrator'],
  summary: 'Open an account; its person sets the password with the invitation.',
  request: { body: jsonBody(newAccountBody) },
  responses: { 201: json(invitationView, 'The invitation, told once.') },
});

const invite = deskRoute({
  method: 'post',
  path: '/api/accounts/{account}/invitation',
  may: ['administrator'],
  summary: 'Begin an account anew: password and sessions end, a lock or a bar is lifted.',
  request: { params: ofAccount },
  responses: { 201: json(invitationView, 'The invitation, told once.') },
});

const setRoles = deskRoute({
  method: 'put',
  path: '/api/accounts/{account}/roles',
  may: ['administrator'],
  summary: 'Give an account other roles, from its next request on.',
  request: { params: ofAccount, body: jsonBody(z.strictObject({ roles: deskRoles })) },
  responses: { 200: json(ofAccount, 'Done.') },
});

const disable = deskRoute({
  method: 'post',
  path: '/api/accounts/{account}/disable',
  may: ['administrator'],
  summary: 'Bar an account and end its sessions; an invitation opens it again.',
  request: { params: ofAccount },
  responses: { 200: json(ofAccount, 'Done.') },
});

const listApprovals = deskRoute({
  method: 'get',
  path: '/api/approvals',
  may: ['operator', 'registrar', 'auditor', 'administrator'],
  summary: 'What waits for a second person, and what was decided.',
  responses: { 200: json(approvalList, 'Newest first.') },
});

const ask = deskRoute({
  method: 'post',
  path: '/api/approvals',
  may: ['operator', 'registrar', 'auditor', 'administrator'],
  summary: 'Ask for something dangerous; a second person has fifteen minutes to approve it.',
  request: { body: jsonBody(newApprovalBody) },
  responses: { 201: json(approvalView, 'It waits.') },
});

const approve = deskRoute({
  method: 'post',
  path: '/api/approvals/{approval}/approve',
  may: ['operator', 'auditor', 'administrator'],
  summary: 'Approve exactly what was shown, as another person than who asked: it is done at once.',
  request: { params: ofApproval, body: jsonBody(approveBody) },
  responses: { 200: json(z.object({ done: z.unknown() }), 'What came of it.') },
});

const refuse = deskRoute({
  method: 'post',
  path: '/api/approvals/{approval}/refuse',
  may: ['operator', 'registrar', 'auditor', 'administrator'],
  summary: 'Refuse a request, or take one’s own back.',
  request: { params: ofApproval },
  responses: { 200: json(approvalView, 'It is over.') },
});

const audit = deskRoute({
  method: 'get',
  path: '/api/audit',
  may: ['auditor', 'administrator'],
  summary: 'Who did what to which number, when, and with what outcome.',
  request: {
    query: z.object({
      before: z
        .string()
        .regex(/^[0-9a-f]{1,32}$/)
        .optional(),
    }),
  },
  responses: { 200: json(auditPage, 'Newest first, a page at a time.') },
});

export function addAccountRoutes(app: DeskApp, parts: ServerParts): void {
  addSessionRoutes(app, parts);
  const { accounts, audit: log } = parts.desk;
  app.openapi(listAccounts, async (context) => context.json({ accounts: await accounts.list() }, 200));
  app.openapi(openAccount, async (context) => {
    const opened = await accounts.open(context.req.valid('json'), principalOf(context).account);
    return opened.ok ? context.json(opened.value, 201) : refused(context, opened.error);
  });
  app.openapi(invite, async (context) => {
    const invited = await accounts.invite(context.req.valid('param').account, principalOf(context).account);
    return invited.ok ? context.json(invited.value, 201) : refused(context, invited.error);
  });
  app.openapi(setRoles, async (context) => {
    const wanted = { ...context.req.valid('param'), ...context.req.valid('json') };
    const set = await accounts.setRoles(wanted, principalOf(context).account);
    return set.ok ? context.json({ account: set.value }, 200) : refused(context, set.error);
  });
  app.openapi(disable, async (context) => {
    const disabled = await accounts.disable(context.req.valid('param').account, principalOf(context).account);
    return disabled.ok ? context.json({ account: disabled.value }, 200) : refused(context, disabled.error);
  });
  app.openapi(audit, async (context) => {
    const { before } = context.req.valid('query');
    return context.json(await log.page(before === undefined ? {} : { before }), 200);
  });
  addApprovalRoutes(app, parts);
}

function addSessionRoutes(app: DeskApp, { desk: { accounts, sessions } }: ServerParts): void {
  app.openapi(signIn, async (context) => {
    const old = sessionToken(context);
    const signed = await accounts.signIn({
      ...context.req.valid('json'),
      ...addressOf(context),
      ...(old === undefined ? {} : { oldToken: old }),
    });
    if (!signed.ok) return refused(context, signed.error);
    giveSession(context, signed.value.token);
    return context.json(viewOf(signed.value), 201);
  });
  app.openapi(whoAmI, (context) => {
    const endsAt = context.get('endsAt');
    const times = endsAt === undefined ? {} : { endsAt, idleMs: SESSION_IDLE_MS };
    const roles = [...principalOf(context).roles];
    return context.json({ account: principalOf(context).account, roles, ...times }, 200);
  });
  app.openapi(signOut, async (context) => {
    const token = sessionToken(context);
    if (token !== undefined) await sessions.end(token);
    takeSession(context);
    return context.json({ signedOut: true as const }, 200);
  });
  app.openapi(changePassword, async (context) => {
    const { password, next } = context.req.valid('json');
    const { account } = principalOf(context);
    const changed = await accounts.changePassword({ account, password, ...addressOf(context) }, next);
    if (!changed.ok) return refused(context, changed.error);
    giveSession(context, changed.value.token);
    return context.json(viewOf(changed.value), 200);
  });
  app.openapi(redeem, async (context) => {
    const set = await accounts.redeem({ ...context.req.valid('json'), ...addressOf(context) });
    return set.ok ? context.json({ account: set.value }, 200) : refused(context, set.error);
  });
}

/** All but the token, which is the cookie's alone. */
function viewOf({ account, roles, endsAt }: SignedIn): SessionView {
  return { account, roles: [...roles], endsAt, idleMs: SESSION_IDLE_MS };
}

function addApprovalRoutes(app: DeskApp, { desk: { approvals } }: ServerParts): void {
  app.openapi(listApprovals, async (context) =>
    context.json({ approvals: await approvals.list(principalOf(context).account) }, 200),
  );
  app.openapi(ask, async (context) => {
    const { action, body } = context.req.valid('json');
    const asked = await approvals.ask(principalOf(context), { action, body });
    return asked.ok ? context.json(asked.value, 201) : refused(context, asked.error);
  });
  app.openapi(approve, async (context) => {
    const what = { id: context.req.valid('param').approval, ...context.req.valid('json') };
    const approved = await approvals.approve(principalOf(context), what);
    if (!approved.ok) return refused(context, approved.error);
    const { value: done } = approved;
    return done.ok ? context.json({ done: done.value }, 200) : refused(context, done.error);
  });
  app.openapi(refuse, async (context) => {
    const over = await approvals.refuse(principalOf(context), context.req.valid('param').approval);
    return over.ok ? context.json(over.value, 200) : refused(context, over.error);
  });
}
