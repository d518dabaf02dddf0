import { describe, expect, it } from 'vitest';
import { type ClockQuality, wallMs } from '../base/index.ts';
import { simulatedClock } from '../../device/sim/index.ts';
import type { Journal, JournalHealth } from '../journal/index.ts';
import type { InboxItem } from '../ports/index.ts';
import type { ExpiryWarning, TrustSnapshot } from '../trust/index.ts';
import type { AlarmPayload } from '../wire/index.ts';
import type { MachineChange } from './machine-watch.ts';
import { Watchman } from './watchman.ts';

const IN_ORDER: JournalHealth = {
  writable: true,
  reserve: 'whole',
  freeBytes: 1e9,
  memoryKnown: true,
  listenerFaults: 0,
};

function watched() {
  let health = IN_ORDER;
  let warnings: ExpiryWarning[] = [];
  let rows = true;
  const changes: MachineChange[] = [];
  const looksAtMs: number[] = [];
  const items: InboxItem[] = [];
  const alarms: AlarmPayload[] = [];
  const calls: string[] = [];
  const quiet = () => undefined;
  let quality: ClockQuality = 'synced';
  const now = () => ({ at: wallMs(0), seconds: 0, quality, errorSeconds: 0 });
  let id = 'a'.repeat(32);
  const clock = simulatedClock();
  const journal: Pick<Journal, 'health' | 'head' | 'startAnew' | 'verifyRest'> = {
    verifyRest: async (reach) => {
      calls.push(`verifyRest ${reach}`);
      return { state: 'whole', rows: 1 };
    },
    get head() {
      return { id, seq: 1, hash: 'b'.repeat(64) };
    },
    health: () => health,
    startAnew: () => {
      calls.push('startAnew');
      health = IN_ORDER;
      return { ok: true, value: { id: 'c'.repeat(32), seq: 1, hash: 'd'.repeat(64) } };
    },
  };
  const trust: Pick<TrustSnapshot, 'warnings'> = { warnings: () => warnings };
  const watchman = new Watchman({
    journal: journal as Journal,
    clock,
    log: { info: quiet, warn: quiet, error: quiet },
    now,
    trust: () => trust as TrustSnapshot,
    take: (item) => {
      items.push(item);
      return rows ? { journalId: id, seq: items.length } : undefined;
    },
    machine: {
      look: () => {
        looksAtMs.push(clock.monotonic());
        return changes.splice(0);
      },
      changed: () => calls.push('changed'),
    },
    alarm: (alarm) => alarms.push(alarm),
    journalReplaced: () => calls.push('journalReplaced'),
    tellUnrecorded: quiet,
  });
  return {
    look: () => watchman.look(),
    start: () => watchman.start(),
    stop: () => watchman.stop(),
    looksAtMs,
    doubt: () => watchman.doubtJournal(),
    clock,
    items,
    alarms,
    calls,
    machineTells: (...told: MachineChange[]) => {
      changes.push(...told);
    },
    journalIs: (change: Partial<JournalHealth>) => {
      rows = change.writable !== false;
      health = { ...IN_ORDER, ...change };
    },
    journalBeginsAnew: () => {
      id = 'e'.repeat(32);
    },
    clockIs: (present: ClockQuality) => {
      quality = present;
    },
    documentsWarn: (all: ExpiryWarning[]) => {
      warnings = all;
    },
  };
}

