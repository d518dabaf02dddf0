import { type MonotonicMs, type Result, utf8, wallMs } from '../base/index.ts';
import { type Claim, parseCode } from '../code/index.ts';
import {
  apply,
  decide,
  type Evidence,
  type GateState,
  type Now,
  type Outcome,
  type Setting,
} from '../decide/index.ts';
import type { Journal, JournalFault, Priority } from '../journal/index.ts';
import type { InboxItem, Receipt, Scan } from '../ports/index.ts';
import type { ClockReading, CodeTime } from '../time/index.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import type { Refused, Verified, Verify } from '../verify/index.ts';
import { type Policy, rulesOf } from '../wire/index.ts';
import { isPlain } from './door-events.ts';
import type { Lane } from './lane.ts';

/**
 * The way of a scan, on one screen: read → parse → verify → decide → append → perform.
 * Each evidence is settled without a pause in between, so two of them can never see the same state;
 * no effect is performed before its row is durable.
 */
export interface Stages {
  readonly gate: string;
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly now: () => Present;
  readonly trust: () => TrustSnapshot;
  readonly policy: () => Policy;
  readonly verify: Verify;
  readonly hash: (bytes: Uint8Array) => string;
  /** What is remembered is known: without it, a used code could open again. */
  readonly journalReady: () => boolean;
  /** A kind 1 code whose signature holds was issued ahead of the gate's time: evidence that time has moved on. */
  readonly codeAhead: (code: CodeTime) => void;
  readonly append: Journal['append'];
  readonly written: (at: Present) => void;
  readonly perform: (outcome: Outcome, receipts: readonly Receipt[], evidence: Evidence) => void;
  readonly unrecorded: (outcome: Outcome, fault: JournalFault, evidence: Evidence) => void;
}

type ScanEvidence = Extract<Evidence, { type: 'scan' }>;

interface Judged {
  readonly outcome: ScanEvidence['outcome'];
  readonly codeHash: string;
  readonly now: Present;
}

/** Outside the alphabet of every code. */
const PROBE = { reader: 'self-check', text: '?' } as const;

type Present = ClockReading & { readonly monotonic: MonotonicMs };

/** What came of an evidence: with the rows that are durable now, or the fault that kept them from it. */
export interface Settled {
  readonly outcome: Outcome;
  readonly receipts: readonly Receipt[];
  readonly fault?: JournalFault;
}

export class Pipeline {
  readonly #stages: Stages;
  #state: GateState;
  #journalWorks = true;

  constructor(stages: Stages, state: GateState) {
    this.#stages = stages;
    this.#state = state;
  }

  /** What is known now; changed by the next settled evidence. */
  get state(): GateState {
    return this.#state;
  }

  get journalWorks(): boolean {
    return this.#journalWorks;
  }

