import type { Alarm } from './alarm.ts';
import type { AlarmPayload } from './mqtt.ts';
import type { ChainedRow, DoorEvent } from './row.ts';

/**
 * Which rows are alarms. The gate publishes them and the district reads them out of late rows by the same table,
 * so an alarm that was lost on its way is still found.
 */

const DOOR_ALARMS: Partial<Record<DoorEvent, { alarm: Alarm; cleared: boolean }>> = {
  forced: { alarm: 'forced', cleared: false },
  held: { alarm: 'held-open', cleared: false },
  fault: { alarm: 'relay-fault', cleared: false },
  stuck: { alarm: 'relay-fault', cleared: false },
  recovered: { alarm: 'relay-fault', cleared: true },
  fire: { alarm: 'fire', cleared: false },
  'fire-cleared': { alarm: 'fire', cleared: true },
  tamper: { alarm: 'tamper', cleared: false },
  'tamper-cleared': { alarm: 'tamper', cleared: true },
};

/** @returns undefined for a row that is no alarm */
export function alarmOfRow(journal: string, row: ChainedRow): AlarmPayload | undefined {
  const found = row.door === undefined ? undefined : DOOR_ALARMS[row.door];
  if (found === undefined) return undefined;
  return {
    id: `${journal.slice(0, 8)}-${row.seq}`,
    at: row.at,
    ...found,
    ...(row.lane === undefined ? {} : { lane: row.lane }),
    journal,
    seq: row.seq,
  };
}
