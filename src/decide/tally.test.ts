import { describe, expect, it } from 'vitest';
import { codeTwin, GateTwin, lanePolicy } from './testing.ts';
import { REFUSAL_BURST } from './limits.ts';
import { wakeAt } from './state.ts';

/** Every scan is counted once, and none can fill the disk (docs/threats.md, T17). */

const keyboard = true;

function alarms(gate: GateTwin): string[] {
  return gate.effects.flatMap((effect) => (effect.type === 'alarm' ? [effect.alarm] : []));
}

/** Scans that the rows account for. */
function counted(gate: GateTwin): number {
  return gate.rows.reduce((sum, row) => {
    if (['granted', 'refused', 'guard'].includes(row.decision)) return sum + 1;
    const number = /^(?:repeated|flooded|dropped):(\d+)$/.exec(row.reason ?? '')?.[1];
    return sum + Number(number ?? 0);
  }, 0);
}

describe('identical refusals of one reader', () => {
  it('in a row have one row, and a count that names it', () => {
    const gate = new GateTwin();
    for (let time = 0; time < 18; time += 1) gate.advance(100).scan('not-a-code');
    gate.advance(10_000).take({ type: 'timer' });
    const told = gate.rows.filter((row) => !row.reason?.startsWith('alarm:'));
    expect(told).toMatchObject([
      { decision: 'refused', refusal: 'not-a-code' },
      { decision: 'system', reason: 'repeated:17', refusal: 'not-a-code', entry: 1, reader: 'scanner-1' },
    ]);
    expect(counted(gate)).toBe(18);
  });

  it('are written down when another scan comes', () => {
    const gate = new GateTwin();
    gate.scan('not-a-code');
    gate.advance(100).scan('not-a-code');
    expect(gate.advance(100).scan(codeTwin(1)).rows).toMatchObject([
      { decision: 'granted' },
      { reason: 'repeated:1', entry: 1 },
    ]);
  });

  it('apart by more than 10 s have a row each', () => {
    const gate = new GateTwin();
    gate.scan('expired');
    expect(gate.advance(10_001).scan('expired').rows[0]?.decision).toBe('refused');
  });

  it('1,000 different ones at full speed have a row each', () => {
    const gate = new GateTwin();
    for (let scan = 0; scan < 1_000; scan += 1) {
      const codeHash = String(scan).padEnd(64, 'e');
      expect(gate.scan(scan % 2 === 0 ? 'expired' : 'not-a-code', { codeHash }).rows[0]?.decision).toBe(
        'refused',
      );
    }
  });

  it('of different codes have a row each', () => {
    const gate = new GateTwin();
    gate.scan('bad-signature', { codeHash: 'a'.repeat(64) });
    expect(gate.advance(100).scan('bad-signature', { codeHash: 'b'.repeat(64) }).rows).toHaveLength(1);
  });

  it('on different readers have a row each', () => {
    const gate = new GateTwin();
    gate.scan('malformed');
    expect(gate.advance(100).scan('malformed', { reader: 'camera-1' }).rows).toHaveLength(1);
  });

  it('wake the gate to be written down, and then let it sleep', () => {
    const gate = new GateTwin();
    gate.scan('malformed');
    expect(wakeAt(gate.state)).toBeUndefined();
    gate.advance(100).scan('malformed');
    expect(wakeAt(gate.state)).toBe(gate.at + 10_000);
    expect(gate.advance(9_999).take({ type: 'timer' }).rows).toEqual([]);
    expect(gate.advance(1).take({ type: 'timer' }).rows).toHaveLength(1);
    expect(wakeAt(gate.state)).toBeUndefined();
  });

  it('are written down before the gate stops', () => {
    const gate = new GateTwin();
    gate.scan('malformed');
    gate.advance(100).scan('malformed');
    expect(gate.take({ type: 'system', event: 'stopping' }).rows).toMatchObject([
      { reason: 'repeated:1' },
      { reason: 'stopping' },
    ]);
  });

  it('a resident refused and then allowed is let in at once', () => {
    const gate = new GateTwin(lanePolicy({ lockdown: true }));
    gate.scan(codeTwin(1));
    gate.policy = new GateTwin().policy;
    expect(gate.advance(500).scan(codeTwin(1)).sign?.tone).toBe('pass');
  });
});

