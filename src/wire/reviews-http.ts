import { z } from 'zod';
import { communityId, residentIndex } from './fields.ts';
import { GUARD_PHOTO, guardPhotoBase64 } from './guard-photo.ts';
import { NAME_MAX } from './person-fields.ts';
import { personBody, personDocumentBody, REVEAL_PURPOSES } from './persons-http.ts';
import { readReceipt } from './receipt-number.ts';

/**
 * Applications that a reviewer decides: registrations, photos and appeals. What is asked by a receipt number is answered
 * with the state alone, never with what was sent.
 */
export const APPLICATION_KINDS = ['registration', 'photo', 'appeal'] as const;
export type ApplicationKind = (typeof APPLICATION_KINDS)[number];

/** `accepted` is the last state of a registration and a photo; an appeal goes on to `applied`. */
export const APPLICATION_STATES = ['waiting', 'accepted', 'applied', 'refused', 'withdrawn'] as const;
export type ApplicationState = (typeof APPLICATION_STATES)[number];

/** What somebody else has, whose right holder appeals. */
export const APPEAL_TYPES = ['name', 'document', 'phone'] as const;
export type AppealType = (typeof APPEAL_TYPES)[number];

export const REFUSAL_REASONS = {
  registration: ['data-differs', 'room-unconfirmed', 'owner-consent', 'not-resident', 'registered', 'other'],
  photo: ['face-unclear', 'not-frontal', 'covered', 'shadow', 'background', 'not-the-person', 'other'],
  appeal: ['photo-unclear', 'data-differs', 'not-the-holder', 'nothing-taken', 'other'],
} as const satisfies Readonly<Record<ApplicationKind, readonly string[]>>;
export type RefusalReason = (typeof REFUSAL_REASONS)[ApplicationKind][number];

/** Bytes of a picture as it is sent; base64 is a third longer. */
export const PICTURE_BYTES_MAX = 4_194_304;
const PICTURE_TEXT_MAX = Math.ceil(PICTURE_BYTES_MAX / 3) * 4;
/** A whole body with a picture in it, bytes. */
export const PICTURE_BODY_MAX: number = PICTURE_TEXT_MAX + 16_384;

/** Its syntax is looked at when it is decoded: a pattern over megabytes is slow. */
const picture = z.string().min(16).max(PICTURE_TEXT_MAX, 'is larger than 4 MB').meta({
  contentEncoding: 'base64',
  description: 'JPEG, PNG or WebP in base64, at most 4 MB.',
});

export const receiptNumber = z
  .string()
  .max(64)
  .transform((text, context) => {
    const read = readReceipt(text);
    if (read === undefined) context.addIssue({ code: 'custom', message: 'is no receipt number; compare it' });
    return read ?? z.NEVER;
  });

const home = { community: communityId, room: z.string().min(1).max(64) };

/** POST /api/applications/registrations */
export const newRegistrationBody = z.strictObject({
  ...home,
  /** With the text that was read and agreed to. */
  person: personBody.required({ consent: true }),
  /** The level that is wanted: 1 by the document's data, 2 when a reviewer has seen person and document. */
  assurance: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(1),
  needsMoreTime: z.boolean().default(false),
  minor: z.boolean().default(false),
});
export type NewRegistration = z.infer<typeof newRegistrationBody>;

/** POST /api/applications/photos */
export const newPhotoBody = z.strictObject({
  resident: residentIndex,
  picture,
  /** The resident agrees that guards who look them up see a small copy; it can be withdrawn at any time. */
  forGuards: z.boolean().default(false),
});

export type NewPhoto = z.infer<typeof newPhotoBody>;

/** POST /api/applications/appeals */
export const newAppealBody = z.strictObject({
  type: z.enum(APPEAL_TYPES),
  ...home,
  /** The data as it is right, of the applicant. */
  right: z.strictObject({
    name: z
      .string()
      .min(1)
      .max(NAME_MAX * 4),
    document: personDocumentBody,
    phone: z.string().min(1).max(32).optional(),
  }),
  /** That all of it is true, and that a false declaration has consequences. */
  declared: z.literal(true, 'must be declared'),
  /** The applicant, holding the document. */
  picture,
});
export type NewAppeal = z.infer<typeof newAppealBody>;

/** Words of a reviewer's own; the applicant reads them, so they name nobody. */
export const WORDS_MAX = 200;
const words = z
  .string()
  .max(WORDS_MAX)
  .regex(/^[^\p{C}]*$/u, 'has signs that are no text')
  .refine((text) => !/\d{5}/.test(text.replace(/[\s-]/g, '')), 'has a number in it; leave numbers out');

