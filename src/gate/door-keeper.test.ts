import { describe, expect, it } from 'vitest';
import { type SimulatedDoorSettings, simulatedClock, simulatedDoor } from '../../device/sim/index.ts';
import { DOOR_DEFAULTS, RELAY_ON_MS_MAX } from '../decide/index.ts';
import { mintReceipt } from '../journal/testing.ts';
import { type DoorItem, RELAY_ON_MAX_MS } from '../ports/index.ts';
import { DoorKeeper } from './door-keeper.ts';

const SECOND = 1_000;

async function kept(settings: Partial<SimulatedDoorSettings> = {}) {
  const clock = simulatedClock();
  const door = simulatedDoor({ id: 'north', ...settings }, { clock });
  const items: DoorItem[] = [];
  const keeper = new DoorKeeper(
    { door, clock, settings: { ...DOOR_DEFAULTS, lane: 'north', sensor: 'contact' } },
    (item) => items.push(item),
  );
  const open = (entry: number) =>
    keeper.open(mintReceipt('a'.repeat(32), entry, 'b'.repeat(64)), {
      entry,
      people: 1,
      pulseMs: 3 * SECOND,
    });
  const hold = (entry: number) => keeper.hold(mintReceipt('a'.repeat(32), entry, 'b'.repeat(64)), true);
  return { clock, door, keeper, items, open, hold, events: () => items.map(({ event }) => event) };
}

