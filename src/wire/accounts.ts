import { z } from 'zod';

/**
 * Bodies of the desk's accounts, sessions, approvals and audit log (`/api`). Times are Unix milliseconds.
 */

/**
 * What somebody who is signed in may do, by role. An account has one or more; nobody has all of them by being first.
 * - registrar: residents, households, phones, codes, passes, cards
 * - reviewer: documents, photographs and assurance levels
 * - operator: gates, commands, enrolment, alarms, revocation
 * - auditor: reads everything that was done, changes nothing
 * - administrator: accounts, keys, communities
 */
export const DESK_ROLES = ['registrar', 'reviewer', 'operator', 'auditor', 'administrator'] as const;
export type DeskRole = (typeof DESK_ROLES)[number];

/** Characters of a password, counted as Unicode code points. */
export const PASSWORD_CHARACTERS_MIN = 12;
const PASSWORD_CHARACTERS_MAX = 256;

export const accountName = z.string().regex(/^[a-z0-9-]{2,32}$/, 'use 2 to 32 of a-z, 0-9 and "-"');

const password = z.string().min(1, 'is missing').max(PASSWORD_CHARACTERS_MAX);

export const deskRoles = z
  .array(z.enum(DESK_ROLES))
  .min(1, 'name at least one role')
  .max(DESK_ROLES.length)
  .refine((roles) => new Set(roles).size === roles.length, 'name each role once');

/** POST /api/session */
export const signInBody = z.strictObject({ account: accountName, password });

/** GET /api/session, and the answer to signing in */
export const sessionView = z.object({
  account: z.string(),
  roles: z.array(z.enum(DESK_ROLES)),
  /** Absent in a demonstration, where nobody signs in. */
  endsAt: z.int().optional(),
  /** The session ends after so long without a request. */
  idleMs: z.int().optional(),
});

/** PUT /api/session/password */
export const changePasswordBody = z.strictObject({ password, next: password });

/** POST /api/invitations/redeem */
export const redeemBody = z.strictObject({ invitation: z.string().min(1).max(64), password });

/** POST /api/accounts */
export const newAccountBody = z.strictObject({ account: accountName, roles: deskRoles });

/** The invitation is told once and kept nowhere. */
export const invitationView = z.object({
  account: accountName,
  invitation: z.string(),
  expiresAt: z.int(),
});

export const ACCOUNT_STATES = ['active', 'invited', 'disabled'] as const;

export const accountView = z.object({
  account: accountName,
  roles: z.array(z.enum(DESK_ROLES)),
  state: z.enum(ACCOUNT_STATES),
  openedAt: z.int(),
  signedInAt: z.int().optional(),
});

export const accountList = z.object({ accounts: z.array(accountView) });

export const auditEntryView = z.object({
  /** Of the log; `before` in the next question. */
  id: z.string(),
  at: z.int(),
  account: z.string(),
  action: z.string(),
  subject: z.string(),
  outcome: z.string(),
});

export const auditPage = z.object({
  entries: z.array(auditEntryView),
  /** Absent: there is nothing older. */
  next: z.string().optional(),
});

export const APPROVAL_STATES = ['open', 'refused', 'expired', 'approved', 'done', 'failed'] as const;

export const approvalView = z.object({
  id: z.string(),
  action: z.string(),
  /** What will be done; absent once it is decided. */
  body: z.unknown().optional(),
  /** SHA-256 of the body, hex: who approves repeats it. */
  digest: z.string(),
  state: z.enum(APPROVAL_STATES),
  askedBy: z.string(),
  askedAt: z.int(),
  expiresAt: z.int(),
  decidedBy: z.string().optional(),
  /** One account opened both that of who asked and that of who reads this, one of them lately: are they two persons? */
  sameOpener: z.string().optional(),
});

export const approvalList = z.object({ approvals: z.array(approvalView) });

/** POST /api/approvals */
export const newApprovalBody = z.strictObject({
  action: z.string().min(1).max(64),
  body: z.unknown(),
});

/** POST /api/approvals/{approval}/approve: of exactly what was shown. */
export const approveBody = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'is the digest that was shown with it'),
});

export type SessionView = z.infer<typeof sessionView>;
export type AccountView = z.infer<typeof accountView>;
export type InvitationView = z.infer<typeof invitationView>;
export type AuditEntryView = z.infer<typeof auditEntryView>;
export type AuditPage = z.infer<typeof auditPage>;
export type ApprovalView = z.infer<typeof approvalView>;
export type ApprovalState = (typeof APPROVAL_STATES)[number];
