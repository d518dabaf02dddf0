import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { BoundedQueue, wallMs } from '../../src/base/index.ts';
import { journalFolder, testDraft } from '../../src/journal/testing.ts';
import {
  type DropReason,
  type InputChange,
  RELAY_ON_MAX_MS,
  type Receipt,
  type Scan,
} from '../../src/ports/index.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';
import { type SimulatedDoor, type SimulatedDoorSettings, simulatedDoor } from './simulated-door.ts';
import { simulatedRandom } from './simulated-random.ts';
import { simulatedReader } from './simulated-reader.ts';

function realReceipt(): Receipt {
  const folder = journalFolder();
  const journal = folder.open();
  const appended = journal.append([testDraft(1)], [], 'code');
  journal.close();
  folder.remove();
  const receipt = appended.ok ? appended.value[0] : undefined;
  if (receipt === undefined) throw new Error('the journal took no row');
  return receipt;
}

const receipt = realReceipt();
let clock: SimulatedClock;

beforeEach(() => {
  clock = simulatedClock({ wallMs: 1_000_000, monotonicMs: 500 });
});

describe('a simulated clock', () => {
  it('stands still until it is moved, and moves both times alike', () => {
    expect([clock.wall(), clock.monotonic()]).toEqual([1_000_000, 500]);
    clock.advance(250);
    expect([clock.wall(), clock.monotonic()]).toEqual([1_000_250, 750]);
  });

  it('runs timers in the order in which they are due, at their time, also those made meanwhile', () => {
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.monotonic()]);
    clock.after(30, note('late'));
    clock.after(10, () => {
      note('early')();
      clock.after(5, note('child'));
    });
    clock.after(30, note('late too'));
    clock.after(20, note('cancelled'))();
    clock.advance(29);
    expect(ran).toEqual([
      ['early', 510],
      ['child', 515],
    ]);
    clock.advance(1);
    expect(ran.slice(2)).toEqual([
      ['late', 530],
      ['late too', 530],
    ]);
    expect(clock.timers).toBe(0);
  });

  it('lets the wall jump alone', () => {
    let ran = false;
    clock.after(100, () => {
      ran = true;
    });
    clock.setWall(wallMs(5));
    expect([clock.wall(), clock.monotonic(), ran]).toEqual([5, 500, false]);
    clock.advance(100);
    expect([clock.wall(), ran]).toEqual([105, true]);
  });

  it('gives promises their turn between timers', async () => {
    const ran: string[] = [];
    clock.after(1, () => void Promise.resolve().then(() => ran.push('promise')));
    clock.after(2, () => ran.push('timer'));
    await clock.pass(5);
    expect(ran).toEqual(['promise', 'timer']);
  });
});

describe('simulated chance', () => {
  it('tells the same story for the same seed, and another for another', () => {
    const story = (seed: number) => {
      const random = simulatedRandom(seed);
      return Array.from({ length: 20 }, () => random.below(1_000));
    };
    expect(story(7)).toEqual(story(7));
    expect(story(7)).not.toEqual(story(8));
    expect(simulatedRandom(7).bytes(16)).not.toEqual(simulatedRandom(8).bytes(16));
  });

  it('stays within its limits and reaches all of them', () => {
    const random = simulatedRandom(1);
    const seen = new Set(Array.from({ length: 1_000 }, () => random.below(10)));
    expect([seen.size, Math.min(...seen), Math.max(...seen)]).toEqual([10, 0, 9]);
    expect(['a', 'b']).toContain(random.pick(['a', 'b']));
  });
});

describe('a simulated reader', () => {
  function started(patient: boolean, capacity = 1) {
    const queue = new BoundedQueue<Scan>(capacity);
    const drops: DropReason[] = [];
    const states: string[] = [];
    const reader = simulatedReader({ id: 'front', patient }, { clock });
    void reader.start({
      offer: (scan) => queue.offer(scan),
      room: () => queue.room(),
      dropped: (reason) => drops.push(reason),
      changed: (health) => states.push(health.state),
    });
    return { queue, drops, states, reader };
  }

  it('waits for room if it is patient', async () => {
    const { queue, drops, reader } = started(true);
    expect(await reader.feed('X1A')).toBe('taken');
    const waiting = reader.feed('X1B');
    expect((await queue.take())?.text).toBe('X1A');
    expect(await waiting).toBe('taken');
    expect([(await queue.take())?.text, drops]).toEqual(['X1B', []]);
  });

  it('drops and counts if it is not', async () => {
    const { drops, reader } = started(false);
    await reader.feed('X1A');
    expect(await reader.feed('X1B')).toBe('dropped');
    expect(drops).toEqual(['queue-full']);
  });

  it('can be unplugged, come back, and lose keys', async () => {
    const { drops, states, reader } = started(true, 4);
    reader.unplug();
    expect(await reader.feed('X1A')).toBe('unplugged');
    reader.plug();
    expect(await reader.feed('X1A')).toBe('taken');
    reader.damage('keys-lost');
    expect(await reader.feed('A'.repeat(513))).toBe('dropped');
    expect(states).toEqual(['ready', 'lost', 'ready']);
    expect(drops).toEqual(['keys-lost', 'too-long']);
  });
});

