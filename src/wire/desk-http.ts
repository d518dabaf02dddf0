import { z } from 'zod';
import { type communityId, laneId, residentIndex } from './fields.ts';

/**
 * Bodies of the guard's desk at a gate, `/guard/api`. What names a person comes in a body, never in an address, and no
 * answer holds more than a mask of it. 200 with what the comment names, or 204 where nothing is named.
 *
 *     GET    session            GuardSession; 401 otherwise. This and `events` keep no session alive, nor does a GET with
 *                               the header `x-menwei-idle`, which a page sends when nobody has done anything
 *     POST   session            guardSignIn → GuardSession
 *     DELETE session            signs out, the shift goes on
 *     POST   accounts/begin     guardBegin → GuardSession
 *     GET    accounts           { accounts: GuardAccount[] }, for a head guard like the next three
 *     POST   accounts           newGuard → GuardInvitation
 *     POST   accounts/unlock    namedGuard → GuardInvitation: another code, the old secret ends
 *     POST   accounts/disable   namedGuard
 *     POST   secret             guardNewSecret
 *     POST   secret/no-duress   ownSecret: the duress PIN ends; whether there was one is told to nobody
 *     POST   shift/start        → GuardSession
 *     POST   shift/end          shiftEnd; signs out
 *     GET    shift/report       ShiftReport
 *     POST   look-ups           lookUpBody → LookUpAnswer
 *     POST   look-ups/photo     guardPhotoBody → image/jpeg, while the answer to that look-up stands
 *     POST   deeds              deedBody → DeedAnswer
 *     POST   alarms/acknowledge alarmSeen
 *     GET    inside             InsideAnswer
 *     GET    events             src/wire/desk-live.ts; begins with the state, the alarms that are open and the newest entries
 */

/** What the page has words for, each with its next step, in both languages. */
export const DESK_PROBLEMS = [
  /** 401: nobody is signed in, or not any more. */
  'signed-out',
  /** 401: account or secret; which of them is not said. */
  'wrong-secret',
  /** 429, with `waitSeconds`. */
  'locked',
  /** 409: a shift must have begun. */
  'no-shift',
  /** 403 */
  'head-only',
  /** 401: the eight digits, of a first account or an invitation. */
  'wrong-code',
  /** 409 */
  'account-exists',
  'account-unknown',
  /** 400: a secret that is too easily guessed, or the one in force. */
  'weak-secret',
  /** 400: the body; `error` names the field. */
  'invalid',
  /** 401 of the second guard in `hold`. */
  'second-wrong',
  /** 409: the second guard is the first one. */
  'second-same',
  /** 404 */
  'lane-unknown',
  /** 409: nobody of this index, household, pass or entry is known here. */
  'person-unknown',
  /** 409: longer ago than 10 seconds, or somebody passed. */
  'nothing-to-undo',
  /** 409: such an alarm is not open. */
  'alarm-unknown',
  /** 429, with `waitSeconds`: look-ups, or requests. */
  'too-many',
  /** 503: the journal takes no row, so nothing was done. */
  'not-recorded',
  /** 503: the journal cannot be read back: the list and the report cannot be made. */
  'not-readable',
  /** 503: the row stands, but the door does not answer: its own button or key opens it. */
  'door-faulty',
  /** 409: the row stands; the fire release holds the doors open, so nothing needs opening. */
  'door-released',
  /** 503: the gate has no list of residents, or none to look up in: by entry, pass or on paper. */
  'no-list',
  /** 503: this community gives no short codes: another way. */
  'no-short-code',
  /** 409: these eight digits were shown here before; the next ones come within a minute. */
  'short-code-used',
  /** 404: there is no photo of that one, or none that may be shown. */
  'no-photo',
  /** 503: photos are at the district, which does not answer now. */
  'photo-offline',
  /** 409: a head guard's own account. */
  'own-account',
  /** 409: somebody must stay who can give accounts. */
  'last-head',
  /** 409 */
  'too-many-accounts',
  /** 400: a note with what looks like somebody's number. */
  'personal-note',
  /** 503: the desk's file cannot be used; the gate itself goes on. */
  'closed',
  /** 503: the desk is busy, or still starting. */
  'busy',
] as const;
export type DeskProblem = (typeof DESK_PROBLEMS)[number];

