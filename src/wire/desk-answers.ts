import { z } from 'zod';
import { ALARMS } from './alarm.ts';
import { DESK_PROBLEMS, GUARD_ROLES } from './desk-http.ts';

/** What the guard's page believes of the desk's answers (desk-http.ts has their meaning). What it does not know it leaves out. */

const shift = z.object({ startedAt: z.string() });

export const guardSessionAnswer = z.object({
  account: z.string(),
  role: z.enum(GUARD_ROLES),
  endsAt: z.string(),
  shift: shift.optional(),
  handOver: z.object({ account: z.string(), at: z.string(), note: z.string() }).optional(),
});
export type GuardSessionAnswer = z.infer<typeof guardSessionAnswer>;

export const deskErrorAnswer = z.object({
  error: z.string(),
  /** A problem of a later version is none that the page has words for. */
  problem: z.enum(DESK_PROBLEMS).optional().catch(undefined),
  waitSeconds: z.number().optional(),
  firstAccount: z.boolean().optional(),
});
export type DeskErrorAnswer = z.infer<typeof deskErrorAnswer>;

const memberState = z.enum(['valid', 'revoked', 'suspended', 'ask-guard']);

const foundMember = z.object({
  index: z.number(),
  /** Absent: on no roster of this gate. */
  household: z.number().optional(),
  display: z.string().optional(),
  state: memberState,
  minor: z.boolean(),
  needsMoreTime: z.boolean(),
  lastDay: z.string().optional(),
  refusals: z.record(z.string(), z.string()),
});
export type FoundMemberAnswer = z.infer<typeof foundMember>;

export const lookUpAnswer = z.object({
  row: z.number(),
  found: z.array(foundMember),
  photos: z.literal(true).optional(),
  pass: z.object({ pass: z.number(), state: memberState, gate: z.string().optional() }).optional(),
  more: z.boolean(),
  /** Found by a short code while the gate does not know the time well. */
  clockUnsure: z.literal(true).optional(),
  showMs: z.number(),
  leftThisHour: z.number(),
});
export type LookUpAnswerRead = z.infer<typeof lookUpAnswer>;

export const deedAnswer = z.object({ row: z.number(), undoMs: z.number() });
export type DeedAnswerRead = z.infer<typeof deedAnswer>;

export const guardInvitationAnswer = z.object({
  account: z.string(),
  code: z.string(),
  expiresAt: z.string(),
});

export const guardAccountsAnswer = z.object({
  accounts: z.array(
    z.object({
      account: z.string(),
      role: z.enum(GUARD_ROLES),
      state: z.enum(['invited', 'active', 'locked', 'disabled']),
    }),
  ),
});

export const insideAnswer = z.object({
  at: z.string(),
  since: z.string(),
  people: z.array(
    z.object({
      index: z.number(),
      display: z.string().optional(),
      at: z.string(),
      unsure: z.literal(true).optional(),
    }),
  ),
  unnamed: z.number(),
});

const counts = z.record(z.string(), z.number());

export const shiftReportAnswer = z.object({
  gate: z.string(),
  community: z.number(),
  account: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  note: z.string(),
  entries: z.object({
    granted: z.number(),
    refused: z.number(),
    guard: z.number(),
    manual: z.number(),
  }),
  refusals: counts,
  manual: counts,
  lookUps: z.number(),
  alarms: z.array(
    z.object({
      alarm: z.enum(ALARMS).or(z.string()),
      at: z.string(),
      acknowledgedBy: z.string().optional(),
    }),
  ),
  rows: z.object({ from: z.number(), to: z.number() }),
});
