import { describe, expect, it } from 'vitest';
import { DOOR_EVENTS } from '../wire/index.ts';
import { GateTwin } from './testing.ts';

describe('what a door tells', () => {
  it.each(DOOR_EVENTS)('%s is a row of the entry and opens nothing', (event) => {
    const outcome = new GateTwin().take({ type: 'door', lane: 'north', event, entry: 5 });
    expect(outcome.rows).toMatchObject([{ decision: 'door', door: event, lane: 'north', entry: 5 }]);
    expect(outcome.effects.filter((effect) => effect.type !== 'alarm')).toEqual([]);
  });

  it.each([
    ['forced', 'forced'],
    ['held', 'held-open'],
    ['fault', 'relay-fault'],
    ['stuck', 'relay-fault'],
    ['fire', 'fire'],
    ['tamper', 'tamper'],
  ] as const)('%s raises %s', (event, alarm) => {
    const { effects } = new GateTwin().take({ type: 'door', lane: 'north', event, detail: 'relay-on' });
    expect(effects).toEqual([{ type: 'alarm', alarm, row: 0, lane: 'north', detail: 'relay-on' }]);
  });
});

describe('what readers and the gate tell', () => {
  it('a lost reader is a row and an alarm, one that is back a row', () => {
    const gate = new GateTwin();
    gate.take({ type: 'reader', reader: 'scanner-1', lane: 'north', event: 'lost', detail: 'unplugged' });
    gate.take({ type: 'reader', reader: 'scanner-1', lane: 'north', event: 'ready' });
    expect(gate.rows.map((row) => row.reason)).toEqual(['reader-lost:unplugged', 'reader-ready']);
    expect(gate.effects).toMatchObject([{ alarm: 'reader-lost', reader: 'scanner-1' }]);
  });

  it.each([
    ['storage', 'synced', ['storage']],
    ['expiry', 'synced', ['expiry']],
    ['clock', 'unsure', ['clock']],
    ['clock', 'synced', []],
    ['started', 'unsure', []],
    ['trust-changed', 'synced', []],
  ] as const)('%s with a clock that is %s raises %j', (event, quality, alarms) => {
    const gate = new GateTwin();
    gate.quality = quality;
    const outcome = gate.take({ type: 'system', event, detail: 'why' });
    expect(outcome.rows).toMatchObject([{ decision: 'system', reason: `${event}:why`, clock: quality }]);
    expect(gate.effects.map((effect) => effect.type === 'alarm' && effect.alarm)).toEqual(alarms);
  });

  it('nothing opens at a start', () => {
    const gate = new GateTwin();
    gate.take({ type: 'system', event: 'started' });
    gate.take({ type: 'timer' });
    expect(gate.effects).toEqual([]);
  });

  it('a reason never outgrows its row', () => {
    const { rows } = new GateTwin().take({ type: 'system', event: 'clock', detail: 'x'.repeat(500) });
    expect(rows[0]?.reason).toHaveLength(200);
  });
});
