import { z } from 'zod';
import { REFUSALS } from '../code/index.ts';
import { clockQuality, direction, laneId, readerId, residentIndex, sha256Hex } from './fields.ts';

/**
 * A journal row, as it is stored, listed and sent (docs/mqtt.md). Rows never change: what happens later to an entry
 * (opened, passed, annulled, undone) is a later row whose `entry` is the first one's sequence number.
 * No name, document number, phone number or raw code may stand in any field.
 */

export const DECISIONS = ['granted', 'refused', 'guard', 'manual', 'door', 'system'] as const;

export const DOOR_EVENTS = [
  'opened',
  'passed',
  'annulled',
  'undone',
  'held',
  'forced',
  'closed',
  'fault',
  'stuck',
  'recovered',
  'exit-button',
  'fire',
  'fire-cleared',
  'tamper',
  'tamper-cleared',
] as const;

export const rowContent = z.strictObject({
  seq: z.int().min(1),
  at: z.iso.datetime({ precision: 3 }),
  clock: clockQuality,
  lane: laneId.optional(),
  direction: direction.optional(),
  reader: readerId.optional(),
  decision: z.enum(DECISIONS),
  refusal: z.enum(REFUSALS).optional(),
  kind: z.int().min(1).max(5).optional(),
  index: residentIndex.optional(),
  passId: residentIndex.optional(),
  /** Indices of those who came along on a family code. */
  party: z.array(residentIndex).max(8).optional(),
  /** Sequence number of the row that this one tells more about. */
  entry: z.int().min(1).optional(),
  door: z.enum(DOOR_EVENTS).optional(),
  /** Who acted: a guard's or operator's id, or a gate's. Never a name. */
  actor: z.string().min(1).max(64).optional(),
  /** Why, from a list of ours: a guard's reason, or what happened to the gate. Never free text about a person. */
  reason: z.string().min(1).max(200).optional(),
  /** `jti` of the command that this row answers. */
  command: z.string().min(1).max(64).optional(),
});

export const chainedRow = rowContent.extend({ previousHash: sha256Hex, digest: sha256Hex, hash: sha256Hex });

/** A row past its retention: its content is gone, its place in the chain stays. */
export const purgedRow = z.strictObject({
  seq: z.int().min(1),
  purged: z.literal(true),
  previousHash: sha256Hex,
  digest: sha256Hex,
  hash: sha256Hex,
});

export type RowContent = z.infer<typeof rowContent>;
export type ChainedRow = z.infer<typeof chainedRow>;
export type PurgedRow = z.infer<typeof purgedRow>;
export type Decision = (typeof DECISIONS)[number];
export type DoorEvent = (typeof DOOR_EVENTS)[number];

/** What decide drafts; the journal gives the sequence number. */
export type RowDraft = Omit<RowContent, 'seq'>;
