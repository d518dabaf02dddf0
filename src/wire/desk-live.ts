import { z } from 'zod';
import { REFUSALS } from '../code/index.ts';
import { ALARMS } from './alarm.ts';
import { clockQuality, direction, laneId, readerId, residentIndex } from './fields.ts';
import { DECISIONS, DOOR_EVENTS } from './row.ts';

/** What a guard's page is told, as server-sent events of `/guard/api/events` whose `event` is the `type`. */

/** What is out of order at the gate, worst first. Each has its banner: what it means and what to do (docs/reliability.md, Degraded modes). */
export const GUARD_PROBLEMS = [
  'fire',
  'journal',
  'lockdown',
  'door',
  'door-still',
  'keyset-expired',
  'trust-stale',
  'clock',
  'readers-all',
  'reader',
  'held-open',
  'power',
  'temperature',
  'storage-slow',
  'storage',
  'unrecorded',
  'uplink',
  'alone',
  'trust-flagged',
  'not-enrolled',
] as const;
export type GuardProblem = (typeof GUARD_PROBLEMS)[number];

export const guardLane = z.strictObject({
  lane: laneId,
  direction,
  mode: z.enum(['normal', 'lock-down', 'held-open', 'fire']),
  door: z.strictObject({
    healthy: z.boolean(),
    relay: z.enum(['closed', 'open', 'unknown']),
    contact: z.enum(['closed', 'open', 'none', 'unknown']),
  }),
  readers: z.array(z.strictObject({ reader: readerId, ready: z.boolean() })),
  /** A page's camera may be its reader (POST /display/<lane>/scan). */
  pageReads: z.boolean().optional(),
});

/** Told at the beginning and whenever something of it changes. */
export const guardState = z.strictObject({
  type: z.literal('state'),
  gate: z.string(),
  at: z.iso.datetime(),
  timeZone: z.string(),
  clock: clockQuality,
  uplink: z.strictObject({
    state: z.enum(['connected', 'away', 'none']),
    /** When the district was last heard. */
    heardAt: z.iso.datetime().optional(),
    /** Rows that it does not have yet. */
    unsent: z.int().min(0),
  }),
  problems: z.array(
    z.strictObject({
      problem: z.enum(GUARD_PROBLEMS),
      lane: laneId.optional(),
      reader: readerId.optional(),
      /** A count or an age in seconds that the banner names. */
      amount: z.number().optional(),
    }),
  ),
  lanes: z.array(guardLane),
});

/** A row that a guard may see, with its mask. */
export const guardEntry = z.strictObject({
  type: z.literal('entry'),
  seq: z.int().min(1),
  at: z.iso.datetime(),
  clock: clockQuality,
  lane: laneId.optional(),
  direction: direction.optional(),
  decision: z.enum(DECISIONS),
  refusal: z.enum(REFUSALS).optional(),
  kind: z.int().min(1).max(5).optional(),
  index: residentIndex.optional(),
  /** Masked, e.g. 张*. */
  display: z.string().max(64).optional(),
  people: z.int().min(1).max(9),
  entry: z.int().min(1).optional(),
  door: z.enum(DOOR_EVENTS).optional(),
  actor: z.string().max(64).optional(),
  reason: z.string().max(200).optional(),
});

export const guardAlarm = z.strictObject({
  type: z.literal('alarm'),
  id: z.string().min(1).max(64),
  alarm: z.enum(ALARMS),
  at: z.iso.datetime(),
  lane: laneId.optional(),
  reader: readerId.optional(),
  detail: z.string().max(200).optional(),
  acknowledged: z.strictObject({ by: z.string().max(64), at: z.iso.datetime() }).optional(),
});

/** The session is over; the page signs out. */
export const guardSignedOut = z.strictObject({
  type: z.literal('signed-out'),
  why: z.enum(['ended', 'idle', 'elsewhere']),
});

export const guardMessage = z.discriminatedUnion('type', [
  guardState,
  guardEntry,
  guardAlarm,
  guardSignedOut,
]);

export type GuardLane = z.infer<typeof guardLane>;
export type GuardState = z.infer<typeof guardState>;
export type GuardEntry = z.infer<typeof guardEntry>;
export type GuardAlarm = z.infer<typeof guardAlarm>;
export type GuardMessage = z.infer<typeof guardMessage>;
