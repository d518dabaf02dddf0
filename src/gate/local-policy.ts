import type { LaneRules, Policy } from '../wire/index.ts';

/** Which of the signed rules are this gate's, and what its own configuration adds where they are silent. */

export interface LaneName {
  readonly id: string;
  /** Name of its rules in the signed policy; by default its own id. */
  readonly rulesName: string;
  /** Length of an opening where the signed policy names none. */
  readonly pulseMs?: number;
}

/** The signed policy with its lane rules under this gate's own lane ids. */
export function localPolicy(policy: Policy, lanes: readonly LaneName[]): Policy {
  const named: Record<string, LaneRules> = {};
  for (const { id, rulesName, pulseMs: ownPulseMs } of lanes) {
    const rules = policy.lanes[rulesName] ?? policy.lane;
    const pulseMs = rules.pulseMs ?? ownPulseMs;
    named[id] = { ...rules, ...(pulseMs === undefined ? {} : { pulseMs }) };
  }
  return { ...policy, lanes: named };
}
