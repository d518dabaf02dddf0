import { expect, test } from 'vitest';
import { Window } from './window.ts';

function tasks(window: Window) {
  const ends: (() => void)[] = [];
  const begin = () => window.run(() => new Promise<'done'>((resolve) => ends.push(() => resolve('done'))));
  return { ends, begin };
}

test('no more than its size run at once, and they begin in order', async () => {
  const window = new Window({ size: 2, waitingMax: 8 });
  const { ends, begin } = tasks(window);
  const outcomes = [begin(), begin(), begin()];
  expect(window.running).toBe(2);
  ends[0]?.();
  await outcomes[0];
  await new Promise(setImmediate);
  expect(ends.length).toBe(3);
  ends[1]?.();
  ends[2]?.();
  expect(await Promise.all(outcomes)).toEqual(['done', 'done', 'done']);
});

test('the place after the last waiting one is full', async () => {
  const window = new Window({ size: 1, waitingMax: 1 });
  const { begin } = tasks(window);
  void begin();
  void begin();
  expect(await begin()).toBe('full');
});

test('closed, it tells everybody that theirs is lost', async () => {
  const window = new Window({ size: 1, waitingMax: 4 });
  const { begin } = tasks(window);
  const outcomes = [begin(), begin()];
  window.close();
  expect(await Promise.all(outcomes)).toEqual(['lost', 'lost']);
  expect(await begin()).toBe('lost');
});
