import { afterEach, describe, expect, test } from 'vitest';
import { createLink, type Incoming, type Link, type LinkOptions, type Outgoing } from './index.ts';
import {
  lowRandom,
  memoryLog,
  realClock,
  startTestBroker,
  type TestBroker,
  until,
} from '../../test/twins/broker.ts';

const open: { links: Link[]; brokers: TestBroker[] } = { links: [], brokers: [] };

afterEach(async () => {
  for (const link of open.links.splice(0)) await link.stop();
  for (const broker of open.brokers.splice(0)) await broker.close();
});

async function broker(...options: Parameters<typeof startTestBroker>): Promise<TestBroker> {
  const started = await startTestBroker(...options);
  open.brokers.push(started);
  return started;
}

function link(url: string, more: Partial<LinkOptions> = {}) {
  const seen = { messages: [] as Incoming[], connects: 0, disconnects: 0, log: memoryLog() };
  const made = createLink({
    settings: { url, clientId: `test-${open.links.length}`, protocolVersion: 4 },
    subscriptions: [{ topic: 'to-me', qos: 1 }],
    onConnect: () => {
      seen.connects += 1;
    },
    onDisconnect: () => {
      seen.disconnects += 1;
    },
    onMessage: (message) => void seen.messages.push(message),
    clock: realClock,
    random: lowRandom,
    log: seen.log,
    ...more,
  });
  open.links.push(made);
  made.start();
  return { link: made, seen };
}

const message = (more: Partial<Outgoing> = {}): Outgoing => ({
  topic: 'to-me',
  payload: 'x',
  qos: 1,
  retain: false,
  ...more,
});

describe('a link', () => {
  test('delivers, and hears what it subscribed to', async () => {
    const { link: mine, seen } = link((await broker()).url);
    await until(() => seen.connects === 1, 'connected');
    expect(await mine.publish(message())).toBe('delivered');
    await until(() => seen.messages.length === 1, 'message heard');
    expect(seen.messages[0]?.retained).toBe(false);
  });

  test('tells a retained message from a fresh one', async () => {
    const { url } = await broker();
    const first = link(url);
    await until(() => first.seen.connects === 1, 'connected');
    await first.link.publish(message({ retain: true }));
    const second = link(url);
    await until(() => second.seen.messages.length === 1, 'retained heard');
    expect(second.seen.messages[0]?.retained).toBe(true);
    expect(first.seen.messages[0]?.retained).toBe(false);
  });

  test('comes back by itself after the broker went away, as a new session', async () => {
    const pulled = await broker();
    const { link: mine, seen } = link(pulled.url);
    await until(() => seen.connects === 1, 'connected');
    await pulled.pull();
    await until(() => seen.disconnects === 1, 'loss noticed');
    expect(await mine.publish(message())).toBe('lost');
    await pulled.restore();
    await until(() => seen.connects === 2, 'connected again');
    expect(seen.messages).toEqual([]);
  });

  test('tells a message in flight as lost when the connection goes', async () => {
    const silent = await broker({ authorizePublish: () => undefined });
    const { link: mine, seen } = link(silent.url);
    await until(() => seen.connects === 1, 'connected');
    const outcome = mine.publish(message());
    await silent.pull();
    expect(await outcome).toBe('lost');
  });

  test('leaves a will that the broker publishes when the connection is cut, and none after a clean stop', async () => {
    const { url, aedes } = await broker();
    const watcher = link(url);
    const will = () => message({ payload: 'gone' });
    const cut = link(url, { will, settings: { url, clientId: 'cut', protocolVersion: 4 } });
    const clean = link(url, { will, settings: { url, clientId: 'clean', protocolVersion: 4 } });
    await until(
      () => cut.seen.connects === 1 && clean.seen.connects === 1 && watcher.seen.connects === 1,
      'connected',
    );
    await clean.link.stop(message({ payload: 'farewell' }));
    await until(() => watcher.seen.messages.length === 1, 'farewell heard');
    await until(() => aedes().connectedClients === 2, 'the clean one has left');
    cut.link.renew();
    await until(() => watcher.seen.messages.length >= 2, 'will heard');
    const texts = watcher.seen.messages.map(({ payload }) => Buffer.from(payload).toString());
    expect(texts).toEqual(['farewell', 'gone']);
  });

  test('goes to the next node of a cluster when one is gone, and comes back to the first after the last', async () => {
    const [first, second] = [await broker(), await broker()];
    const settings = {
      url: 'mqtt://127.0.0.1:1',
      otherUrls: [first.url, second.url],
      clientId: 'wanderer',
      protocolVersion: 4 as const,
    };
    link('', { settings });
    await until(() => first.aedes().connectedClients === 1, 'the dead node is passed over');
    await first.pull();
    await until(() => second.aedes().connectedClients === 1, 'the next node is found');
    await first.restore();
    await second.pull();
    await until(() => first.aedes().connectedClients === 1, 'the first living node again, past the dead one');
  });

  test('keeps trying while there is no broker, and stops when told', async () => {
    const { link: mine, seen } = link('mqtt://127.0.0.1:1');
    await until(() => seen.log.lines.length >= 2, 'two failed tries');
    await mine.stop();
    expect(seen.connects).toBe(0);
  });
});
