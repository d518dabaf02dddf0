import { z } from 'zod';

/**
 * What the owner of a gate's machine may ask a running gate, over a socket in its data folder: one JSON line there, JSON lines
 * back. It tells states and rehearses trouble; nothing that can be asked opens a door.
 */

export const SIMULATED_MODES = ['clock', 'key-set', 'journal'] as const;
export type SimulatedMode = (typeof SIMULATED_MODES)[number];

export const WATCHED_MODES = ['uplink', 'reader', 'relay', 'fire'] as const;
export const DRILL_MODES = [
  'uplink',
  'clock',
  'key-set',
  'journal',
  'reader',
  'relay',
  'fire',
] as const satisfies readonly (SimulatedMode | (typeof WATCHED_MODES)[number])[];
export type DrillMode = (typeof DRILL_MODES)[number];

/** `passed`: shown as promised. `failed`: it was not. `skipped`: nobody did it in time, or this gate has no such part. */
export const DRILL_OUTCOMES = ['passed', 'failed', 'skipped'] as const;
export type DrillOutcome = (typeof DRILL_OUTCOMES)[number];

export const controlRequest = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('state') }),
  /** As long as the connection stands, and no longer than `seconds`. */
  z.strictObject({
    ask: z.literal('rehearse'),
    mode: z.enum(SIMULATED_MODES),
    seconds: z.int().min(1).max(60),
  }),
  z.strictObject({ ask: z.literal('record'), mode: z.enum(DRILL_MODES), outcome: z.enum(DRILL_OUTCOMES) }),
]);
export type ControlRequest = z.infer<typeof controlRequest>;

/** The answer to `state`. */
export const controlState = z.object({
  ready: z.boolean(),
  problems: z.array(z.string()),
  clock: z.object({ quality: z.string(), errorSeconds: z.number() }),
  lanes: z.array(
    z.object({
      lane: z.string(),
      /** What its displays show as out of order, worst first. */
      shown: z.array(z.string()),
      door: z.object({ ok: z.boolean(), open: z.boolean().optional(), detail: z.string().optional() }),
      fire: z.boolean(),
      readers: z.array(z.object({ reader: z.string(), state: z.string(), detail: z.string().optional() })),
    }),
  ),
  /** Absent: the gate stands alone. */
  uplink: z
    .object({ connected: z.boolean(), unsent: z.number(), heardMsAgo: z.number().optional() })
    .optional(),
  /** What the guard's page shows as out of order, worst first. */
  guard: z.array(z.string()),
  /** The last ones, oldest first. */
  doorEvents: z.array(z.object({ seq: z.number(), lane: z.string(), event: z.string() })),
  /** Newest row of the journal. */
  head: z.number().optional(),
});
export type ControlState = z.infer<typeof controlState>;

export const controlDone = z.object({
  done: z.boolean(),
  why: z.string().optional(),
  row: z.number().optional(),
});
export type ControlDone = z.infer<typeof controlDone>;

export const CONTROL_FILE = 'control.sock';
export const REQUEST_BYTES_MAX = 1_024;
export const ANSWER_BYTES_MAX = 262_144;
export const CONNECTIONS_MAX = 4;
/** sun_path of unix(7), without its last zero. */
export const SOCKET_PATH_BYTES_MAX = 107;
