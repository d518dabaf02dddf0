import { countingProof } from './checker/counting.ts';
import type { Evidence, Invariant, Proof, Say, Violation } from './checker/evidence.ts';
import { journalProof } from './checker/journal.ts';
import { paperProof } from './checker/paper.ts';
import { relayProof } from './checker/relay.ts';
import { timeProof } from './checker/time.ts';
import { usesProof } from './checker/use.ts';
import type { World } from './simulator/world.ts';

/**
 * Proves the invariants of docs/architecture.md from what was seen of a gate: scans, rows, memory, relays, documents. It shares no
 * rule with the gate's own deciding, so that a mistake there does not hide itself here.
 */
export function check(evidence: Evidence): readonly Violation[] {
  const violations: Violation[] = [];
  let place = 0;
  const say: Say = (invariant, detail) => void violations.push({ invariant, detail, at: place });
  const proofs: readonly Proof[] = [
    journalProof(evidence, say),
    countingProof(say),
    relayProof(evidence, say),
    usesProof(evidence, say),
    timeProof(evidence, say),
    paperProof(evidence, say),
  ];
  for (const [at, event] of evidence.trace.entries()) {
    place = at;
    for (const proof of proofs) proof.see(event, at);
  }
  for (const proof of proofs) proof.end?.(place);
  return violations;
}

export function evidenceOf(world: World): Evidence {
  const { trace, codes, logLines, buildMs } = world;
  return { trace, codes, logLines, buildMs, rows: world.medium.rows(), lanes: world.plan.lanes };
}

export function brokenInvariants(violations: readonly Violation[]): readonly Invariant[] {
  return [...new Set(violations.map(({ invariant }) => invariant))].sort();
}

export { type Evidence, INVARIANTS, type Invariant, type Violation } from './checker/evidence.ts';
