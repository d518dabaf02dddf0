import { err, ok, type Result } from '../../base/index.ts';
import type { ChainedRow, GuardAlarm } from '../../wire/index.ts';
import type { DeskGate } from '../gate-port.ts';
import type { Guard } from '../guard.ts';
import { acknowledgementOf, guardAlarmOf } from './alarm-of-row.ts';
import { ALARMS_OPEN_MAX, ALARMS_SEEN_MAX } from './limits.ts';

/** The gate's alarms as its rows tell them, until a guard has acknowledged each; a row says who did. */
export class AlarmList {
  readonly #gate: DeskGate;
  /** By id, oldest first. */
  readonly #open = new Map<string, GuardAlarm>();
  readonly #seen = new Map<string, GuardAlarm>();

  constructor(gate: DeskGate) {
    this.#gate = gate;
  }

  /** Those that wait for somebody, oldest first, and the last that somebody saw to. */
  get known(): readonly GuardAlarm[] {
    return [...this.#seen.values(), ...this.#open.values()];
  }

  /** @returns the alarm that this row raises or changes */
  see(row: ChainedRow, journal: string): GuardAlarm | undefined {
    const raised = guardAlarmOf(journal, row);
    if (raised !== undefined) {
      keep(this.#open, raised, ALARMS_OPEN_MAX);
      return raised;
    }
    const seen = acknowledgementOf(row);
    const alarm = seen === undefined ? undefined : this.#open.get(seen.id);
    if (seen === undefined || alarm === undefined) return undefined;
    const acknowledged: GuardAlarm = { ...alarm, acknowledged: { by: seen.by, at: row.at } };
    this.#open.delete(seen.id);
    keep(this.#seen, acknowledged, ALARMS_SEEN_MAX);
    return acknowledged;
  }

  /** Twice is as once: another guard may have been quicker. */
  acknowledge(id: string, { account: actor, duress }: Guard): Result<void, 'alarm-unknown' | 'not-recorded'> {
    if (this.#seen.has(id)) return ok(undefined);
    if (!this.#open.has(id)) return err('alarm-unknown');
    const written = this.#gate.takeManual({
      type: 'manual',
      verb: 'acknowledge',
      actor,
      reason: id,
      ...(duress ? { duress } : {}),
    });
    return written.ok ? ok(undefined) : err('not-recorded');
  }
}

function keep(alarms: Map<string, GuardAlarm>, alarm: GuardAlarm, max: number): void {
  alarms.set(alarm.id, alarm);
  const [oldest] = alarms.keys();
  if (alarms.size > max && oldest !== undefined) alarms.delete(oldest);
}
