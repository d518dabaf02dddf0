import { expect, test } from 'vitest';
import { PassBook } from './pass-book.ts';

const pass = (host: number) => ({ host, community: 7, from: 0, minutes: 60, uses: 1 });

/** A registry whose disk answers when it is told to. */
function slowRegistry() {
  const batches: { hosts: number[]; done: (fault?: Error) => void }[] = [];
  let next = 0;
  const registry = {
    addPasses: (passes: readonly { readonly host: number }[]) =>
      new Promise<number[]>((resolve, reject) => {
        const done = (fault?: Error) => {
          if (fault !== undefined) return reject(fault);
          next += passes.length;
          resolve(passes.map((_, at) => next - passes.length + at));
        };
        batches.push({ hosts: passes.map(({ host }) => host), done });
      }),
  };
  return { registry, batches };
}

test('the first goes at once, those that come meanwhile go together, each gets its own number', async () => {
  const { registry, batches } = slowRegistry();
  const book = new PassBook(registry);
  const all = [1, 2, 3, 4].map((host) => book.enter(pass(host)));
  expect(batches.map(({ hosts }) => hosts)).toEqual([[1]]);
  batches[0]?.done();
  await all[0];
  await new Promise((resolve) => setImmediate(resolve));
  expect(batches.map(({ hosts }) => hosts)).toEqual([[1], [2, 3, 4]]);
  batches[1]?.done();
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
});

test('a disk that fails is told to those who waited for it, and to nobody after', async () => {
  const { registry, batches } = slowRegistry();
  const book = new PassBook(registry);
  const first = book.enter(pass(1));
  batches[0]?.done(new Error('disk full'));
  await expect(first).rejects.toThrow('disk full');
  const second = book.enter(pass(2));
  await new Promise((resolve) => setImmediate(resolve));
  batches[1]?.done();
  expect(await second).toBe(0);
});
