import { z } from 'zod';
import { isTimeZone } from '../base/index.ts';
import { isWellFormedText } from './well-formed-text.ts';

/** Fields that several messages share, each with its limits. */

/** `[a-z0-9-]{1,32}`, as docs/mqtt.md has it. */
const id = z.string().regex(/^[a-z0-9-]{1,32}$/, 'use 1 to 32 of a-z, 0-9 and -');

export const districtId = id;
export const gateId = id;
export const laneId = id;
export const readerId = id;

/** The number of a community as codes carry it, 32 bits. */
export const communityId = z.int().min(0).max(0xffff_ffff);

/** A resident's place in the status list, 32 bits. */
export const residentIndex = z.int().min(0).max(0xffff_ffff);

/** SHA-256, lower-case hex. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** Ed25519 public key, lower-case hex. */
export const publicKeyHex = z.string().regex(/^[0-9a-f]{64}$/);

/** A random journal id: 16 bytes in hex. */
export const journalId = z.string().regex(/^[0-9a-f]{32}$/);

export const clockQuality = z.enum(['synced', 'holdover', 'unsure']);

export const direction = z.enum(['in', 'out', 'both']);
export type Direction = z.infer<typeof direction>;

/** Text that may come to stand in a row, whose digest has no form for half a character. */
export const rowText = (unitsMax: number) =>
  z.string().min(1).max(unitsMax).refine(isWellFormedText, 'half a character');

/** An IANA name that this machine knows: with any other, local days and hours could not be told. */
export const timeZone = z.string().min(1).max(64).refine(isTimeZone, 'unknown time zone');