/** Every answer that is not 2xx. */
export interface DeskError {
  /** `FIELD: what is wrong; what to do`, for whoever reads HTTP. */
  readonly error: string;
  readonly problem?: DeskProblem;
  readonly waitSeconds?: number;
  /** With `signed-out`: the gate has no account yet, and shows the digits of the first one. */
  readonly firstAccount?: boolean;
}

export const GUARD_ROLES = ['guard', 'head'] as const;
export type GuardRole = (typeof GUARD_ROLES)[number];

/** A staff number or a post, never a person's name: it stands in rows. */
export const guardName = z
  .string()
  .regex(
    /^[a-z0-9-]{2,32}$/,
    'use 2 to 32 of a-z, 0-9 and "-", for example "g-07"; a number or a post, no name',
  );

/** A PIN of six digits or more, or a password. */
export const guardSecret = z.string().min(6, 'use at least 6 digits or letters').max(128);

/** Written on paper or shown by the gate, used once. */
export const onceCode = z.string().regex(/^\d{8}$/, 'type the eight digits that were shown');

/** POST /guard/api/session */
export const guardSignIn = z.strictObject({ account: guardName, secret: z.string().min(1).max(128) });

/** POST /guard/api/accounts/begin: the first account of a gate, or one that a head guard has invited. */
export const guardBegin = z.strictObject({ account: guardName, code: onceCode, secret: guardSecret });

/** POST /guard/api/accounts, by a head guard. */
export const newGuard = z.strictObject({ account: guardName, role: z.enum(GUARD_ROLES).default('guard') });

export const namedGuard = z.strictObject({ account: guardName });

/** Shown once, to be told or written down: who begins with it sets a secret of their own. */
export interface GuardInvitation {
  readonly account: string;
  readonly code: string;
  /** ISO 8601 */
  readonly expiresAt: string;
}

/** POST /guard/api/secret: another PIN, or with `duress` the one that raises a silent alarm. */
export const guardNewSecret = z.strictObject({
  secret: z.string().min(1).max(128),
  next: guardSecret,
  duress: z.boolean().default(false),
});

/** POST /guard/api/secret/no-duress */
export const ownSecret = guardNewSecret.pick({ secret: true });

/** POST /guard/api/shift/end */
export const shiftEnd = z.strictObject({
  /** For the next guard: about the gate, not about people. */
  note: z.string().max(500).default(''),
});

export interface GuardAccount {
  readonly account: string;
  readonly role: GuardRole;
  readonly state: 'invited' | 'active' | 'locked' | 'disabled';
}

/** What the page knows of who is signed in. 401 otherwise, with `firstAccount` while the gate has none. */
export interface GuardSession {
  readonly account: string;
  readonly role: GuardRole;
  /** ISO 8601 */
  readonly endsAt: string;
  readonly shift: Shift | undefined;
  /** What the guard before has left, until the shift has begun. */
  readonly handOver: HandOver | undefined;
}

export interface Shift {
  readonly startedAt: string;
}

export interface HandOver {
  readonly account: string;
  readonly at: string;
  readonly note: string;
}

const once = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,64}$/)
  .meta({ description: 'Made by the page for each deed: a request that is sent again does nothing twice.' });
const index = residentIndex.optional();
const people = z.int().min(1).max(8).default(1);
const long = z.boolean().default(false);

export const LET_IN_REASONS = [
  'no-phone',
  'phone-broken',
  'code-refused',
  'document-seen',
  'known-resident',
  'child',
  'with-family',
  'card-confirmed',
] as const;
export const VISITOR_REASONS = ['host-asked', 'host-came', 'appointment'] as const;
export const DELIVERY_REASONS = ['parcel', 'food', 'removal', 'repair', 'utility'] as const;
export const EMERGENCY_REASONS = ['ambulance', 'fire-brigade', 'police', 'evacuation'] as const;
export const HOLD_REASONS = ['removal', 'vehicle', 'event', 'repair', 'crowd'] as const;
export const LOCK_REASONS = ['threat', 'police-order', 'drill', 'gate-damage'] as const;
export const RELEASE_REASONS = ['over', 'mistake', 'drill'] as const;
export const UNDO_REASONS = ['did-not-enter', 'mistake'] as const;

