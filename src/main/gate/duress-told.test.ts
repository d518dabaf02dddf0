import { describe, expect, test } from 'vitest';
import { err, ok, wallMs } from '../../base/index.ts';
import type { Gate } from '../../gate/index.ts';
import type { ManualItem } from '../../ports/index.ts';
import { type AlarmPayload, alarmPayload } from '../../wire/index.ts';
import { takeManual } from './duress-told.ts';

const DEED: ManualItem = { type: 'manual', verb: 'open', actor: 'g-07', reason: 'no-phone', lane: 'main' };

function gateThat(writes: boolean) {
  const alarms: AlarmPayload[] = [];
  const gate = {
    takeManual: () => (writes ? ok({ row: 1 }) : err('disk-full')),
    vitals: { alarm: (alarm: AlarmPayload) => void alarms.push(alarm) },
    clock: { now: () => ({ at: wallMs(0) }) },
  } as unknown as Gate;
  return { gate, alarms };
}

describe('somebody who is forced', () => {
  test('is told to the district though the journal takes no row; the deed is refused all the same', () => {
    const { gate, alarms } = gateThat(false);
    expect(takeManual(gate, { ...DEED, duress: true }).ok).toBe(false);
    expect(alarms).toMatchObject([{ alarm: 'duress', detail: 'g-07; not recorded' }]);
    expect(alarmPayload.safeParse(alarms[0]).success).toBe(true);
  });

  test.each([
    ['whose row is written tells by it', true, true],
    ['is nobody else', false, false],
  ])('%s', (_name, writes, duress) => {
    const { gate, alarms } = gateThat(writes);
    expect(takeManual(gate, duress ? { ...DEED, duress } : DEED).ok).toBe(writes);
    expect(alarms).toEqual([]);
  });
});
