import { never } from '../base/index.ts';
import type { Effect, Evidence, HoldEffect, OpenEffect, Outcome, UsedEffect } from '../decide/index.ts';
import type { JournalFault } from '../journal/index.ts';
import type { Clock, Log, Receipt } from '../ports/index.ts';
import type { AlarmPayload, DisplayVerdict } from '../wire/index.ts';
import { alarmOfEffect } from './alarm.ts';
import type { DisplayHub } from './display-hub.ts';
import type { Lane } from './lane.ts';
import type { GateMetrics } from './metrics.ts';
import type { MachineParts, UpdateOrder } from './vitals.ts';

/**
 * Carries out what was decided, after the rows are durable. It adds nothing and decides nothing;
 * an effect without an executor does not compile.
 */
export interface Outlets {
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly display: DisplayHub;
  readonly metrics: GateMetrics;
  readonly clock: Clock;
  readonly log: Log;
  /** Alarms that are not a row's door event; those are read out of the row. */
  readonly alarm: (alarm: AlarmPayload) => void;
  readonly opened: (scanToRelayMs: number) => void;
  readonly used: (used: UsedEffect) => void;
  readonly reload: () => void;
  /** Absent: this machine has no updater. */
  readonly update: MachineParts['update'];
}

/** How long a verdict stays on the display: long enough to read one sentence twice. */
const SHOW_MS = { pass: 3_000, stop: 6_000, guard: 8_000 } as const;

export class Performer {
  readonly #outlets: Outlets;

  constructor(outlets: Outlets) {
    this.#outlets = outlets;
  }

  perform(outcome: Outcome, receipts: readonly Receipt[], evidence: Evidence): void {
    for (const effect of outcome.effects) this.#carryOut(effect, outcome, { receipts, evidence });
    for (const row of outcome.rows) this.#outlets.metrics.decided(row.decision, row.refusal);
    this.#show(outcome, receipts[0]?.seq ?? 0, evidence);
  }

  /** The rows could not be written: only the sign is shown, and it never says pass. */
  unrecorded(outcome: Outcome, fault: JournalFault, evidence: Evidence): void {
    this.#outlets.log.error(
      { fault: fault.code, detail: fault.detail, evidence: evidence.type },
      'not recorded, nothing opened',
    );
    if (outcome.sign?.tone !== 'pass') this.#show(outcome, 0, evidence);
  }

  #carryOut(
    effect: Effect,
    outcome: Outcome,
    made: { receipts: readonly Receipt[]; evidence: Evidence },
  ): void {
    switch (effect.type) {
      case 'open':
        return this.#open(effect, receiptOf(made.receipts, effect.row), made.evidence);
      case 'hold':
        return this.#hold(effect, receiptOf(made.receipts, effect.row));
      case 'alarm': {
        const receipt = receiptOf(made.receipts, effect.row);
        const alarm = alarmOfEffect(effect, outcome.rows[effect.row], receipt);
        return alarm === undefined ? undefined : this.#outlets.alarm(alarm);
      }
      case 'used':
        return this.#outlets.used(effect);
      case 'reply':
      case 'resend':
        // Both follow from the command's row, which report reads.
        return undefined;
      case 'reload':
        return this.#outlets.reload();
      case 'identify':
        return this.#outlets.log.info({ lane: effect.lane }, 'the district asks which gate this is');
      case 'update':
        return this.#update({ command: effect.jti, release: effect.release });
      default:
        return never(effect);
    }
  }

  #update(order: UpdateOrder): void {
    const { update, log } = this.#outlets;
    if (update !== undefined) return update(order);
    log.warn({ ...order }, 'an update was ordered, and this machine has no updater');
  }

  #open(effect: OpenEffect, receipt: Receipt, evidence: Evidence): void {
    const { pulseMs, people } = effect;
    const door = this.#lane(effect.lane).door;
    const told = door.open(receipt, { entry: effect.entry ?? receipt.seq, people, pulseMs });
    const { clock, metrics, log } = this.#outlets;
    if (evidence.type === 'scan') {
      const scanToRelayMs = clock.monotonic() - evidence.at;
      metrics.opened(scanToRelayMs);
      this.#outlets.opened(scanToRelayMs);
    }
    told.then(
      (outcome) => {
        if (!outcome.ok)
          log.error(
            { lane: effect.lane, seq: receipt.seq, fault: outcome.fault },
            'the relay did not answer',
          );
      },
      (cause: unknown) =>
        log.error({ lane: effect.lane, seq: receipt.seq, fault: String(cause) }, 'the door driver failed'),
    );
  }

  #hold({ lane, open }: HoldEffect, receipt: Receipt): void {
    const { log } = this.#outlets;
    const failed = (fault: string) =>
      log.error({ lane, seq: receipt.seq, fault }, 'the relay did not take a hold');
    this.#lane(lane)
      .door.hold(receipt, open)
      .then(
        (outcome) => !outcome.ok && failed(outcome.fault),
        (cause: unknown) => failed(String(cause)),
      );
  }

  #show(outcome: Outcome, seq: number, evidence: Evidence): void {
    const { sign } = outcome;
    if (sign === undefined || !('lane' in evidence) || evidence.lane === undefined) return;
    const { long: _long, flagged: _flagged, ...shown } = sign;
    const verdict: DisplayVerdict = { type: 'verdict', seq, ...shown, showMs: SHOW_MS[sign.tone] };
    this.#outlets.display.tell(evidence.lane, verdict);
  }

  #lane(id: string): Lane {
    const lane = this.#outlets.lanes.get(id);
    if (lane === undefined) throw new Error(`invariant broken: no lane ${id}`);
    return lane;
  }
}

function receiptOf(receipts: readonly Receipt[], row: number): Receipt {
  const receipt = receipts[row];
  if (receipt === undefined) throw new Error('invariant broken: an effect without its row');
  return receipt;
}
