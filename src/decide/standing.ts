import { localTime, unixSeconds } from '../base/index.ts';
import type { Refusal } from '../code/index.ts';
import { rulesOf, type StatusBits } from '../wire/index.ts';
import type { Now, Setting } from './evidence.ts';
import { isOpenHour } from './rules.ts';
import { isLockedDown } from './state.ts';

/**
 * What the rules say of somebody who shows no code, for the guard who looks them up: the steps of docs/code-format.md that need
 * none. It opens nothing; the guard does, and names a reason.
 */

export interface Person {
  /** The place's state in the residents' list. */
  readonly status: StatusBits;
  /** Whether this community's roster has them. */
  readonly onRoster: boolean;
  /** Last local day, days since 2020-01-01. */
  readonly lastDay?: number;
}

/** @returns the first refusal in the order of the standard; undefined: may enter there now */
export function standingOf(
  { person, lane }: { readonly person: Person; readonly lane: string },
  setting: Setting,
  now: Now,
): Refusal | undefined {
  const { policy, state } = setting;
  const seconds = unixSeconds(now.wall);
  const rules = rulesOf(policy, lane);
  const byStatus = REFUSAL_OF[person.status];
  if (byStatus !== undefined) return byStatus;
  if (rules.who === 'roster' && !isOnRoster(person, localTime(seconds, policy.timeZone).day))
    return 'not-on-roster';
  if (!isOpenHour(rules.hours, seconds, policy.timeZone)) return 'outside-hours';
  return rules.lockdown || isLockedDown(state, lane, seconds) ? 'lockdown' : undefined;
}

const REFUSAL_OF: Readonly<Record<StatusBits, Refusal | undefined>> = {
  0: undefined,
  1: 'revoked',
  2: 'suspended',
  3: 'needs-guard',
};

function isOnRoster({ onRoster, lastDay }: Person, today: number): boolean {
  return onRoster && (lastDay === undefined || today <= lastDay);
}
