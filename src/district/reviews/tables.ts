import type { Generated, Selectable } from 'kysely';

/**
 * Tables of applications. What was sent is in `content`, `words` and the picture's `record` alone, encrypted, and gone after
 * its date; all else is a number, a word of a list, or a keyed hash.
 */
export interface ApplicationTables {
  application: ApplicationTable;
  application_picture: ApplicationPictureTable;
}

interface ApplicationTable {
  id: number;
  receipt: string;
  /** One of APPLICATION_KINDS */
  kind: string;
  community: number;
  /** Index: of a photo whose it is, of an accepted registration whom it made. */
  place: number | null;
  /** One of APPLICATION_STATES */
  state: string;
  submitted_at: number;
  /** Account, or `portal` */
  submitted_by: string;
  due_at: number | null;
  decided_at: number | null;
  reviewed_by: string | null;
  applied_at: number | null;
  applied_by: string | null;
  reason: string | null;
  /** JSON of a CorrectionEffect: counts alone. */
  effect: string | null;
  /** Keyed hash: two of the same are one matter. */
  subject: string | null;
  /** Encrypted JSON; null: of a photo, or erased. */
  content: string | null;
  /** Encrypted; a reviewer's own. */
  words: string | null;
  erase_at: number | null;
  /** 1: of a photo, guards may see a copy. */
  for_guards: Generated<number>;
}

interface ApplicationPictureTable {
  application: number;
  type: string;
  width: number;
  height: number;
  /** Encrypted base64 */
  record: string;
}

export type ApplicationRow = Selectable<ApplicationTable>;
