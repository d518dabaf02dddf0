import { err, type Result } from '../base/index.ts';
import type { StatusSubject } from '../wire/index.ts';

/** Why a document is not believed: a closed list, each with what to do next. */
export const DOCUMENT_REFUSALS = {
  malformed: 'the district must issue it again; this one does not follow docs/trust-documents.md',
  'too-large': 'the district must issue a smaller one',
  'bad-typ': 'this is no document that a gate takes; check the file',
  'bad-signature':
    'no key that the root names for this role has signed it; check that it comes from this district',
  'threshold-not-met': 'more of the root’s keys must sign it',
  'wrong-district': 'this gate belongs to another district; check the file or the gate’s configuration',
  'wrong-audience': 'it is meant for another gate or community',
  rollback: 'a newer version was accepted before; fetch the current one',
  conflict: 'the district has issued two documents of one version; it must issue a higher one',
  superseded: 'the district’s signed time names a newer version; fetch that one',
  'hash-mismatch': 'it is not the document that the district names under this version; fetch it again',
  gap: 'root versions are missing in between; bring the whole chain',
  'not-pinned': 'the root chain does not contain the root that was pinned at set-up; check the pinned root',
  expired: 'the district must issue a new one',
  'no-root': 'bring the district’s root first',
  'root-expired': 'the root has expired; bring a new root before anything else',
  'bad-key': 'it lists a key that must not be used; the district must take it out',
  'kid-reused': 'a kid was given to another key while codes of the first may live; use a free kid',
  'base-mismatch': 'ask for the whole list',
  sealed: 'it is sealed to another gate’s key, or the gate’s key is missing; enrol the gate again',
  'not-sealed':
    'the district must seal it to the gate’s key (a roster may come without where trust.plainRoster allows it)',
  'zip-refused': 'it must not be compressed inside its encryption',
  busy: 'too many documents at once; send it again',
  'not-stored': 'the disk did not take it; look at free space and at the card',
} as const;

export type DocumentRefusal = keyof typeof DOCUMENT_REFUSALS;

export interface DocumentRefused {
  readonly reason: DocumentRefusal;
  /** The document's name, or its `typ` where it has no name here. */
  readonly document: string;
  /** Where in it, e.g. `keys.3.kid`. */
  readonly field?: string;
  readonly detail?: string;
  readonly remedy: string;
  /** The list whose snapshot should be asked for. */
  readonly wantsSnapshot?: StatusSubject;
}

export interface RefusedAt {
  readonly document: string;
  readonly field?: string;
  readonly detail?: string;
  readonly wantsSnapshot?: StatusSubject;
}

export function refuse(reason: DocumentRefusal, at: RefusedAt): Result<never, DocumentRefused> {
  return err({ reason, ...at, remedy: DOCUMENT_REFUSALS[reason] });
}

/** One line for a log or a terminal. */
export function describeRefused(refused: DocumentRefused): string {
  const where = refused.field === undefined ? refused.document : `${refused.document}, ${refused.field}`;
  const detail = refused.detail === undefined ? '' : ` (${refused.detail})`;
  return `${where}: ${refused.reason}${detail}: ${refused.remedy}`;
}