describe('a simulated door', () => {
  async function started(settings: Partial<SimulatedDoorSettings> = {}) {
    const door = simulatedDoor({ id: 'main', ...settings }, { clock });
    await door.start();
    const changes: InputChange[] = [];
    door.onInput((change) => changes.push(change));
    return { door, changes };
  }
  const switchings = (door: SimulatedDoor) => door.trace.map(({ on, at }) => [on, at - 500]);
  const moves = (changes: readonly InputChange[]) =>
    changes.map(({ input, active, at }) => [input, active, at - 500]);

  it('rests at start, opens for a pulse, and lets one person through', async () => {
    const { door, changes } = await started({ passage: true });
    expect([door.trace, door.health().relayOn]).toEqual([[], false]);
    expect(await door.open(receipt, 3_000)).toEqual({ ok: true });
    clock.advance(10_000);
    expect(switchings(door)).toEqual([
      [true, 0],
      [false, 3_000],
    ]);
    expect(moves(changes)).toEqual([
      ['contact', true, 400],
      ['passage', true, 900],
      ['passage', false, 1_500],
      ['contact', false, 1_500],
    ]);
    expect(door.orders).toEqual([{ receipt, order: 'open', pulseMs: 3_000, at: 500 }]);
  });

  it('lets two people through one after the other when a grant extends the pulse', async () => {
    const { door, changes } = await started();
    await door.open(receipt, 3_000);
    clock.advance(1_000);
    await door.open(receipt, 3_000);
    clock.advance(10_000);
    expect(switchings(door).at(-1)).toEqual([false, 4_000]);
    expect(changes.filter(({ active }) => active)).toHaveLength(2);
  });

  it('has no contact when none is wired', async () => {
    const { door, changes } = await started({ contact: false });
    await door.open(receipt, 1_000);
    clock.advance(5_000);
    expect([door.inputs(), changes]).toEqual([{}, []]);
  });

  it.each(['stuck', 'nobody-passes'] as const)(
    '%s: the relay switches, the door does not move',
    async (mode) => {
      const { door, changes } = await started({ mode });
      await door.open(receipt, 1_000);
      clock.advance(5_000);
      expect([door.trace.length, changes]).toEqual([2, []]);
    },
  );

  it('welded: it stays open after the pulse', async () => {
    const { door } = await started({ mode: 'welded' });
    await door.open(receipt, 1_000);
    clock.advance(60_000);
    expect([door.inputs().contact, door.health().relayOn]).toEqual([true, true]);
    expect(door.trace.map(({ on }) => on)).toEqual([true, false]);
  });

  it('relay-fault: the order fails and says so', async () => {
    const { door } = await started({ mode: 'relay-fault' });
    expect(await door.open(receipt, 1_000)).toMatchObject({ ok: false });
    expect([door.trace, door.health().ok]).toEqual([[], false]);
  });

  it('can be held, forced open by hand, and cut in the middle of a pulse', async () => {
    const { door, changes } = await started();
    await door.hold(receipt, true);
    clock.advance(200_000);
    expect(door.health().relayOn).toBe(true);
    await door.hold(receipt, false);
    door.move('contact', true);
    expect(changes.at(-1)).toMatchObject({ input: 'contact', active: true });
    await door.open(receipt, 10_000);
    door.cut();
    expect([door.health().relayOn, clock.timers]).toEqual([false, 0]);
    expect(await door.open(receipt, 10_000)).toMatchObject({ ok: false });
  });

  it('is never on in one piece for longer than the maximum', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 1, max: 90_000 }))),
        async (pulses) => {
          const { door } = await started();
          for (const [gapMs, pulseMs] of pulses) {
            clock.advance(gapMs);
            await door.open(receipt, pulseMs);
          }
          clock.advance(200_000);
          for (let at = 0; at < door.trace.length; at += 2) {
            const [on, off] = [door.trace[at], door.trace[at + 1]];
            expect([on?.on, off?.on]).toEqual([true, false]);
            expect((off?.at ?? 0) - (on?.at ?? 0)).toBeLessThanOrEqual(RELAY_ON_MAX_MS);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