  /** What a decision is made against now. */
  setting(): Setting {
    const { gate, lanes } = this.#stages;
    return { state: this.#state, policy: this.#stages.policy(), gate, lanes: [...lanes.keys()] };
  }

  /** With what a replaced journal remembers. */
  restart(state: GateState): void {
    this.#state = state;
  }

  scan(laneId: string, scan: Scan): Outcome {
    const now = this.#stages.now();
    const lane = laneOf(this.#stages, laneId);
    const claim = parseCode(scan.text);
    const verdict = claim.ok ? this.#verify(claim.value, lane, now) : claim;
    const codeHash = this.#stages.hash(claim.ok ? claim.value.bytes : utf8(scan.text));
    const { outcome } = this.#settle(this.#evidenceOf(lane, scan, { outcome: verdict, codeHash, now }), now);
    if (claim.ok && !verdict.ok) this.#witness(claim.value, verdict.error, now);
    return outcome;
  }

  /** A text that is no code, judged at each lane and forgotten. @throws when the rules are broken */
  probe(): void {
    const now = this.#stages.now();
    const claim = parseCode(PROBE.text);
    if (claim.ok) throw new Error('invariant broken: the probe is no code');
    const judged = { outcome: claim, codeHash: this.#stages.hash(utf8(PROBE.text)), now };
    for (const lane of this.#stages.lanes.values()) {
      const scan = { ...PROBE, at: now.monotonic };
      decide(this.#evidenceOf(lane, scan, judged), this.setting(), decisionTime(now));
    }
  }

  /** Everything that is not a scan: it takes the same path and the same journal. */
  take(item: InboxItem | { readonly type: 'timer' }): Settled {
    return this.#settle(item, this.#stages.now());
  }

  #evidenceOf(lane: Lane, scan: Scan, judged: Judged): ScanEvidence {
    const { outcome, codeHash, now } = judged;
    return {
      type: 'scan',
      lane: lane.id,
      direction: lane.direction,
      reader: scan.reader,
      keyboard: lane.isKeyboard(scan.reader),
      outcome,
      codeHash,
      at: scan.at,
      health: { journal: this.#stages.journalReady(), door: lane.door.healthy, sensor: lane.door.sensor },
      freshness: this.#stages.trust().freshness(now).kinds,
    };
  }

  #verify(claim: Claim, lane: Lane, now: Present): Result<Verified, Refused> {
    const policy = this.#stages.policy();
    const rules = { ...policy, who: rulesOf(policy, lane.id).who };
    return this.#stages.verify(claim, { trust: this.#stages.trust(), rules }, now);
  }

  /** Only once the scan is settled: a clock that moves writes a row of its own, and rows never go back in time. */
  #witness({ fields }: Claim, { refusal, index }: Refused, now: Present): void {
    if (fields.kind !== 1 || index === undefined || fields.iat <= now.seconds) return;
    if (refusal !== 'not-yet-valid' && refusal !== 'clock-unsure') return;
    const advanceMaxSeconds = this.#stages.policy().clockAdvanceMaxSeconds;
    this.#stages.codeAhead({ type: 'code', index, issuedMs: wallMs(fields.iat * 1000), advanceMaxSeconds });
  }

  #settle(evidence: Evidence, now: Present): Settled {
    const outcome = decide(evidence, this.setting(), decisionTime(now));
    if (outcome.rows.length === 0 && outcome.memory.length === 0) {
      this.#state = apply(this.#state, outcome, 0);
      this.#stages.perform(outcome, [], evidence);
      return { outcome, receipts: [] };
    }
    const written = this.#stages.append(outcome.rows, outcome.memory, priorityOf(evidence));
    this.#journalWorks = written.ok;
    if (!written.ok) return this.#refuseUnrecorded(evidence, written.error, now);
    this.#state = apply(this.#state, outcome, written.value[0]?.seq ?? 0);
    this.#stages.written(now);
    this.#stages.perform(outcome, written.value, evidence);
    return { outcome, receipts: written.value };
  }

  /** Nothing could be written, so nothing opens and nothing is remembered; the display still says why. */
  #refuseUnrecorded(evidence: Evidence, fault: JournalFault, now: Present): Settled {
    const blind =
      evidence.type === 'scan' ? { ...evidence, health: { ...evidence.health, journal: false } } : evidence;
    const outcome = decide(blind, this.setting(), decisionTime(now));
    this.#stages.unrecorded(outcome, fault, evidence);
    return { outcome, receipts: [], fault };
  }
}

/**
 * What anybody at a reader, at a door or on the network, or a loose cable, can make many of must not eat up what is kept back for
 * manual openings.
 */
function priorityOf(evidence: Evidence): Priority {
  const { type } = evidence;
  if (type === 'scan') return 'code';
  if (type === 'system' && evidence.event === 'unrecorded') return 'network';
  if (type === 'reader' && evidence.event !== 'dropped') return 'network';
  if (type === 'door' && isPlain(evidence)) return 'network';
  return type === 'used' || type === 'command-rejected' ? 'network' : 'manual';
}

/** As deciding takes it. */
export function decisionTime(now: Present): Now {
  return { wall: now.at, monotonic: now.monotonic, quality: now.quality, errorSeconds: now.errorSeconds };
}

function laneOf(stages: Stages, id: string): Lane {
  const lane = stages.lanes.get(id);
  if (lane === undefined) throw new Error(`invariant broken: no lane ${id}`);
  return lane;
}
