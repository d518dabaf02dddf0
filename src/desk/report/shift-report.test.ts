import { describe, expect, it } from 'vitest';
import { wallMs } from '../../base/index.ts';
import { DeskTwin, GUARD } from '../testing.ts';
import { ALARMS_REPORTED_MAX, REASONS_MAX } from './limits.ts';
import { shiftReport } from './shift-report.ts';

const MINUTE = 60_000;

describe('a shift’s report', () => {
  it('counts what happened in it by the rows, and nothing of before or after', async () => {
    const twin = new DeskTwin();
    const rows = (count: number) => {
      for (let at = 0; at < count; at += 1) twin.row({ decision: 'granted', lane: 'north', index: at });
    };
    rows(3);
    twin.gate.advance(MINUTE);
    const startedAt = twin.now;
    twin.row({ decision: 'granted', lane: 'north', index: 11 });
    twin.row({ decision: 'granted', lane: 'north', index: 11, entry: 4, reason: 're-opened' });
    for (const refusal of ['expired', 'expired', 'revoked'] as const)
      twin.row({ decision: 'refused', lane: 'north', refusal });
    twin.row({ decision: 'guard', lane: 'north', refusal: 'needs-guard', index: 12 });
    const deed = { type: 'manual', verb: 'open', lane: 'north', actor: 'g-07' } as const;
    twin.takeManual({ ...deed, reason: 'let-in:no-phone', index: 12 });
    twin.takeManual({ ...deed, reason: 'let-in:no-phone' });
    twin.takeManual({ ...deed, reason: 'visitor:host-asked/3' });
    twin.takeManual({ ...deed, verb: 'undo', entry: 12, reason: 'undo:mistake' });
    twin.takeManual({ ...deed, verb: 'look-up', reason: 'visitor', duress: true });
    const { seq } = twin.row({ decision: 'door', door: 'forced', lane: 'north' });
    const id = `${twin.journal.id.slice(0, 8)}-${seq}`;
    twin.takeManual({ ...deed, verb: 'acknowledge', reason: id });
    twin.row({ decision: 'door', door: 'held', lane: 'north' });
    twin.gate.advance(MINUTE);
    const endedAt = twin.now;
    rows(5);
    const shift = { account: GUARD.account, startedAt, endedAt, note: 'all quiet' };
    const report = await shiftReport(shift, twin.work, 'north-1');
    expect(report).toEqual({
      gate: 'north-1',
      community: 7,
      account: 'g-07',
      startedAt: '2026-01-05T04:01:00.000Z',
      endedAt: '2026-01-05T04:02:00.000Z',
      note: 'all quiet',
      entries: { granted: 1, refused: 3, guard: 1, manual: 3 },
      refusals: { expired: 2, revoked: 1, 'needs-guard': 1 },
      manual: { 'let-in:no-phone': 2, 'visitor:host-asked': 1, 'undo:mistake': 1 },
      lookUps: 1,
      alarms: [
        { alarm: 'forced', at: '2026-01-05T04:01:00.000Z', acknowledgedBy: 'g-07' },
        { alarm: 'held-open', at: '2026-01-05T04:01:00.000Z' },
      ],
      rows: { from: 4, to: 18 },
    });
    expect(JSON.stringify(report)).not.toContain('duress');
  });

  it('that goes on ends with the newest row, and an empty one has none', async () => {
    const twin = new DeskTwin();
    const shift = { account: 'g-07', startedAt: twin.now, note: '' };
    expect(await shiftReport(shift, twin.work, 'north-1')).toMatchObject({
      endedAt: undefined,
      rows: { from: 1, to: 0 },
    });
    twin.row({ decision: 'granted' });
    expect((await shiftReport(shift, twin.work, 'north-1')).rows).toEqual({ from: 1, to: 1 });
  });

  it('fits a page whatever happened', async () => {
    const twin = new DeskTwin();
    for (let row = 0; row < 100; row += 1) {
      twin.row({ decision: 'manual', actor: 'o-1', reason: `reason ${row}`, lane: 'north' });
      twin.row({ decision: 'door', door: 'forced', lane: 'north' });
    }
    const shift = { account: 'g-07', startedAt: wallMs(0), note: '' };
    const { manual, alarms, entries } = await shiftReport(shift, twin.work, 'north-1');
    expect([Object.keys(manual).length, manual['other']]).toEqual([REASONS_MAX + 1, 100 - REASONS_MAX]);
    expect([alarms.length, entries.manual]).toEqual([ALARMS_REPORTED_MAX, 100]);
  });
});
