import { describe, expect, test } from 'vitest';
import { realClock } from '../../../test/twins/broker.ts';
import { type FairLimits, FairQueue } from './fair-queue.ts';

const LIMITS: FairLimits = {
  atOnce: 2,
  waitingMax: 10,
  waitingBytesMax: 1_000,
  gateWaitingMax: 6,
  gateBytesMax: 400,
  gatePerSecond: 1_000,
  gateBytesPerSecond: 1_000_000,
  burstMs: 1_000,
};

/** Work that ends when the test says so. */
function queueOf(limits: Partial<FairLimits> = {}) {
  const running: { name: string; end: () => void; fail: () => void }[] = [];
  const [done, faults]: [string[], string[]] = [[], []];
  const queue = new FairQueue<string>({
    clock: realClock,
    limits: { ...LIMITS, ...limits },
    work: (gate, item) =>
      new Promise((resolve, reject) => {
        const name = `${gate}${item}`;
        const end = () => {
          done.push(name);
          resolve();
        };
        running.push({ name, end, fail: () => reject(new Error(name)) });
      }),
    onFault: (gate) => void faults.push(gate),
  });
  const endNext = async () => {
    running.shift()?.end();
    await new Promise(setImmediate);
  };
  return { queue, running, done, faults, endNext, names: () => running.map(({ name }) => name) };
}

describe('the queue of gates', () => {
  test('a gate that sends much is worked for in turn with one that sends little', async () => {
    const { queue, endNext, done } = queueOf({ atOnce: 1 });
    for (const item of ['1', '2', '3', '4']) queue.offer('a', item, 1);
    queue.offer('b', '1', 1);
    for (let at = 0; at < 5; at += 1) await endNext();
    expect(done).toEqual(['a1', 'b1', 'a2', 'a3', 'a4']);
  });

  test('of one gate, one message at a time and in order; of several, so many beside each other', async () => {
    const { queue, names, endNext } = queueOf();
    for (const item of ['1', '2']) for (const gate of ['a', 'b', 'c']) queue.offer(gate, item, 1);
    expect(names()).toEqual(['a1', 'b1']);
    await endNext();
    expect(names()).toEqual(['b1', 'c1']);
    await endNext();
    expect(names()).toEqual(['c1', 'a2']);
  });

  test('a gate whose work never ends holds up itself alone', async () => {
    const { queue, running, done } = queueOf();
    queue.offer('slow', '1', 1);
    for (const item of ['1', '2', '3']) queue.offer('quick', item, 1);
    for (let at = 0; at < 3; at += 1) {
      running.splice(1, 1)[0]?.end();
      await new Promise(setImmediate);
    }
    expect(done).toEqual(['quick1', 'quick2', 'quick3']);
    expect(queue.waiting).toBe(1);
  });

  test.each([
    ['messages, one of them in hand', { bytes: 1 }, 7],
    ['bytes', { bytes: 100 }, 4],
  ])('a gate may have so many %s here: limit − 1, limit, limit + 1', (_, { bytes }, limit) => {
    const { queue } = queueOf();
    for (let at = 1; at < limit; at += 1) expect(queue.offer('a', '', bytes)).toBe('taken');
    expect(queue.offer('a', '', bytes)).toBe('taken');
    expect(queue.offer('a', '', bytes)).toBe('gate-full');
    expect(queue.offer('b', '', bytes)).toBe('taken');
  });

  test('all together may have so many here, and a place is told of', async () => {
    const { queue, endNext } = queueOf({ gateWaitingMax: 1 });
    for (let at = 0; at < 10; at += 1) expect(queue.offer(`gate-${at}`, '', 1)).toBe('taken');
    expect(queue.offer('late', '', 1)).toBe('full');
    let told = false;
    const room = queue.room(10_000).then(() => {
      told = true;
    });
    await new Promise(setImmediate);
    expect(told).toBe(false);
    await endNext();
    await room;
    expect(queue.offer('late', '', 1)).toBe('taken');
  });

  test('when no place comes, the wait ends', async () => {
    const { queue } = queueOf({ waitingMax: 1 });
    queue.offer('a', '', 1);
    await queue.room(5);
    expect(queue.isFull).toBe(true);
  });

  test('a gate beyond its rate is taken later, in order, and nothing of it is dropped; others go on', async () => {
    const { queue, running, names } = queueOf({ atOnce: 1, gatePerSecond: 20, burstMs: 60 });
    for (const item of ['1', '2', '3', '4']) expect(queue.offer('a', item, 1)).toBe('taken');
    const begin = performance.now();
    const seen: string[] = [];
    while (seen.length < 5) {
      if (seen.length === 2 && !seen.includes('b1')) queue.offer('b', '1', 1);
      const [next] = names();
      if (next !== undefined) seen.push(next);
      running.shift()?.end();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(seen.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(seen.indexOf('b1')).toBeLessThan(4);
    // Four at 20 a second, 60 ms ahead: the fourth not before 90 ms.
    expect(performance.now() - begin).toBeGreaterThanOrEqual(85);
  });

  test('a fault is told, and the gate’s next message is worked on', async () => {
    const { queue, running, faults, names } = queueOf();
    queue.offer('a', '1', 1);
    queue.offer('a', '2', 1);
    running.shift()?.fail();
    await new Promise(setImmediate);
    expect(faults).toEqual(['a']);
    expect(names()).toEqual(['a2']);
  });

  test('stopped, it waits for the work in hand and forgets the rest', async () => {
    const { queue, endNext, running, done } = queueOf();
    for (const item of ['1', '2']) queue.offer('a', item, 1);
    let stopped = false;
    const stop = queue.stop().then(() => {
      stopped = true;
    });
    await new Promise(setImmediate);
    expect(stopped).toBe(false);
    await endNext();
    await stop;
    expect(done).toEqual(['a1']);
    expect(running).toEqual([]);
    expect(queue.offer('a', '3', 1)).toBe('full');
  });
});