/** POST /guard/api/deeds. Each has its row before it happens. */
export const deedBody = z.discriminatedUnion('deed', [
  z.strictObject({
    deed: z.literal('let-in'),
    once,
    lane: laneId,
    reason: z.enum(LET_IN_REASONS),
    index,
    /** Who comes along, by index. */
    party: z.array(residentIndex).max(8).default([]),
    /** The row that asked for the guard. */
    entry: z.int().min(1).optional(),
    long,
  }),
  z.strictObject({
    deed: z.literal('visitor'),
    once,
    lane: laneId,
    reason: z.enum(VISITOR_REASONS),
    /** The host. */
    index: residentIndex,
    people,
    long,
  }),
  z.strictObject({
    deed: z.literal('delivery'),
    once,
    lane: laneId,
    reason: z.enum(DELIVERY_REASONS),
    index,
    people,
    long,
  }),
  z.strictObject({
    deed: z.literal('emergency'),
    once,
    lane: laneId,
    reason: z.enum(EMERGENCY_REASONS),
    /** Keeps the door open; one person may, and it is reported at once. */
    hold: z.boolean().default(false),
  }),
  z.strictObject({
    deed: z.literal('hold'),
    once,
    lane: laneId,
    reason: z.enum(HOLD_REASONS),
    second: guardSignIn,
  }),
  z.strictObject({ deed: z.literal('end-hold'), once, lane: laneId, reason: z.enum(RELEASE_REASONS) }),
  /** No lane: all of them. */
  z.strictObject({
    deed: z.literal('lock-down'),
    once,
    lane: laneId.optional(),
    reason: z.enum(LOCK_REASONS),
  }),
  z.strictObject({
    deed: z.literal('release'),
    once,
    lane: laneId.optional(),
    reason: z.enum(RELEASE_REASONS),
  }),
  z.strictObject({
    deed: z.literal('undo'),
    once,
    entry: z.int().min(1),
    reason: z.enum(UNDO_REASONS),
  }),
]);
export type DeedBody = z.infer<typeof deedBody>;
export type Deed = DeedBody['deed'];
/** Of every deed. */
export type DeedReason = DeedBody['reason'];

export interface DeedAnswer {
  /** Sequence number of the deed's row. */
  readonly row: number;
  /** Openings can be taken back for so long. */
  readonly undoMs: number;
}

/** POST /guard/api/alarms/acknowledge */
export const alarmSeen = z.strictObject({ alarm: z.string().min(1).max(64) });

/** GET /guard/api/inside: who came in and did not go out, by the gate's own rows, for a fire. */
export interface InsideAnswer {
  readonly at: string;
  /** How far back the rows were read. */
  readonly since: string;
  readonly people: readonly {
    readonly index: number;
    readonly display: string | undefined;
    readonly at: string;
    /** Seen last on a lane for both ways: may have gone out. */
    readonly unsure?: true;
  }[];
  /** Openings whose row names nobody. */
  readonly unnamed: number;
}

/** GET /guard/api/shift/report: the present shift, or the last one. Fits one printed page. */
export interface ShiftReport {
  readonly gate: string;
  readonly community: z.infer<typeof communityId>;
  readonly account: string;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly note: string;
  readonly entries: Readonly<Record<'granted' | 'refused' | 'guard' | 'manual', number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly manual: Readonly<Record<string, number>>;
  readonly lookUps: number;
  readonly alarms: readonly {
    readonly alarm: string;
    readonly at: string;
    readonly acknowledgedBy?: string;
  }[];
  readonly rows: { readonly from: number; readonly to: number };
}
