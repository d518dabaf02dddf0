import { describe, expect, test } from 'vitest';
import { Together } from './together.ts';

/** Work that goes together: who comes meanwhile, in what order, and who suffers for whose fault. */

function together(options: { atOnce?: number; most?: number } = {}) {
  const groups: number[][] = [];
  const ends: (() => void)[] = [];
  const made = new Together<number, string>({
    atOnce: options.atOnce ?? 1,
    fits: ({ length }) => Math.min(length, options.most ?? 100),
    work: async (tasks) => {
      groups.push([...tasks]);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (tasks.includes(13)) throw new Error('thirteen');
      return tasks.map((task) => `done ${task}`);
    },
  });
  const goOn = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { made, groups, goOn };
}

describe('what goes together', () => {
  test('the first begins at once; what comes meanwhile is one group, in its order', async () => {
    const { made, groups, goOn } = together();
    const done = Promise.all([1, 2, 3, 4].map((task) => made.put(task)));
    expect(groups).toEqual([[1]]);
    await goOn();
    expect(groups).toEqual([[1], [2, 3, 4]]);
    await goOn();
    expect(await done).toEqual(['done 1', 'done 2', 'done 3', 'done 4']);
  });

  test('no group is larger than fits, and no more run at once than may', async () => {
    const { made, groups, goOn } = together({ atOnce: 2, most: 2 });
    const done = Promise.all([1, 2, 3, 4, 5, 6].map((task) => made.put(task)));
    expect(groups).toEqual([[1], [2]]);
    for (let end = 0; end < 4; end += 1) await goOn();
    expect(groups).toEqual([[1], [2], [3, 4], [5, 6]]);
    expect(await done).toHaveLength(6);
  });

  test('of a group that fails, each is tried alone: only the one at fault is told so', async () => {
    const { made, groups, goOn } = together();
    const done = Promise.allSettled([1, 12, 13, 14].map((task) => made.put(task)));
    for (let end = 0; end < 5; end += 1) await goOn();
    expect(groups).toEqual([[1], [12, 13, 14], [12], [13], [14]]);
    expect((await done).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });
});
