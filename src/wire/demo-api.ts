import { z } from 'zod';
import { REFUSALS } from '../code/index.ts';
import { residentView } from './resident-answers.ts';
import { districtId, gateId, laneId, residentIndex } from './fields.ts';
import { DECISIONS, DOOR_EVENTS } from './row.ts';

/**
 * What the demonstration's page asks of the district besides the registry's own routes. Only a district that was started as
 * a demonstration answers here: its residents are generated, and nobody signs in. Names are masked.
 */

/** GET /api/demo */
export const demoOverview = z.object({
  district: districtId,
  timeZone: z.string().min(1).max(64),
  /** Screens of the demonstration's gates. */
  displays: z.array(z.object({ gate: gateId, lane: laneId, url: z.url() })).max(100),
});

/** GET /api/residents */
export const residentList = z.object({ residents: z.array(residentView).max(1_000) });

/** One row as the district has it; also the data of the live line's `entry` events. The same (gate, seq) replaces the older. */
export const demoEntry = z.object({
  gate: gateId,
  seq: z.int().min(1),
  at: z.iso.datetime({ precision: 3 }),
  lane: laneId.optional(),
  decision: z.enum(DECISIONS),
  refusal: z.enum(REFUSALS).optional(),
  kind: z.int().min(1).max(5).optional(),
  index: residentIndex.optional(),
  door: z.enum(DOOR_EVENTS).optional(),
  /** Whose command or entry by hand it was. */
  actor: z.string().min(1).max(64).optional(),
  /** Masked. */
  name: z.string().max(64).optional(),
  /** The district's signed acknowledgement for it went out. */
  acknowledged: z.boolean(),
});

/** GET /api/entries: newest first. GET /api/live is the line with `entry` events. */
export const demoEntries = z.object({ entries: z.array(demoEntry).max(200) });

export type DemoOverview = z.infer<typeof demoOverview>;
export type DemoEntry = z.infer<typeof demoEntry>;