describe('a flood of different refusals', () => {
  it('at 20 scans a second keeps to its size, alarms once, and loses no count', () => {
    const gate = new GateTwin();
    const scans = 20 * 60 * 30;
    for (let scan = 0; scan < scans; scan += 1) {
      gate.advance(50).scan('bad-signature', { codeHash: scan.toString(16).padStart(64, '0') });
      const due = wakeAt(gate.state);
      if (due !== undefined && due <= gate.at) gate.take({ type: 'timer' });
    }
    gate.advance(10_000).take({ type: 'timer' });
    expect(counted(gate)).toBe(scans);
    // Half an hour: a burst, one each 2 s, an alarm for each five of them, a count each 10 s.
    expect(gate.rows.length).toBeLessThan((REFUSAL_BURST + 900) * 1.2 + 181 + 5);
    expect(alarms(gate).filter((alarm) => alarm === 'flood')).toHaveLength(1);
  });

  it('that ebbs away and comes back alarms again', () => {
    const gate = new GateTwin();
    const burst = () => {
      for (let scan = 0; scan < REFUSAL_BURST + 5; scan += 1)
        gate.scan('bad-signature', { codeHash: String(scan).padEnd(64, 'e') });
    };
    burst();
    gate.advance(10_000).take({ type: 'timer' });
    gate.advance(10_000).take({ type: 'timer' });
    expect(wakeAt(gate.state)).toBeUndefined();
    gate.advance(REFUSAL_BURST * 2_000);
    burst();
    expect(alarms(gate).filter((alarm) => alarm === 'flood')).toHaveLength(2);
  });

  it('keeps no resident out', () => {
    const gate = new GateTwin();
    for (let scan = 0; scan < REFUSAL_BURST + 100; scan += 1)
      gate.advance(10).scan('bad-signature', { codeHash: String(scan).padEnd(64, 'e') });
    expect(gate.advance(10).scan(codeTwin(1)).sign?.tone).toBe('pass');
    gate.advance(10_000).take({ type: 'timer' });
    expect(counted(gate)).toBe(REFUSAL_BURST + 101);
  });

  it.each([
    [REFUSAL_BURST, 0],
    [REFUSAL_BURST + 1, 1],
  ])('%i at once are %i beyond the burst', (scans, beyond) => {
    const gate = new GateTwin();
    for (let scan = 0; scan < scans; scan += 1)
      gate.scan('bad-signature', { codeHash: String(scan).padEnd(64, 'e') });
    expect(alarms(gate).filter((alarm) => alarm === 'flood')).toHaveLength(beyond);
  });

  it('of texts that a reader had to drop is counted too', () => {
    const gate = new GateTwin();
    for (let time = 0; time < REFUSAL_BURST + 100; time += 1)
      gate.take({ type: 'reader', reader: 'scanner-1', lane: 'north', event: 'dropped', count: 3 });
    gate.advance(10_000).take({ type: 'timer' });
    expect(counted(gate)).toBe(3 * (REFUSAL_BURST + 100));
    expect(gate.rows.length).toBeLessThan(REFUSAL_BURST + 5);
  });
});

describe('five wrong tries in a row', () => {
  it('raise the alarm at the fifth, and again at the tenth', () => {
    const gate = new GateTwin();
    const raised: number[] = [];
    for (let time = 1; time <= 11; time += 1) {
      gate.advance(3_000).scan('expired', { codeHash: String(time).padEnd(64, 'e') });
      if (alarms(gate).length > raised.length) raised.push(time);
    }
    expect(raised).toEqual([5, 10]);
    expect(gate.rows.filter((row) => row.reason === 'alarm:refusals')).toHaveLength(2);
  });

  it('count the same wrong code when it is shown again, not when it is held still', () => {
    const gate = new GateTwin();
    for (let time = 0; time < 20; time += 1) gate.advance(200).scan('revoked');
    expect(alarms(gate)).toEqual([]);
    for (let time = 0; time < 4; time += 1) gate.advance(2_001).scan('revoked');
    expect(alarms(gate)).toEqual(['refusals']);
  });

  it('start again after somebody was let in', () => {
    const gate = new GateTwin();
    for (let time = 0; time < 4; time += 1)
      gate.advance(3_000).scan('expired', { codeHash: String(time).padEnd(64, 'e') });
    gate.advance(3_000).scan(codeTwin(1, { at: 1 }));
    gate.advance(3_000).scan('expired');
    expect(alarms(gate)).toEqual([]);
  });

  it('are not those that only the guard can settle', () => {
    const gate = new GateTwin();
    for (let time = 0; time < 10; time += 1) gate.advance(20_000).scan('needs-guard');
    expect(alarms(gate)).toEqual([]);
  });
});

describe('three unreadable texts in a row from a keyboard reader', () => {
  it('ask for its set-up, once', () => {
    const gate = new GateTwin();
    for (const refusal of ['not-a-code', 'malformed', 'not-a-code', 'not-a-code'] as const)
      gate.advance(300).scan(refusal, { keyboard });
    expect(alarms(gate).filter((alarm) => alarm === 'reader-setup')).toHaveLength(1);
    expect(gate.rows.find((row) => row.reason === 'alarm:reader-setup')).toMatchObject({
      reader: 'scanner-1',
    });
  });

  it('do not from a serial reader or a camera', () => {
    const gate = new GateTwin();
    for (let time = 0; time < 6; time += 1) gate.advance(300).scan('not-a-code');
    expect(alarms(gate)).not.toContain('reader-setup');
  });

  it.each(['expired', 'granted', 'double'] as const)(
    'start again after a text that was read well (%s)',
    (between) => {
      const gate = new GateTwin();
      if (between === 'double') gate.scan(codeTwin(1), { keyboard });
      gate.scan('not-a-code', { keyboard });
      gate.scan('not-a-code', { keyboard });
      gate.scan(between === 'expired' ? 'expired' : codeTwin(1), { keyboard });
      gate.scan('not-a-code', { keyboard });
      expect(alarms(gate)).not.toContain('reader-setup');
    },
  );
});
