import { err, ok, type Result } from '../base/index.ts';
import { checkDocument, type IdentityDocument } from './identity-documents.ts';
import { type DateText, isBirthDate } from './identity-numbers.ts';
import { checkName, checkPhone, checkPlate } from './person-fields.ts';
import type { PersonBody } from './persons-http.ts';
import {
  type Both,
  DOCUMENT_PROBLEM_WORDS,
  FIELD_PROBLEM_WORDS,
  PERSON_PROBLEM_WORDS,
} from './words/person-words.ts';

/**
 * All fields about a person at once, for a form as for the district. Every problem is told with its field and a remedy;
 * what was typed is never part of it.
 */
export type PersonField = 'name' | 'document.number' | 'sex' | 'birthDate' | 'phone' | 'plate';

export interface FieldError {
  readonly field: PersonField;
  readonly words: Both;
}

/** As it is kept: every field in its one form. */
export interface CheckedPerson {
  readonly name: string;
  readonly document: Pick<IdentityDocument, 'type' | 'number'>;
  readonly sex?: NonNullable<PersonBody['sex']>;
  readonly birthDate?: DateText;
  readonly phone?: string;
  readonly plate?: string;
  readonly relation?: NonNullable<PersonBody['relation']>;
}

/** @param today local day */
export function checkPerson(body: PersonBody, today: DateText): Result<CheckedPerson, readonly FieldError[]> {
  const errors: FieldError[] = [];
  const say = (field: PersonField, words: Both) => void errors.push({ field, words });
  const name = checkName(body.name);
  if (!name.ok) say('name', FIELD_PROBLEM_WORDS[name.error]);
  const document = checkDocument(body.document, today);
  if (!document.ok) say('document.number', DOCUMENT_PROBLEM_WORDS[document.error]);
  const phone = body.phone === undefined ? undefined : checkPhone(body.phone);
  if (phone?.ok === false) say('phone', FIELD_PROBLEM_WORDS[phone.error]);
  const plate = body.plate === undefined ? undefined : checkPlate(body.plate);
  if (plate?.ok === false) say('plate', FIELD_PROBLEM_WORDS[plate.error]);
  const said: Partial<IdentityDocument> = document.ok ? document.value : {};
  if (body.birthDate !== undefined && !isBirthDate(body.birthDate, today))
    say('birthDate', PERSON_PROBLEM_WORDS['birth-date']);
  else if (differs(body.birthDate, said.birthDate))
    say('birthDate', PERSON_PROBLEM_WORDS['birth-date-differs']);
  if (differs(body.sex, said.sex)) say('sex', PERSON_PROBLEM_WORDS['sex-differs']);
  if (!name.ok || !document.ok || errors.length > 0) return err(errors);
  const birthDate = said.birthDate ?? body.birthDate;
  const sex = said.sex ?? body.sex;
  return ok({
    name: name.value,
    document: { type: document.value.type, number: document.value.number },
    ...(sex === undefined ? {} : { sex }),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(phone?.ok === true ? { phone: phone.value } : {}),
    ...(plate?.ok === true ? { plate: plate.value } : {}),
    ...(body.relation === undefined ? {} : { relation: body.relation }),
  });
}

function differs(given: string | undefined, said: string | undefined): boolean {
  return given !== undefined && said !== undefined && given !== said;
}
