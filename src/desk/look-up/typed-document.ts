import { err, ok, type Result } from '../../base/index.ts';
import {
  checkDocument,
  DOCUMENT_TYPES,
  type DocumentProblem,
  type DocumentType,
  normalDocumentNumber,
} from '../../wire/index.ts';

/**
 * A document's number whose type nobody named: it is one if it can be one of any type; otherwise what is wrong is said of
 * the type that it looks like.
 * @returns the number as it is kept and looked up
 */
export function typedDocument(number: string, today: string): Result<string, DocumentProblem> {
  for (const type of DOCUMENT_TYPES) {
    const checked = checkDocument({ type, number }, today);
    if (checked.ok) return ok(checked.value.number);
  }
  const checked = checkDocument({ type: likely(normalDocumentNumber(number)), number }, today);
  return checked.ok ? ok(checked.value.number) : err(checked.error);
}

const SHAPES: readonly (readonly [RegExp, DocumentType])[] = [
  [/\p{Script=Han}/u, 'officer-card'],
  [/^8[123]0000/, 'hmt-residence-permit'],
  [/^(9\d{9}|[A-Z]{3}\d{6})/, 'foreign-permanent-id'],
  [/^\d{10}/, 'resident-id'],
  [/^[HM]\d/, 'hk-macao-permit'],
  [/^([EGDSP]|1[45]\d{7}$)/, 'passport'],
  [/^\d+$/, 'resident-id'],
];

function likely(number: string): DocumentType {
  return SHAPES.find(([shape]) => shape.test(number))?.[1] ?? 'foreign-passport';
}
