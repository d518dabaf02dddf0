import { z } from 'zod';
import { REFUSALS } from '../code/index.ts';
import { direction, laneId, sha256Hex } from './fields.ts';

/** What a gate's display is told, as server-sent events (`/display/<lane>/events`) whose `event` is the `type`. */

export const displayVerdict = z.strictObject({
  type: z.literal('verdict'),
  /** Sequence number of the entry's row; 0 when no row could be written. */
  seq: z.int().min(0),
  tone: z.enum(['pass', 'stop', 'guard']),
  refusal: z.enum(REFUSALS).optional(),
  /** Masked, e.g. 张*. */
  name: z.string().max(64).optional(),
  /** The phone's clock minus the gate's, seconds. */
  offsetSeconds: z.int().optional(),
  /** How many pass together; 1 is alone. */
  people: z.int().min(1).max(9),
  /** How long to show it. */
  showMs: z.int().min(500).max(60_000),
});

export const DISPLAY_PROBLEMS = [
  'journal',
  'door',
  'readers',
  'clock',
  'trust',
  'fire',
  'lockdown',
  'starting',
  'not-enrolled',
] as const;

/** Why a symbol did not enrol the gate. */
export const ENROLMENT_REFUSALS = [
  'other-code',
  'plain-text',
  'no-answer',
  'not-that-district',
  'expired',
  'busy',
  'other-life',
  'differs',
  'district',
  'set-up',
  'fault',
] as const;
export type EnrolmentRefusal = (typeof ENROLMENT_REFUSALS)[number];

/** A gate that is not enrolled, or that nobody has confirmed yet. */
export const displayEnrolment = z.strictObject({
  step: z.enum(['symbol', 'working', 'refused', 'confirm']),
  refusal: z.enum(ENROLMENT_REFUSALS).optional(),
  /** SHA-256 of the gate's device key, hex: to be compared with the console's. */
  fingerprint: sha256Hex.optional(),
});

/** What does not stop the lane, and is not hidden: for those who look after it. */
export const DISPLAY_MARKS = ['alone', 'reserve', 'unrecorded'] as const;

/** Which pages the gate serves, in a state of any build: a page that was loaded before an update reads at least this. */
export const displayPages = z.object({ pages: z.string().max(64).optional() });

export const displayState = z.strictObject({
  type: z.literal('state'),
  lane: laneId,
  direction,
  /** Wall time as the gate knows it. */
  at: z.iso.datetime(),
  timeZone: z.string(),
  /** What is out of order, worst first. */
  problems: z.array(z.enum(DISPLAY_PROBLEMS)),
  /**
   * `alone`: no sister gate can be told of a used code. `reserve`: what is left of the disk is kept for the guard's openings.
   * `unrecorded`: scans that no row tells of.
   */
  marks: z.array(z.enum(DISPLAY_MARKS)).max(DISPLAY_MARKS.length).optional(),
  /** Names the pages that the gate serves now: with another name they are loaded anew. */
  pages: z.string().max(64).optional(),
  /** The page itself may read codes (POST /display/<lane>/scan). */
  pageReads: z.boolean(),
  enrolment: displayEnrolment.optional(),
  /** While no guard has an account: eight figures, to be typed at /guard. Told to displays of this machine alone. */
  firstAccount: z
    .string()
    .regex(/^\d{8}$/)
    .optional(),
  /** While nobody has set the gate up: where to open its set-up page from elsewhere, and with which figures. As above. */
  setUp: z.strictObject({ address: z.url().max(128), figures: z.string().regex(/^\d{8}$/) }).optional(),
});

/** Body of POST /display/<lane>/scan: what the page's camera read. */
export const displayScan = z.strictObject({ text: z.string().min(1).max(512) });

export type DisplayVerdict = z.infer<typeof displayVerdict>;
export type DisplayState = z.infer<typeof displayState>;
export type DisplayMark = (typeof DISPLAY_MARKS)[number];
export type DisplayEnrolment = z.infer<typeof displayEnrolment>;
export type DisplayProblem = (typeof DISPLAY_PROBLEMS)[number];
