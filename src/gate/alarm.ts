import type { AlarmEffect } from '../decide/index.ts';
import type { Receipt } from '../ports/index.ts';
import type { Alarm, AlarmPayload, BatchDraft } from '../wire/index.ts';

/** An alarm as it is sent. One that a row's door event already tells is read out of the row, by gate and district alike. */
export function alarmOfEffect(
  effect: AlarmEffect,
  row: BatchDraft | undefined,
  receipt: Receipt,
): AlarmPayload | undefined {
  if (row === undefined || row.door !== undefined) return undefined;
  const { lane, reader, detail } = effect;
  return {
    id: alarmId(receipt, effect.alarm),
    at: row.at,
    alarm: effect.alarm,
    cleared: false,
    ...(lane === undefined ? {} : { lane }),
    ...(reader === undefined ? {} : { reader }),
    journal: receipt.journalId,
    seq: receipt.seq,
    ...(detail === undefined ? {} : { detail: detail.slice(0, 200) }),
  };
}

export type RowNumber = Pick<Receipt, 'journalId' | 'seq'>;

/** Of an alarm that came with this row; what clears it bears the same. */
export function alarmId({ journalId, seq }: RowNumber, alarm: Alarm): string {
  return `${journalId.slice(0, 8)}-${seq}-${alarm}`;
}
