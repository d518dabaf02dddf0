import { describe, expect, it } from 'vitest';
import { DoorTwin } from './testing.ts';

const door = () => new DoorTwin();

describe('a hold that drops', () => {
  const hold = { type: 'hold', open: true } as const;
  const on = { type: 'relay', on: true } as const;
  const off = { type: 'relay', on: false } as const;
  const held = () => door().hear(hold).hear(on).advance(600_000);
  const drops: [string, (twin: DoorTwin) => DoorTwin][] = [
    ['its relay is off', (twin) => twin.hear(off).advance(2_000)],
    ['its driver is gone', (twin) => twin.hear({ type: 'driver', ok: false }).hear(off)],
    ['its order failed', (twin) => twin.hear({ type: 'hold-failed' }).hear(off)],
  ];

  it.each(drops)('is over and told once, when %s', (_, drop) => {
    const twin = drop(held());
    expect(twin.state.holding).toBe(false);
    twin.hear({ type: 'driver', ok: true }).advance(600_000);
    expect(twin.told).toEqual([{ type: 'door', lane: 'north', event: 'fault', detail: 'not-held' }]);
    expect(twin.wakeAt).toBeUndefined();
  });

  it.each(drops)('allows no opening and excuses no open door any longer, when %s', (_, drop) => {
    const shut = drop(held()).hear({ type: 'driver', ok: true }).advance(3_000).input('contact', true);
    expect(shut.events).toEqual(['fault', 'forced']);
    const open = drop(held().input('contact', true)).hear({ type: 'driver', ok: true }).advance(30_000);
    expect(open.events).toEqual(['opened', 'fault', 'held']);
  });

  it.each(drops)('says nothing more at a later passage, and may be held anew, when %s', (_, drop) => {
    const twin = drop(held()).hear({ type: 'driver', ok: true }).pulse(1).hear(on).advance(3_000).hear(off);
    expect(twin.advance(60_000).events).toEqual(['fault', 'annulled 1']);
    expect(twin.hear(hold).hear(on).advance(600_000).state.holding).toBe(true);
    expect(twin.events).toEqual(['fault', 'annulled 1']);
  });

  it('is none when the relay was off for a moment', () => {
    const twin = held().hear(off).advance(1_900).hear(on).advance(600_000);
    expect([twin.state.holding, twin.events]).toEqual([true, []]);
  });

  it('leaves a relay that was off already the time in which it may come', () => {
    const told = door().hear(off).pulse(1).advance(2_500).hear(hold).advance(1_900);
    expect([told.state.holding, told.events]).toEqual([true, ['fault']]);
    expect(told.hear(on).advance(600_000).state.holding).toBe(true);
    const never = door().hear(off).pulse(1).advance(2_500).hear(hold).advance(2_000);
    expect([never.state.holding, never.told.at(-1)?.detail]).toEqual([false, 'not-held']);
  });

  it('is no news where it was ended before', () => {
    const twin = held().hear({ type: 'hold', open: false }).hear({ type: 'hold-failed' }).hear(off);
    expect(twin.advance(60_000).events).toEqual([]);
  });
});
