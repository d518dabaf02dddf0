import { type LocalTime, isoDate, localTime, unixSeconds } from '../base/index.ts';
import type { CodeFields, Refusal } from '../code/index.ts';
import { type LaneRules, rulesOf } from '../wire/index.ts';
import type { LaneHealth, Now, Setting } from './evidence.ts';
import { isLockedDown } from './state.ts';
import type { Shown } from './use.ts';

/** Steps 8 and 9 of docs/code-format.md: what the signed policy, the age of the evidence and the gate itself say. */

/** The first that fails, in the order of the standard. */
export function refusalByPolicy({ scan, verified }: Shown, setting: Setting, now: Now): Refusal | undefined {
  const { fields } = verified;
  const rules = rulesOf(setting.policy, scan.lane);
  const freshness = scan.freshness[fields.kind];
  const seconds = unixSeconds(now.wall);
  if (!isOpenHour(rules.hours, seconds, setting.policy.timeZone)) return 'outside-hours';
  if (isTooWeak(fields, rules)) return 'assurance-too-low';
  if (rules.lockdown || isLockedDown(setting.state, scan.lane, seconds)) return 'lockdown';
  if (freshness === 'none') return 'trust-stale';
  if (now.quality === 'unsure') return 'clock-unsure';
  if (freshness === 'guard') return 'needs-guard';
  if (fields.kind === 5 && rules.printedCard === 'guard') return 'needs-guard';
  // Leaving is free: a visitor is never kept in.
  return fields.kind === 4 && !rules.visitors && scan.direction !== 'out' ? 'needs-guard' : undefined;
}

export function refusalByGate(health: LaneHealth): Refusal | undefined {
  if (!health.journal) return 'journal-unavailable';
  return health.door ? undefined : 'door-fault';
}

/** In the district's own time. A date of its own replaces the weekday; a day that is not listed is closed. */
export function isOpenHour(hours: LaneRules['hours'], seconds: number, timeZone: string): boolean {
  if (hours === undefined) return true;
  const local = localTime(seconds, timeZone);
  return spansOf(hours, local).some(
    (span) => local.minuteOfDay >= span.fromMinute && local.minuteOfDay < span.toMinute,
  );
}

function spansOf(hours: NonNullable<LaneRules['hours']>, { day, weekday }: LocalTime) {
  const date = isoDate(day);
  const holiday = hours.holidays.find((each) => each.date === date);
  return (holiday ?? hours.weekdays.find((each) => each.weekday === weekday))?.spans ?? [];
}

/** Kinds 3 and 4 state no assurance: 0. A lane that refuses printed cards asks for more than a card can prove. */
function isTooWeak(fields: CodeFields, rules: LaneRules): boolean {
  if (fields.kind === 5 && rules.printedCard === 'refuse') return true;
  const assurance = fields.kind === 3 || fields.kind === 4 ? 0 : fields.assurance;
  return assurance < rules.minimumAssurance;
}
