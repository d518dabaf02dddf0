import type { FoundMemberAnswer, GuardAlarm, LET_IN_REASONS } from '../../wire/index.ts';
import { acknowledge } from './api.ts';
import { type DeedStart, deedDone, deedStart, undo } from './deed.ts';
import { alikeAlarms, type Shown } from './entries.ts';
import { focusSearch, note } from './focus.ts';
import { gate, openAlarms, waiting } from './live.ts';
import { ask, chosenMember, type Found, found } from './look-up.ts';
import { search } from './words/search.ts';
import { problems } from './words/sign-in.ts';

/** What the guard's next deed would be about: who was chosen among those found, else who waits, else nobody. */

type LetInReason = (typeof LET_IN_REASONS)[number];

export function beginDeed(start: DeedStart): void {
  deedStart.value = start;
}

/** @param entry a row that is answered, whoever was looked up before; without one the chosen member, then who waits */
export function letInStart(entry?: Shown): DeedStart {
  const member = chosenMember();
  const result = found.value;
  if (entry === undefined && member !== undefined && result !== undefined) return ofMember(member, result);
  const asking = entry ?? waiting.value[0];
  if (asking === undefined) return { deed: 'let-in' };
  const isFound = member !== undefined && result?.entry === asking.seq;
  if (isFound && result !== undefined) return ofMember(member, result);
  return {
    deed: 'let-in',
    lane: asking.lane,
    entry: asking.seq,
    reason: asking.kind === CARD ? 'card-confirmed' : 'code-refused',
    ...(asking.index === undefined ? {} : { who: { index: asking.index, display: asking.display } }),
  };
}

const CARD = 5;

function ofMember(member: FoundMemberAnswer, result: Found): DeedStart {
  return {
    deed: 'let-in',
    lane: result.lane,
    who: member,
    family: result.answer.found.filter(
      (each) => each !== member && each.household !== undefined && each.household === member.household,
    ),
    entry: result.entry,
    reason: letInReason(member, result),
  };
}

function letInReason(member: FoundMemberAnswer, { by, purpose, entry }: Found): LetInReason | undefined {
  if (member.minor) return 'child';
  if (entry !== undefined || purpose === 'code-refused') return 'code-refused';
  if (by === 'document' || by === 'last-six') return 'document-seen';
  return purpose === 'no-phone' ? 'no-phone' : undefined;
}

/** A visitor needs a host: without one, the search box is where to go. */
export function beginVisitor(): void {
  const host = chosenMember();
  if (host === undefined) {
    note(search.needHost);
    focusSearch();
  } else beginDeed({ deed: 'visitor', who: host, lane: found.value?.lane });
}

export function beginHold(): void {
  const held = gate.value?.lanes.find(({ mode }) => mode === 'held-open');
  beginDeed(held === undefined ? { deed: 'hold' } : { deed: 'end-hold', lane: held.lane });
}

export function beginLock(): void {
  const lanes = gate.value?.lanes ?? [];
  const locked = lanes.filter(({ mode }) => mode === 'lock-down');
  if (locked.length === 0) return beginDeed({ deed: 'lock-down' });
  const all = locked.length === lanes.length;
  return beginDeed({ deed: 'release', ...(all ? {} : { lane: locked[0]?.lane }) });
}

export function lookUpWaiting(): void {
  const [first] = waiting.value;
  if (first === undefined) return;
  void ask({
    body: { by: 'entry', entry: first.seq },
    purpose: 'code-refused',
    entry: first.seq,
    lane: first.lane,
  });
}

/** The others of the chosen member's household, for the same purpose. */
export function lookUpHousehold(): void {
  const member = chosenMember();
  const result = found.value;
  if (member?.household === undefined || result === undefined) return;
  const { purpose, entry, lane } = result;
  void ask({ body: { by: 'household', household: member.household }, purpose, entry, lane });
}

/** Without any named, the first ones that are open and alike. */
export async function acknowledgeAlarms(
  alarms: readonly GuardAlarm[] = alikeAlarms(openAlarms.value)[0] ?? [],
): Promise<void> {
  for (const { id } of alarms) {
    const answer = await acknowledge(id);
    if (!answer.ok) return note(problems[answer.error.problem].title);
  }
}

export function undoLast(): void {
  if (deedDone.value?.undoUntil !== undefined) void undo('did-not-enter');
}
