import { z } from 'zod';
import { REFUSALS } from '../code/index.ts';
import { districtId, gateId, laneId, publicKeyHex, residentIndex } from './fields.ts';
import { DECISIONS, DOOR_EVENTS } from './row.ts';

/**
 * What the demonstration's page and its district say to each other. Only a district that was started as a demonstration
 * answers here: its residents are generated, and nobody signs in. Names are masked; a code stands in answers alone.
 */

export const RESIDENT_STATES = ['valid', 'suspended', 'revoked'] as const;

/** GET /api/demo */
export const demoOverview = z.object({
  district: districtId,
  residents: z
    .array(
      z.object({
        index: residentIndex,
        /** Masked, e.g. 张*. */
        name: z.string().min(1).max(64),
        /** Where they live, e.g. 8-2-2702. */
        door: z.string().max(64).optional(),
        state: z.enum(RESIDENT_STATES),
      }),
    )
    .max(1_000),
  /** Screens of the demonstration's gates. */
  displays: z.array(z.object({ gate: gateId, lane: laneId, url: z.url() })).max(100),
});

/** POST /api/codes/token, /api/codes/pass, /api/codes/card */
export const demoCodeRequest = z.strictObject({ index: residentIndex });

export const demoCode = z.object({
  /** `X…` */
  text: z.string().min(1).max(512),
  /** Unix seconds. */
  expiresAt: z.int(),
});

/** POST /api/holders: the phone's key joins the roster. */
export const demoHolderRequest = z.strictObject({
  index: residentIndex,
  publicKey: publicKeyHex,
  /** A kind 3 code of slot 0 and this index, of the present second, signed with the key: whoever asks holds it. */
  proof: z.string().min(1).max(512),
});

export const demoHolder = z.object({ slot: z.int().min(0).max(255) });

/** POST /api/residents/state */
export const demoStateRequest = z.strictObject({ index: residentIndex, state: z.enum(RESIDENT_STATES) });

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
  /** Masked. */
  name: z.string().max(64).optional(),
  /** The district's signed acknowledgement for it went out. */
  acknowledged: z.boolean(),
});

/** GET /api/entries: newest first. GET /api/live is the line with `entry` events. */
export const demoEntries = z.object({ entries: z.array(demoEntry).max(200) });

export type DemoOverview = z.infer<typeof demoOverview>;
export type DemoCode = z.infer<typeof demoCode>;
export type DemoEntry = z.infer<typeof demoEntry>;
export type ResidentState = (typeof RESIDENT_STATES)[number];