describe('the watchman', () => {
  it('says nothing while all is in order', () => {
    const gate = watched();
    gate.look();
    expect([gate.items, gate.alarms, gate.calls]).toEqual([[], [], []]);
  });

  it('raises the alarm for a journal that cannot be written, once, and clears it', () => {
    const gate = watched();
    gate.journalIs({ writable: false, fault: { code: 'disk-full', detail: 'no space left' } });
    gate.look();
    gate.look();
    expect(gate.alarms).toMatchObject([{ alarm: 'storage', cleared: false, detail: 'no space left' }]);
    gate.journalIs({});
    gate.look();
    expect(gate.alarms.at(-1)).toMatchObject({ alarm: 'storage', cleared: true });
    expect(gate.items).toEqual([{ type: 'system', event: 'alarm-cleared', detail: 'storage' }]);
  });

  it('writes down that the disk is almost full while it still can', () => {
    const gate = watched();
    gate.journalIs({ freeBytes: 1_000_000 });
    gate.look();
    expect(gate.items).toEqual([{ type: 'system', event: 'storage', detail: 'the disk is almost full' }]);
    expect(gate.alarms).toEqual([]);
  });

  it('clears the alarm that a row has told of by the same id, so that the district finds it', () => {
    const gate = watched();
    gate.journalIs({ freeBytes: 1_000_000 });
    gate.look();
    gate.journalIs({});
    gate.look();
    expect(gate.alarms).toMatchObject([{ id: 'aaaaaaaa-1-storage', alarm: 'storage', cleared: true }]);
  });

  it('writes down what is wrong with the machine and when it is over, and tells the screens', () => {
    const gate = watched();
    gate.machineTells({ trouble: 'temperature', stands: true }, { trouble: 'power', stands: true });
    gate.look();
    gate.machineTells({ trouble: 'temperature', stands: false }, { trouble: 'power', stands: false });
    gate.look();
    gate.look();
    expect(gate.items.map((item) => item.type === 'system' && `${item.event}:${item.detail}`)).toEqual([
      'temperature:hot',
      'power:undervoltage',
      'temperature:in-order',
      'power:in-order',
    ]);
    expect([gate.alarms, gate.calls]).toEqual([[], ['changed', 'changed']]);
  });

  it('looks at the machine so often that a dip of the supply is seen though a look is late, until it is stopped', () => {
    // Linux, drivers/hwmon/raspberrypi-hwmon.c: a dip is shown until the firmware is asked again, two seconds later.
    const dipMs = 2_000;
    const gate = watched();
    gate.start();
    gate.clock.advance(30_000);
    gate.stop();
    const { looksAtMs } = gate;
    const gaps = looksAtMs.slice(1).map((at, each) => at - (looksAtMs[each] ?? 0));
    expect(gaps.length).toBeGreaterThan(10);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(dipMs / 2);
    const before = looksAtMs.length;
    gate.clock.advance(30_000);
    expect(looksAtMs).toHaveLength(before);
  });

  it('raises the alarm of the storage for a slow card, and clears that one', () => {
    const gate = watched();
    gate.machineTells({ trouble: 'storage-slow', stands: true });
    gate.look();
    expect(gate.items).toEqual([{ type: 'system', event: 'storage', detail: 'slow' }]);
    gate.machineTells({ trouble: 'storage-slow', stands: false });
    gate.look();
    expect(gate.alarms).toMatchObject([{ id: 'aaaaaaaa-1-storage', cleared: true }]);
    expect(gate.items.at(-1)).toEqual({ type: 'system', event: 'alarm-cleared', detail: 'storage' });
  });

  it('sets a damaged journal aside, begins a new one and reads again what is remembered', () => {
    const gate = watched();
    gate.journalIs({ writable: false, damage: 'row 7 does not hold' });
    gate.look();
    expect(gate.calls).toEqual(['startAnew', 'journalReplaced']);
  });

  it('has a journal that somebody could not read verified again, once in a minute', () => {
    const gate = watched();
    gate.doubt();
    gate.doubt();
    gate.clock.advance(59_000);
    gate.doubt();
    expect(gate.calls).toEqual(['verifyRest whole']);
    gate.clock.advance(1_000);
    gate.doubt();
    expect(gate.calls).toEqual(['verifyRest whole', 'verifyRest whole']);
  });

  it('tries again to read what is remembered while it is not known', () => {
    const gate = watched();
    gate.journalIs({ memoryKnown: false });
    gate.look();
    expect(gate.calls).toEqual(['journalReplaced']);
  });

  it('notices a journal that began anew by itself, once', () => {
    const gate = watched();
    gate.look();
    gate.journalBeginsAnew();
    gate.look();
    gate.look();
    expect(gate.calls).toEqual(['journalReplaced']);
  });

  it('tells each step of a document that runs out once', () => {
    const gate = watched();
    const warning: ExpiryWarning = {
      document: 'keyset',
      expiresAt: 0,
      secondsLeft: 0,
      step: 7,
      unit: 'days',
    };
    gate.documentsWarn([warning]);
    gate.look();
    gate.look();
    gate.documentsWarn([{ ...warning, step: 1 }]);
    gate.look();
    expect(gate.items.map((item) => 'detail' in item && item.detail)).toEqual([
      'keyset: 7 days',
      'keyset: 1 days',
    ]);
  });

  it('tells a document that was renewed again when it runs out again, and not after every doubt of the clock', () => {
    const gate = watched();
    const warning = { document: 'keyset', expiresAt: 0, secondsLeft: 0, unit: 'days' } as const;
    for (const standing of [[{ ...warning, step: 1 }], [], [{ ...warning, step: 1 }]] as const) {
      gate.documentsWarn([...standing]);
      gate.look();
    }
    expect(gate.items).toHaveLength(2);
    gate.clockIs('unsure');
    gate.documentsWarn([]);
    gate.look();
    gate.clockIs('synced');
    gate.documentsWarn([{ ...warning, step: 1 }]);
    gate.look();
    expect(gate.items).toHaveLength(2);
  });

  it('does not tell a document of a week again with every renewal', () => {
    const gate = watched();
    for (const expiresAt of [1, 2, 3]) {
      gate.documentsWarn([{ document: 'roster', expiresAt, secondsLeft: 0, step: 7, unit: 'days' }]);
      gate.look();
    }
    expect(gate.items).toHaveLength(1);
  });
});
