import { expect, test } from 'vitest';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { ROUND_REST_MS_MAX } from '../limits.ts';
import { ChangeRounds, type Round } from './change-rounds.ts';

function openRounds(costMs: number, work: (round: Round) => void = () => undefined) {
  const clock = new SteppedClock();
  const rounds: string[] = [];
  const opened = new ChangeRounds({
    communities: [1, 2, 3],
    clock,
    work: async (round) => {
      clock.step(costMs);
      rounds.push([...round].map(([id, what]) => `${id} ${[...what].sort().join('+')}`).join(', '));
      work(round);
    },
  });
  return { clock, rounds, opened };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the first change goes at once; those that come in the rest after it go together, each told when it is out', async () => {
  const { clock, rounds, opened } = openRounds(200);
  await opened.ask({ what: 'people', communities: [2] });
  expect(rounds).toEqual(['2 people']);
  let out = 0;
  const all = [1, 2, 2].map((id) => opened.ask({ what: 'people', communities: [id] }).then(() => (out += 1)));
  all.push(opened.ask({ what: 'gates', communities: [2] }).then(() => (out += 1)));
  await turn();
  clock.step(199);
  await turn();
  expect([rounds.length, out]).toEqual([1, 0]);
  clock.step(1);
  await Promise.all(all);
  expect(rounds).toEqual(['2 people', '1 people, 2 gates+people']);
});

test('a change that says nothing of itself is a change of everything', async () => {
  const { rounds, opened } = openRounds(0);
  await opened.ask();
  await opened.ask({ what: 'gates' });
  expect(rounds).toEqual([
    '1 gates+people+rules, 2 gates+people+rules, 3 gates+people+rules',
    '1 gates, 2 gates, 3 gates',
  ]);
});

test('the rest is bounded, and an end cuts it: what waits goes out', async () => {
  const { clock, rounds, opened } = openRounds(60_000);
  await opened.ask({ what: 'people', communities: [1] });
  const second = opened.ask({ what: 'people', communities: [2] });
  await turn();
  clock.step(ROUND_REST_MS_MAX);
  await second;
  const third = opened.ask({ what: 'people', communities: [3] });
  await turn();
  expect(rounds).toHaveLength(2);
  await opened.stop();
  await third;
  expect(rounds).toEqual(['1 people', '2 people', '3 people']);
});

test('a round that fails is told to those who asked for it, and the next one goes on', async () => {
  const { rounds, opened } = openRounds(0, (round) => {
    if (round.has(1)) throw new Error('the database is away');
  });
  await expect(opened.ask({ what: 'people', communities: [1] })).rejects.toThrow('away');
  await opened.ask({ what: 'people', communities: [2] });
  expect(rounds).toEqual(['1 people', '2 people']);
});
