import { DAY_ZERO_SECONDS } from '../../../base/index.ts';
import {
  type Both,
  checkPerson,
  checkRoom,
  type DateText,
  DOCUMENT_NUMBER_MAX,
  FIELD_PROBLEM_WORDS,
  isDate,
  type PersonBody,
  type PersonField,
} from '../../../wire/index.ts';
import type { Arrival } from '../arrivals.ts';
import {
  CELL_WORDS,
  type Columns,
  dateWord,
  documentTypeOf,
  type Field,
  relationWord,
  sexWord,
  yesWord,
} from './columns.ts';

/** One row of a list as somebody who moves in, or everything that is wrong with it at once. */
export interface RowProblem extends Both {
  /** From 1, the heading counted, as a spreadsheet does. */
  readonly row: number;
  readonly field: Field;
}

export interface RowPlace {
  readonly row: number;
  readonly community: number;
  readonly today: DateText;
}

type Say = (field: Field, words: Both) => undefined;

/** Resident ID cards say who is under age (Civil Code of the PRC, article 17: younger than eighteen). */
const MINOR_YEARS = 18;
/** Entered from a list: L1, real-name by documents that somebody else has seen. */
const ASSURANCE = 1;
const FIELD_OF: Readonly<Record<PersonField, Field>> = {
  name: 'name',
  'document.number': 'documentNumber',
  sex: 'sex',
  birthDate: 'birthDate',
  phone: 'phone',
  plate: 'plate',
};

/** @returns the arrival; problems are said */
export function readRow(
  cells: readonly string[],
  columns: Columns,
  { row, community, today, problems }: RowPlace & { readonly problems: RowProblem[] },
): Arrival | undefined {
  const before = problems.length;
  const say: Say = (field, words) => void problems.push({ row, field, zh: words.zh, en: words.en });
  const cell = (field: Field) => (cells[columns.get(field) ?? -1] ?? '').trim();
  const room = roomOf(cell, columns.has('room') ? 'room' : 'door', say);
  const body = bodyOf(cell, say);
  const lastDay = dayOf(cell('lastDay'), say);
  const needsMoreTime = yesWord(cell('needsMoreTime'));
  if (needsMoreTime === undefined) say('needsMoreTime', CELL_WORDS.yes);
  const person = body === undefined ? undefined : checkPerson(body, today);
  if (person?.ok === false) for (const { field, words } of person.error) say(FIELD_OF[field], words);
  if (room === undefined || person?.ok !== true || problems.length > before) return undefined;
  return {
    community,
    room,
    person: person.value,
    consent: body?.consent,
    ...(lastDay === undefined ? {} : { lastDay }),
    needsMoreTime: needsMoreTime === true,
    minor: isMinor(person.value.birthDate, today),
    assurance: ASSURANCE,
    onlyHome: true,
  };
}

type Cell = (field: Field) => string;

function roomOf(cell: Cell, field: Field, say: Say): string | undefined {
  const parts = [cell('building'), cell('unit'), cell('door')].filter((part) => part !== '');
  const room = checkRoom(cell('room') === '' ? parts.join('-') : cell('room'));
  return room.ok ? room.value.text : say(field, FIELD_PROBLEM_WORDS[room.error]);
}

function bodyOf(cell: Cell, say: Say): PersonBody | undefined {
  const number = cell('documentNumber');
  // A spreadsheet keeps 15 digits of a number and writes the rest as an exponent.
  if (/^\d(\.\d+)?E\+?\d+$/i.test(number)) return say('documentNumber', CELL_WORDS['number-lost']);
  const type = documentTypeOf(cell('documentType'));
  if (type === undefined) return say('documentType', CELL_WORDS['document-type']);
  return {
    name: cell('name'),
    document: { type, number: number.slice(0, DOCUMENT_NUMBER_MAX) },
    ...optional('phone', cell('phone')),
    ...optional('plate', cell('plate')),
    ...worded('sex', cell('sex'), { read: sexWord, say, words: CELL_WORDS.sex }),
    ...worded('relation', cell('relation'), { read: relationWord, say, words: CELL_WORDS.relation }),
    ...worded('birthDate', cell('birthDate'), { read: dateWord, say, words: CELL_WORDS.date }),
    ...consentOf(cell, say),
  };
}

function optional<Key extends string>(key: Key, text: string) {
  return (text === '' ? {} : { [key]: text }) as { [K in Key]?: string };
}

function worded<Key extends Field, Value>(
  key: Key,
  text: string,
  { read, say, words }: { read: (text: string) => Value | undefined; say: Say; words: Both },
) {
  if (text === '') return {};
  const value = read(text);
  if (value === undefined) {
    say(key, words);
    return {};
  }
  return { [key]: value } as { [K in Key]: Value };
}

function consentOf(cell: Cell, say: Say): Pick<PersonBody, 'consent'> {
  const version = cell('consentVersion');
  if (version === '') return {};
  const date = dateWord(cell('consentDate'));
  if (!/^[\w.-]{1,32}$/.test(version)) say('consentVersion', CELL_WORDS.version);
  else if (date === undefined || !isDate(date)) say('consentDate', CELL_WORDS.date);
  else return { consent: { version, at: Date.parse(date) } };
  return {};
}

/** Days since 2020-01-01. */
function dayOf(text: string, say: Say): number | undefined {
  if (text === '') return undefined;
  const date = dateWord(text);
  const day = date !== undefined && isDate(date) ? (Date.parse(date) / 1000 - DAY_ZERO_SECONDS) / 86_400 : -1;
  return day < 0 || day > 65_535 ? say('lastDay', CELL_WORDS.date) : day;
}

function isMinor(birthDate: DateText | undefined, today: DateText): boolean {
  if (birthDate === undefined) return false;
  const [year, rest] = [Number(today.slice(0, 4)) - MINOR_YEARS, today.slice(4)];
  return birthDate > `${year}${rest}`;
}
