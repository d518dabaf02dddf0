import type { Transaction } from 'kysely';
import { z } from 'zod';
import { newReceipt } from '../../wire/index.ts';
import type { Random } from '../../ports/index.ts';
import {
  APPEAL_TYPES,
  type ApplicationKind,
  type ApplicationState,
  type CheckedPerson,
  type PersonBody,
  personBody,
} from '../../wire/index.ts';
import type { Database, Tables } from '../database/database.ts';
import type { PersonVault } from '../registry/person-vault.ts';
import type { CleanPicture, PictureType } from './pictures/picture-form.ts';
import type { ApplicationRow } from './tables.ts';

/** Applications in the database: what was sent is written encrypted, under the keys of persons, and read back for who may. */
export interface StorePlace {
  readonly database: Database;
  readonly vault: PersonVault;
  readonly random: Random;
}

export interface RegistrationContent {
  readonly kind: 'registration';
  readonly room: string;
  readonly person: PersonBody;
  readonly assurance: 0 | 1 | 2;
  readonly needsMoreTime: boolean;
  readonly minor: boolean;
}

export interface AppealContent {
  readonly kind: 'appeal';
  readonly type: (typeof APPEAL_TYPES)[number];
  readonly room: string;
  readonly right: CheckedPerson;
}

export type ApplicationContent = RegistrationContent | AppealContent;

export interface NewApplication {
  readonly kind: ApplicationKind;
  readonly community: number;
  readonly place?: number;
  readonly subject: string;
  readonly by: string;
  readonly now: number;
  readonly dueAt: number;
  readonly content?: ApplicationContent;
  readonly picture?: CleanPicture;
  /** Of a photo: guards may see a copy. */
  readonly forGuards?: boolean;
}

/** Its form is ours: it was written by `insertApplication`, and nobody can have changed it unseen. */
const contentForm = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('registration'),
    room: z.string(),
    person: personBody,
    assurance: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    needsMoreTime: z.boolean(),
    minor: z.boolean(),
  }),
  z.object({
    kind: z.literal('appeal'),
    type: z.enum(APPEAL_TYPES),
    room: z.string(),
    right: z.custom<CheckedPerson>((value) => typeof value === 'object' && value !== null),
  }),
]);

/** @returns its receipt number */
export async function insertApplication(
  transaction: Transaction<Tables>,
  given: NewApplication,
  { vault, random }: Pick<StorePlace, 'vault' | 'random'>,
): Promise<string> {
  const last = await transaction
    .selectFrom('application')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const id = (last?.id ?? 0) + 1;
  const receipt = newReceipt(random);
  await transaction
    .insertInto('application')
    .values({
      id,
      receipt,
      kind: given.kind,
      community: given.community,
      place: given.place ?? null,
      state: 'waiting' satisfies ApplicationState,
      submitted_at: given.now,
      submitted_by: given.by,
      due_at: given.dueAt,
      subject: given.subject,
      for_guards: given.forGuards === true ? 1 : 0,
      content: given.content === undefined ? null : vault.seal(contentOf(id), JSON.stringify(given.content)),
    })
    .execute();
  const { picture } = given;
  if (picture !== undefined)
    await transaction
      .insertInto('application_picture')
      .values({
        application: id,
        type: picture.type,
        width: picture.width,
        height: picture.height,
        record: vault.seal(pictureOf(id), Buffer.from(picture.bytes).toString('base64')),
      })
      .execute();
  return receipt;
}

export function readContent(
  vault: PersonVault,
  { id, content }: ApplicationRow,
): ApplicationContent | undefined {
  return content === null ? undefined : contentForm.parse(JSON.parse(vault.open(contentOf(id), content)));
}

export function readWords(vault: PersonVault, { id, words }: ApplicationRow): string | undefined {
  return words === null ? undefined : vault.open(wordsOf(id), words);
}

export async function readPicture(
  { database, vault }: Pick<StorePlace, 'database' | 'vault'>,
  { id }: ApplicationRow,
): Promise<CleanPicture | undefined> {
  const row = await database
    .selectFrom('application_picture')
    .selectAll()
    .where('application', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { type, width, height, record } = row;
  const bytes = new Uint8Array(Buffer.from(vault.open(pictureOf(id), record), 'base64'));
  return { type: type as PictureType, width, height, bytes };
}

/** Nothing of what was sent is left; its receipt and outcome are. */
export async function eraseContent(database: Database, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await database.deleteFrom('application_picture').where('application', 'in', ids).execute();
  await database
    .updateTable('application')
    .set({ content: null, words: null, subject: null, erase_at: null })
    .where('id', 'in', ids)
    .execute();
}

export function contentOf(row: number) {
  return { table: 'application', row, field: 'content' };
}

export function wordsOf(row: number) {
  return { table: 'application', row, field: 'words' };
}

export function pictureOf(row: number) {
  return { table: 'application_picture', row, field: 'record' };
}
