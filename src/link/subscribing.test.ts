import { afterEach, describe, expect, test } from 'vitest';
import { createLink, type Link } from './index.ts';
import {
  lowRandom,
  memoryLog,
  realClock,
  startTestBroker,
  type TestBroker,
  until,
} from '../../test/twins/broker.ts';

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A broker that refuses a topic by its SUBACK as often as told, as a node of a cluster in election does. */
async function moody(refusals: Record<string, number>) {
  const left = new Map(Object.entries(refusals));
  const seen = { sessions: 0, asked: [] as string[] };
  const broker: TestBroker = await startTestBroker({
    preConnect: (_client, _packet, done) => {
      seen.sessions += 1;
      done(null, true);
    },
    authorizeSubscribe: (_client, subscription, done) => {
      seen.asked.push(subscription.topic);
      const times = left.get(subscription.topic) ?? 0;
      left.set(subscription.topic, times - 1);
      done(null, times > 0 ? null : subscription);
    },
  });
  ends.push(() => broker.close());
  return { url: broker.url, seen };
}

function link(url: string, topics: readonly string[]) {
  const heard: string[] = [];
  const log = memoryLog();
  let connects = 0;
  const made: Link = createLink({
    settings: { url, clientId: 'subscriber', protocolVersion: 4 },
    subscriptions: topics.map((topic) => ({ topic, qos: 1 })),
    onConnect: () => {
      connects += 1;
    },
    onDisconnect: () => undefined,
    onMessage: ({ topic }) => void heard.push(topic),
    clock: realClock,
    random: lowRandom,
    log,
  });
  ends.push(() => made.stop());
  made.start();
  return { link: made, heard, log, connects: () => connects };
}

const message = (topic: string) => ({ topic, payload: 'x', qos: 1, retain: false }) as const;
const ALWAYS = Number.POSITIVE_INFINITY;

describe('subscriptions of a link', () => {
  test('a refused one is asked for again in the same session, those granted are not, and it is deaf on none', async () => {
    const { url, seen } = await moody({ late: 2 });
    const { link: mine, heard, connects } = link(url, ['early', 'late']);
    await until(() => connects() === 1, 'in session');
    expect(seen).toEqual({ sessions: 1, asked: ['early', 'late', 'late', 'late'] });
    await mine.publish(message('late'));
    await until(() => heard.includes('late'), 'heard what was refused at first');
  });

  test('a broker that grants some each time is asked until it has granted all', async () => {
    const { url, seen } = await moody({ a: 1, b: 2, c: 3, d: 4 });
    const { connects } = link(url, ['a', 'b', 'c', 'd']);
    await until(() => connects() === 1, 'in session');
    expect(seen.sessions).toBe(1);
  });

  test('one that stays refused ends the connection; no session is told of meanwhile', async () => {
    const { url, seen } = await moody({ never: ALWAYS });
    const { connects, log } = link(url, ['early', 'never']);
    await until(() => seen.sessions >= 2, 'another connection');
    expect(connects()).toBe(0);
    expect(log.lines.join()).toContain('not every subscription was granted');
  });

  test('one that is wanted later and stays refused ends the connection too: the next begins with all', async () => {
    const { url, seen } = await moody({ never: ALWAYS });
    const { link: mine, connects } = link(url, ['early']);
    await until(() => connects() === 1, 'in session');
    await expect(mine.subscribe([{ topic: 'never', qos: 1 }])).rejects.toThrow();
    await until(() => connects() === 2, 'another session');
    expect(seen.sessions).toBe(2);
  });

  test('many topics go in several packets, each topic once', async () => {
    const { url, seen } = await moody({});
    const topics = Array.from({ length: 20 }, (_, at) => `t/${at}`);
    const { connects } = link(url, [...topics, 't/0']);
    await until(() => connects() === 1, 'in session');
    expect(seen.asked).toEqual(topics);
  });
});
