import { err, isoDate, localTime, ok, type Result, unixSeconds, type WallMs } from '../../base/index.ts';
import {
  checkName,
  checkRoom,
  DOCUMENT_PROBLEM_WORDS,
  documentLookup,
  FIELD_PROBLEM_WORDS,
  isBirthDate,
  lastSixLookup,
  type LookUpBody,
  nameLookup,
  normalDocumentNumber,
  PERSON_PROBLEM_WORDS,
  roomLookup,
  typedPinyinLookups,
} from '../../wire/index.ts';
import { eachRow, spanOf } from '../rows/read-rows.ts';
import type { DeskWork } from '../work.ts';
import { PASS_ROWS_MS } from './limits.ts';
import { typedDocument } from './typed-document.ts';

/** Whom a guard's question means, by index. What was typed is hashed and forgotten; nothing here is written down. */
export interface Finding {
  readonly indices: readonly number[];
  readonly pass?: number;
  /** Somebody is meant, and it cannot be told who. */
  readonly several?: true;
  /** The code may be an old one. */
  readonly clockUnsure?: true;
}

export type NotFound =
  | { readonly problem: 'no-list' | 'no-short-code' | 'short-code-used' | 'person-unknown' | 'busy' }
  /** `field` is as the body names it; `words` say what is wrong and what to do. */
  | { readonly problem: 'invalid'; readonly field: string; readonly words: string };

type Found = Result<Finding, NotFound>;

export async function find(body: LookUpBody, work: DeskWork, now: WallMs): Promise<Found> {
  switch (body.by) {
    case 'document':
    case 'last-six':
    case 'room':
    case 'name': {
      const texts = hashedTexts(body, todayOf(work, now));
      return texts.ok ? byHash(texts.value, work) : texts;
    }
    case 'household':
      return ok({ indices: membersOf(body.household, work) });
    case 'pass':
      return ok({ indices: await hostsOf(body.pass, work, now), pass: body.pass });
    case 'entry':
      return byEntry(body.entry, work, now);
    case 'short-code':
      return byShortCode(body.code, work);
  }
}

type Hashed = Extract<LookUpBody, { by: 'document' | 'last-six' | 'room' | 'name' }>;

/** What the roster's look-ups are hashes of. */
function hashedTexts(body: Hashed, today: string): Result<readonly string[], NotFound> {
  switch (body.by) {
    case 'document': {
      const number = typedDocument(body.number, today);
      return number.ok
        ? ok([documentLookup(number.value)])
        : invalid('number', DOCUMENT_PROBLEM_WORDS[number.error].en);
    }
    case 'last-six':
      if (!/^[0-9A-Z]{6}$/.test(normalDocumentNumber(body.lastSix)))
        return invalid('lastSix', 'must be the last six characters; compare them with the document');
      if (!isBirthDate(body.birthDate, today))
        return invalid('birthDate', PERSON_PROBLEM_WORDS['birth-date'].en);
      return ok([lastSixLookup(body.lastSix, body.birthDate)]);
    case 'room': {
      const room = checkRoom(body.room);
      const text = roomLookup(body.room);
      return room.ok && text !== undefined
        ? ok([text])
        : invalid('room', FIELD_PROBLEM_WORDS['room-shape'].en);
    }
    case 'name': {
      const name = checkName(body.name);
      if (!name.ok) return invalid('name', FIELD_PROBLEM_WORDS[name.error].en);
      return ok([nameLookup(name.value), ...typedPinyinLookups(name.value)]);
    }
  }
}

function byHash(texts: readonly string[], { trust, lookupHash }: DeskWork): Found {
  const { roster } = trust();
  const { lookupKey } = roster;
  if (lookupKey === undefined) return err({ problem: 'no-list' });
  const entries = texts.flatMap((text) => roster.find(lookupHash(lookupKey, text)));
  entries.sort((left, right) => left.household - right.household || left.order - right.order);
  return ok({ indices: [...new Set(entries.map(({ index }) => index))] });
}

/** Orders are given for life, eight to a household. */
function membersOf(household: number, { trust }: DeskWork): number[] {
  const { roster } = trust();
  const orders = [0, 1, 2, 3, 4, 5, 6, 7];
  return orders.flatMap((order) => roster.member(household, order)?.index ?? []);
}

async function byEntry(entry: number, work: DeskWork, now: WallMs): Promise<Found> {
  const [row] = work.journal.rows(entry, 1);
  if (row === undefined || row.seq !== entry || !('at' in row)) return err({ problem: 'person-unknown' });
  const { index, party = [], passId } = row;
  if (passId !== undefined) {
    const hosts = index === undefined ? await hostsOf(passId, work, now) : [index];
    return ok({ indices: hosts, pass: passId });
  }
  if (index === undefined) return err({ problem: 'person-unknown' });
  return ok({ indices: [...new Set([index, ...party])] });
}

/** A pass does not name its host to the gate; the row of a visitor who was stopped does. */
async function hostsOf(pass: number, work: DeskWork, now: WallMs): Promise<number[]> {
  let host: number | undefined;
  const since = (now - PASS_ROWS_MS) as WallMs;
  await eachRow(work, spanOf(work, { since }), (row) => {
    if (row.passId === pass && row.index !== undefined) host = row.index;
  });
  return host === undefined ? [] : [host];
}

async function byShortCode(code: string, { shortCodes }: DeskWork): Promise<Found> {
  if (shortCodes === undefined) return err({ problem: 'no-short-code' });
  const found = await shortCodes.find(code);
  switch (found.outcome) {
    case 'member':
      return ok({ indices: [found.index], ...(found.clockSure ? {} : { clockUnsure: true }) });
    case 'nobody':
      return ok({ indices: [] });
    case 'several':
      return ok({ indices: [], several: true });
    case 'used':
      return err({ problem: 'short-code-used' });
    case 'no-key':
      return err({ problem: 'no-short-code' });
    case 'busy':
      return err({ problem: 'busy' });
  }
}

/** The gate's local day. */
function todayOf({ trust }: DeskWork, now: WallMs): string {
  return isoDate(localTime(unixSeconds(now), trust().policy.timeZone).day);
}

function invalid(field: string, words: string): Result<never, NotFound> {
  return err({ problem: 'invalid', field, words });
}
