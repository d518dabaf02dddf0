import { z } from 'zod';
import { DOCUMENT_NUMBER_MAX, DOCUMENT_TYPES } from './identity-documents.ts';
import { communityId, residentIndex } from './fields.ts';
import { NAME_MAX } from './person-fields.ts';

/** Bodies about people. The district checks each field again by its own rules and answers with the field and a remedy. */

export const SEXES = ['male', 'female', 'other'] as const;
export const RELATIONS = [
  'head',
  'spouse',
  'child',
  'parent',
  'relative',
  'tenant',
  'helper',
  'other',
] as const;
export type Relation = (typeof RELATIONS)[number];

const dateText = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'use YYYY-MM-DD');

export const personDocumentBody = z.strictObject({
  type: z.enum(DOCUMENT_TYPES),
  number: z.string().min(1).max(DOCUMENT_NUMBER_MAX),
});

export const personBody = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(NAME_MAX * 4),
  document: personDocumentBody,
  /** Needed where the number does not say it. */
  sex: z.enum(SEXES).optional(),
  birthDate: dateText.optional(),
  phone: z.string().min(1).max(32).optional(),
  plate: z.string().min(1).max(16).optional(),
  relation: z.enum(RELATIONS).optional(),
  /** The text that was read and agreed to, and when, Unix milliseconds. */
  consent: z.strictObject({ version: z.string().regex(/^[\w.-]{1,32}$/), at: z.int().min(0) }).optional(),
});

export type PersonBody = z.infer<typeof personBody>;
export type PersonDocumentBody = z.infer<typeof personDocumentBody>;

/** POST /api/persons/search: exactly one way to look somebody up. Never in an address: those are logged. */
export const personSearchBody = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('document'), number: z.string().min(4).max(DOCUMENT_NUMBER_MAX) }),
  z.strictObject({
    by: z.literal('last-six'),
    lastSix: z.string().min(6).max(6),
    birthDate: dateText,
  }),
  z.strictObject({ by: z.literal('phone'), phone: z.string().min(5).max(32) }),
  z.strictObject({
    by: z.literal('name'),
    name: z
      .string()
      .min(1)
      .max(NAME_MAX * 4),
  }),
  z.strictObject({ by: z.literal('room'), community: communityId, room: z.string().min(1).max(64) }),
]);
export type PersonSearch = z.infer<typeof personSearchBody>;

/** What a whole record may be looked at for; the audit log keeps the word. */
export const REVEAL_PURPOSES = [
  'appeal',
  'correction',
  'review',
  'lost-phone',
  'emergency',
  'authority',
] as const;

/** POST /api/persons/:person/reveal */
export const revealBody = z.strictObject({ purpose: z.enum(REVEAL_PURPOSES) });

export const personRecord = z.object({
  name: z.string(),
  document: personDocumentBody,
  sex: z.enum(SEXES).optional(),
  birthDate: dateText.optional(),
  phone: z.string().optional(),
  plate: z.string().optional(),
  relation: z.enum(RELATIONS).optional(),
});

/** POST /api/persons/:person/contact: what is left out stays, null removes. */
export const personContactBody = z.strictObject({
  phone: z.string().min(1).max(32).nullish(),
  plate: z.string().min(1).max(16).nullish(),
  relation: z.enum(RELATIONS).nullish(),
});

/** POST /api/residents/:index/changes: what is left out stays. */
export const residentChangesBody = z.strictObject({
  needsMoreTime: z.boolean().optional(),
  minor: z.boolean().optional(),
  /** Days since 2020-01-01; null: without an end. */
  lastDay: z.int().min(0).max(65_535).nullish(),
});

/** Answer of POST /api/communities/:community/import */
export const importAnswer = z.object({
  rows: z.int(),
  entered: z.int(),
  /** Entered before, with the same data. */
  known: z.int(),
  /** Rows with a problem. */
  bad: z.int(),
  /** false: nothing was changed. */
  applied: z.boolean(),
  /** The first thousand, never with what stands in the cell. */
  problems: z.array(z.object({ row: z.int(), field: z.string(), zh: z.string(), en: z.string() })),
  more: z.int(),
});

/** POST /api/residents/:index/move */
export const moveBody = z.strictObject({ community: communityId, room: z.string().min(1).max(64) });

/** POST /api/persons/:person/document */
export const changeDocumentBody = z.discriminatedUnion('change', [
  z.strictObject({ change: z.literal('new'), document: personDocumentBody }),
  z.strictObject({ change: z.literal('cancel') }),
  z.strictObject({ change: z.literal('restore') }),
]);
export type ChangeDocument = z.infer<typeof changeDocumentBody>;

/** A person as a screen may show them to whoever looked them up: masked. */
export const personView = z.object({
  person: z.int(),
  /** `张*` */
  name: z.string(),
  documentType: z.enum(DOCUMENT_TYPES),
  /** `610***********1234` */
  documentNumber: z.string(),
  /** `138****0000`, absent when there is none */
  phone: z.string().optional(),
  documentCancelled: z.boolean(),
  residences: z.array(
    z.object({
      index: residentIndex,
      community: communityId,
      room: z.string(),
      order: z.int(),
      state: z.string(),
    }),
  ),
});
export type PersonView = z.infer<typeof personView>;