describe('a door that is kept', () => {
  it('says nothing of ordinary openings', async () => {
    const { keeper, clock, open, events } = await kept();
    await keeper.start();
    for (const entry of [1, 2, 3, 4, 5]) {
      await open(entry);
      clock.advance(7 * SECOND);
    }
    expect(events().filter((event) => event !== 'opened' && event !== 'closed')).toEqual(
      Array(5).fill('passed'),
    );
  });

  it('tells of a driver that fails while nobody comes, and that it is well again', async () => {
    const { keeper, clock, door, items, events } = await kept();
    await keeper.start();
    door.mode = 'relay-fault';
    clock.advance(4 * SECOND);
    expect(items).toMatchObject([{ type: 'door', lane: 'north', event: 'fault', detail: 'simulated fault' }]);
    door.mode = 'works';
    clock.advance(SECOND);
    expect(events()).toEqual(['fault', 'recovered']);
  });

  it('tells of a relay that is welded within 3 s of the end of its pulse (docs/threats.md, T19)', async () => {
    const { keeper, clock, items, open } = await kept({ mode: 'welded' });
    await keeper.start();
    await open(1);
    clock.advance(3 * SECOND);
    expect(items.map(({ event }) => event)).not.toContain('stuck');
    clock.advance(3 * SECOND);
    expect(items).toContainEqual({ type: 'door', lane: 'north', event: 'stuck', detail: 'relay-on' });
  });

  it('counts an order that its driver throws away as one that failed', async () => {
    const { keeper, clock, door, open, events } = await kept();
    await keeper.start();
    door.open = () => Promise.reject(new Error('simulated'));
    await expect(open(1)).rejects.toThrow('simulated');
    clock.advance(60 * SECOND);
    expect(events()).toEqual(['fault']);
  });

  it('tells on asking what it was found with at the start: fire and tamper', async () => {
    const { keeper, door, events } = await kept();
    door.move('fire', true);
    door.move('tamper', true);
    await keeper.start();
    expect(events()).toEqual([]);
    keeper.tellFound();
    expect(events()).toEqual(['fire', 'tamper']);
    door.move('fire', false);
    door.move('tamper', false);
    expect(events()).toEqual(['fire', 'tamper', 'fire-cleared', 'tamper-cleared']);
  });

  it('finds nothing to tell at an ordinary start', async () => {
    const { keeper, events } = await kept();
    await keeper.start();
    keeper.tellFound();
    expect(events()).toEqual([]);
  });

  it('says when a hold has been taken, or thrown away, and not before', async () => {
    const { keeper, door } = await kept();
    const receipt = mintReceipt('a'.repeat(32), 1, 'b'.repeat(64));
    await keeper.start();
    let take: () => void = () => undefined;
    door.hold = () =>
      new Promise((resolve) => {
        take = () => resolve({ ok: true });
      });
    const held = keeper.hold(receipt, true);
    let told = false;
    const waiting = keeper.told().then(() => {
      told = true;
    });
    await Promise.resolve();
    expect(told).toBe(false);
    take();
    await Promise.all([held, waiting]);
    door.hold = () => Promise.reject(new Error('simulated'));
    await expect(keeper.hold(receipt, false)).rejects.toThrow('simulated');
    await expect(keeper.told()).resolves.toBeUndefined();
  });

  it.each([
    ['works', true],
    ['relay-fault', false],
  ] as const)('that %s has obeyed its last order: %s', async (mode, obeyed) => {
    const { keeper, door, open } = await kept();
    await keeper.start();
    door.mode = mode;
    await open(1);
    expect(await keeper.obeyed()).toBe(obeyed);
    const refuse = { ok: false, fault: 'simulated' } as const;
    door.hold = () => Promise.resolve(mode === 'works' ? { ok: true } : refuse);
    await keeper.hold(mintReceipt('a'.repeat(32), 2, 'b'.repeat(64)), true);
    expect(await keeper.obeyed()).toBe(obeyed);
  });

  it.each([false, true])(
    'is not held any more once its driver was replaced, seen while it was gone: %s',
    async (seen) => {
      const { keeper, clock, door, items, hold } = await kept();
      await keeper.start();
      await hold(1);
      clock.advance(SECOND);
      expect(keeper.isHeldOpen).toBe(true);
      door.cut();
      if (seen) clock.advance(SECOND);
      await door.start();
      clock.advance(3 * SECOND);
      expect(keeper.isHeldOpen).toBe(false);
      expect(items).toEqual([{ type: 'door', lane: 'north', event: 'fault', detail: 'not-held' }]);
      clock.advance(60 * SECOND);
      expect([items.length, door.trace.at(-1)?.on]).toEqual([1, false]);
      await hold(2);
      clock.advance(60 * SECOND);
      expect([keeper.isHeldOpen, items.length]).toEqual([true, 1]);
    },
  );

  it('is not held when its driver refuses the hold, or throws it away', async () => {
    const { keeper, door, items, hold } = await kept();
    await keeper.start();
    door.mode = 'relay-fault';
    expect(await hold(1)).toMatchObject({ ok: false });
    expect([keeper.isHeldOpen, items.length]).toEqual([false, 1]);
    door.hold = () => Promise.reject(new Error('simulated'));
    await expect(hold(2)).rejects.toThrow('simulated');
    expect(keeper.isHeldOpen).toBe(false);
    expect(items.map(({ detail }) => detail)).toEqual(['not-held', 'not-held']);
  });

  it('lets go of a relay whose hold is over for it, however that came', async () => {
    const { keeper, clock, door, items, hold } = await kept();
    await keeper.start();
    await hold(1);
    clock.advance(SECOND);
    const works = door.hold.bind(door);
    door.hold = (receipt, open) =>
      open ? Promise.resolve({ ok: false, fault: 'too many orders' }) : works(receipt, open);
    await hold(2);
    clock.advance(60 * SECOND);
    expect(items.map(({ detail }) => detail)).toEqual(['not-held']);
    expect([keeper.isHeldOpen, door.health().relayOn]).toEqual([false, false]);
  });

  it('looks no more once it is stopped', async () => {
    const { keeper, clock, door, items } = await kept();
    await keeper.start();
    await keeper.stop();
    door.mode = 'relay-fault';
    clock.advance(60 * SECOND);
    expect([items, clock.timers]).toEqual([[], 0]);
  });

  it('knows the longest time of a relay as its driver does', () => {
    expect(RELAY_ON_MS_MAX).toBe(RELAY_ON_MAX_MS);
  });
});
