import { isoTime, type WallMs } from '../../base/index.ts';
import { type ChainedRow, type ShiftReport, uncounted } from '../../wire/index.ts';
import { acknowledgementOf, guardAlarmOf } from '../alarms/alarm-of-row.ts';
import { eachRow, spanOf } from '../rows/read-rows.ts';
import type { DeskWork } from '../work.ts';
import { ALARMS_REPORTED_MAX, REASONS_MAX } from './limits.ts';

/** What happened at the gate in a guard's shift, in numbers, by its rows. No person is in it. */
export interface ReportedShift {
  readonly account: string;
  readonly startedAt: WallMs;
  /** Absent: it goes on. */
  readonly endedAt?: WallMs;
  readonly note: string;
}

export async function shiftReport(
  shift: ReportedShift,
  work: Pick<DeskWork, 'journal' | 'pause' | 'community'>,
  gate: string,
): Promise<ShiftReport> {
  const { account, startedAt, endedAt, note } = shift;
  const period = { since: startedAt, ...(endedAt === undefined ? {} : { until: endedAt }) };
  const span = spanOf(work, period);
  const counts = new Counts(work.journal.id);
  await eachRow(work, span, (row) => counts.see(row));
  return {
    gate,
    community: work.community,
    account,
    startedAt: isoTime(startedAt),
    endedAt: endedAt === undefined ? undefined : isoTime(endedAt),
    note,
    ...counts.told(),
    rows: span,
  };
}

type Told = Pick<ShiftReport, 'entries' | 'refusals' | 'manual' | 'lookUps' | 'alarms'>;

class Counts {
  readonly #journal: string;
  readonly #entries = { granted: 0, refused: 0, guard: 0, manual: 0 };
  readonly #refusals = new Map<string, number>();
  readonly #manual = new Map<string, number>();
  readonly #alarms = new Map<string, { alarm: string; at: string; acknowledgedBy?: string }>();
  #lookUps = 0;

  constructor(journal: string) {
    this.#journal = journal;
  }

  see(row: ChainedRow): void {
    const { decision, refusal, reason = '' } = row;
    switch (decision) {
      case 'granted':
        // A code that was shown again opens again for the same entry.
        if (row.entry === undefined) this.#entries.granted += 1;
        return;
      case 'refused':
      case 'guard':
        this.#entries[decision] += 1;
        return count(this.#refusals, refusal ?? decision);
      case 'manual':
        this.#entries.manual += 1;
        return count(this.#manual, uncounted(reason));
      case 'system':
        if (reason.startsWith('look-up:')) this.#lookUps += 1;
        return this.#alarm(row);
      case 'door':
        if (row.door === 'undone') count(this.#manual, reason);
        return this.#alarm(row);
    }
  }

  told(): Told {
    return {
      entries: this.#entries,
      refusals: Object.fromEntries(this.#refusals),
      manual: Object.fromEntries(this.#manual),
      lookUps: this.#lookUps,
      alarms: [...this.#alarms.values()],
    };
  }

  #alarm(row: ChainedRow): void {
    const raised = guardAlarmOf(this.#journal, row);
    if (raised !== undefined && this.#alarms.size < ALARMS_REPORTED_MAX)
      this.#alarms.set(raised.id, { alarm: raised.alarm, at: raised.at });
    const seen = acknowledgementOf(row);
    const alarm = seen && this.#alarms.get(seen.id);
    if (seen !== undefined && alarm !== undefined) alarm.acknowledgedBy = seen.by;
  }
}

/** A district's orders name reasons of their own; of too many, the rest is one. */
function count(counts: Map<string, number>, reason: string): void {
  const name = counts.has(reason) || counts.size < REASONS_MAX ? reason : 'other';
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
