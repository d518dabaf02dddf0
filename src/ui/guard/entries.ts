import type { DoorEvent, GuardAlarm, GuardEntry } from '../../wire/index.ts';

/** What the page makes of the rows and alarms that it is told. Pure. */

/** A row, and what became of it at the door. */
export interface Shown extends GuardEntry {
  readonly outcome?: DoorEvent;
  /** A later row of the guard's says that this one was dealt with. */
  readonly answered?: true;
}

/** Rows that are kept on the page: a night's list would only slow it. */
export const ENTRIES_MAX = 150;
export const ALARMS_MAX = 200;
/** Who asked for the guard longer ago has gone away, or has been seen to. */
export const WAITING_MAX_MS = 5 * 60_000;

/** @returns the rows with one more, newest first; a row that is told twice is there once */
export function withEntry(entries: readonly Shown[], entry: GuardEntry): readonly Shown[] {
  if (entries.some(({ seq }) => seq === entry.seq)) return entries;
  const about = entry.entry;
  const told =
    about === undefined ? entries : entries.map((each) => (each.seq === about ? later(each, entry) : each));
  const isOutcome = about !== undefined && entry.decision === 'door' && told.some(({ seq }) => seq === about);
  if (isOutcome || entry.decision === 'system') return told;
  const at = told.findIndex(({ seq }) => seq < entry.seq);
  const place = at < 0 ? told.length : at;
  return [...told.slice(0, place), entry, ...told.slice(place)].slice(0, ENTRIES_MAX);
}

function later(first: Shown, row: GuardEntry): Shown {
  if (row.decision === 'manual') return { ...first, answered: true };
  return row.door === undefined ? first : { ...first, outcome: row.door };
}

/** Who asked for the guard and was not answered, longest first. @param now Unix milliseconds at the gate */
export function waitingOf(
  entries: readonly Shown[],
  dismissed: ReadonlySet<number>,
  now: number,
): readonly Shown[] {
  return entries
    .filter(({ decision, answered, seq }) => decision === 'guard' && answered !== true && !dismissed.has(seq))
    .filter(({ at }) => now - Date.parse(at) < WAITING_MAX_MS)
    .reverse();
}

/** The newest verdict at a lane. */
export function lastVerdict(entries: readonly Shown[], lane: string): Shown | undefined {
  return entries.find((entry) => entry.lane === lane && entry.decision !== 'door');
}

export function withAlarm(alarms: readonly GuardAlarm[], alarm: GuardAlarm): readonly GuardAlarm[] {
  const others = alarms.filter(({ id }) => id !== alarm.id);
  return [...others, alarm].sort((one, other) => other.at.localeCompare(one.at)).slice(0, ALARMS_MAX);
}

/** Those of the same name at the same place are one, in the order of their first. */
export function alikeAlarms(alarms: readonly GuardAlarm[]): readonly (readonly GuardAlarm[])[] {
  const alike = new Map<string, GuardAlarm[]>();
  for (const each of alarms) {
    const key = [each.alarm, each.lane, each.reader].join(' ');
    alike.set(key, [...(alike.get(key) ?? []), each]);
  }
  return [...alike.values()];
}