/** POST /api/applications/:receipt/accept; of a photo for guards with the copy that they see, drawn by whoever looked at it. */
export const acceptBody = z.strictObject({
  guardPhoto: guardPhotoBase64.optional().meta({
    contentEncoding: 'base64',
    description: `JPEG of ${GUARD_PHOTO.widthPixels} × ${GUARD_PHOTO.heightPixels} pixels, at most ${GUARD_PHOTO.bytesMax} bytes. Left out: guards see none.`,
  }),
});

/** POST /api/applications/:receipt/refuse */
export const refuseBody = z.strictObject({
  reason: z.enum([...new Set(Object.values(REFUSAL_REASONS).flat())]),
  words: words.optional(),
});

/** POST /api/applications/:receipt/reveal */
export const revealApplicationBody = z.strictObject({ purpose: z.enum(REVEAL_PURPOSES) });

export const applicationQuery = z.strictObject({
  kind: z.enum(APPLICATION_KINDS).optional(),
  community: z.coerce.number('is the number of a community').pipe(communityId).optional(),
});

const both = z.object({ zh: z.string(), en: z.string() });

/** Answer to whoever has the receipt number: nothing of what was sent. */
export const applicationStateView = z.object({
  receipt: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  state: z.enum(APPLICATION_STATES),
  submittedAt: z.int(),
  /** Until when it is to be reviewed, or applied; Unix milliseconds. */
  dueAt: z.int().optional(),
  decidedAt: z.int().optional(),
  reason: both.extend({ code: z.string() }).optional(),
  /** The reviewer's own. */
  words: z.string().optional(),
  /** What to do now. */
  next: both,
});
export type ApplicationStateView = z.infer<typeof applicationStateView>;

/** What an applied appeal changed; no value is told. */
export const correctionEffect = z.object({
  records: z.int(),
  /** Indexes that were revoked, with their phones and cards. */
  revoked: z.int(),
  moved: z.int(),
});
export type CorrectionEffect = z.infer<typeof correctionEffect>;

/** A line of the queue, for the desk. */
export const applicationLine = z.object({
  receipt: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  state: z.enum(APPLICATION_STATES),
  community: communityId,
  submittedAt: z.int(),
  submittedBy: z.string(),
  dueAt: z.int().optional(),
  overdue: z.boolean(),
  decidedAt: z.int().optional(),
  reviewedBy: z.string().optional(),
  appliedBy: z.string().optional(),
  reason: z.string().optional(),
  /** Of a photo: whose it is. Of an accepted registration: the resident that it made. */
  resident: residentIndex.optional(),
  /** Of a photo: the resident agrees that guards see a small copy. */
  forGuards: z.literal(true).optional(),
  /** Of an accepted one of those: whether there is such a copy, of this photo. */
  guardPhoto: z.boolean().optional(),
  effect: correctionEffect.optional(),
  /** What was sent is there still. */
  hasContent: z.boolean(),
});
export type ApplicationLine = z.infer<typeof applicationLine>;

export const applicationList = z.object({
  applications: z.array(applicationLine),
  counts: z.record(z.enum(APPLICATION_KINDS), z.int()),
});

/** How a district wants photos. */
export const photoRules = z.strictObject({
  widthMin: z.int().min(64).max(4_096).default(358).meta({ description: 'Pixels.' }),
  heightMin: z.int().min(64).max(4_096).default(441).meta({ description: 'Pixels.' }),
  bytesMax: z
    .int()
    .min(16_384)
    .max(PICTURE_BYTES_MAX)
    .default(PICTURE_BYTES_MAX)
    .meta({ description: 'Largest file.' }),
  isPortrait: z.boolean().default(true).meta({ description: 'Higher than wide.' }),
  advice: z
    .array(z.strictObject({ zh: z.string().min(1).max(80), en: z.string().min(1).max(160) }))
    .max(8)
    .default([
      { zh: '正面免冠，五官清楚', en: 'Face the camera without a hat, all features visible' },
      { zh: '没有阴影和反光', en: 'No shadow, no glare' },
      { zh: '背景干净，没有他人', en: 'A free background, nobody else' },
    ])
    .meta({ description: 'Told to whoever sends a photo, and the reviewer’s list of what to look at.' }),
});
export type PhotoRules = z.infer<typeof photoRules>;
