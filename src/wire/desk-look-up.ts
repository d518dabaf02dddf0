import { z } from 'zod';
import { residentIndex } from './fields.ts';

/** Looking somebody up at the guard's desk: what is asked, and the masked answer (desk-http.ts has the routes). */
export const LOOK_UP_PURPOSES = [
  'no-phone',
  'code-refused',
  'visitor',
  'delivery',
  'safety',
  'other',
] as const;
export type LookUpPurpose = (typeof LOOK_UP_PURPOSES)[number];

const purpose = z.enum(LOOK_UP_PURPOSES);
const typed = z.string().trim().min(1).max(64);

/** POST /guard/api/look-ups. The row is written before the answer. */
export const lookUpBody = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('document'), number: typed, purpose }),
  z.strictObject({ by: z.literal('last-six'), lastSix: typed, birthDate: z.iso.date(), purpose }),
  z.strictObject({ by: z.literal('room'), room: typed, purpose }),
  /** Characters, pinyin or initials. */
  z.strictObject({ by: z.literal('name'), name: typed, purpose }),
  z.strictObject({ by: z.literal('pass'), pass: residentIndex, purpose }),
  z.strictObject({ by: z.literal('household'), household: z.int().min(0).max(0xffff_ffff), purpose }),
  /** Eight digits under the resident's code (docs/code-format.md, Short code). */
  z.strictObject({ by: z.literal('short-code'), code: z.string().regex(/^\d{8}$/), purpose }),
  /** Somebody whose scan asked for the guard: the entry's row. */
  z.strictObject({ by: z.literal('entry'), entry: z.int().min(1), purpose }),
]);
export type LookUpBody = z.infer<typeof lookUpBody>;

/** POST /guard/api/look-ups/photo: of somebody whom the look-up of that row has shown to this guard. */
export const guardPhotoBody = z.strictObject({ row: z.int().min(1), index: residentIndex });
export type GuardPhotoBody = z.infer<typeof guardPhotoBody>;

/** One person, masked. */
export interface FoundMember {
  readonly index: number;
  /** Undefined: on no roster of this gate. */
  readonly household: number | undefined;
  readonly display: string | undefined;
  readonly state: 'valid' | 'revoked' | 'suspended' | 'ask-guard';
  readonly minor: boolean;
  readonly needsMoreTime: boolean;
  /** ISO date of the last day of residence. */
  readonly lastDay: string | undefined;
  /** What the rules of each lane say now; absent: may enter. A refusal's name otherwise. */
  readonly refusals: Readonly<Record<string, string>>;
}

export interface LookUpAnswer {
  /** Sequence number of the look-up's row. */
  readonly row: number;
  readonly found: readonly FoundMember[];
  /** The policy lets guards see photos of them: `look-ups/photo`. */
  readonly photos?: true;
  /** More were found than are shown: ask for something that tells more. */
  readonly more: boolean;
  /** Found by a short code while the gate does not know the time well: the code may be an old one. */
  readonly clockUnsure?: true;
  /** Of a visitor's pass; `found` has its host where a row of the last day names one. */
  readonly pass?: {
    readonly pass: number;
    readonly state: FoundMember['state'];
    /** The one gate that it is for; absent: any of the community. */
    readonly gate?: string;
  };
  /** The answer leaves the screen after so long. */
  readonly showMs: number;
  readonly leftThisHour: number;
}
