import type { LaneRules, Policy } from '../wire/index.ts';

/** Which of the signed rules are this gate's. */

export interface LaneName {
  readonly id: string;
  /** Name of its rules in the signed policy; by default its own id. */
  readonly rulesName: string;
}

/** The signed policy with its lane rules under this gate's own lane ids. */
export function localPolicy(policy: Policy, lanes: readonly LaneName[]): Policy {
  const named: Record<string, LaneRules> = {};
  for (const lane of lanes) named[lane.id] = policy.lanes[lane.rulesName] ?? policy.lane;
  return { ...policy, lanes: named };
}
