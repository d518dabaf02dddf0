import { afterEach, describe, expect, test } from 'vitest';
import {
  lowRandom,
  memoryLog,
  realClock,
  startTestBroker,
  type TestBroker,
  until,
} from '../../test/twins/broker.ts';
import { type DistrictTwin, districtTwin } from '../../test/twins/district.ts';
import {
  claimsOf,
  keyPair,
  memoryCursor,
  memoryInbox,
  memoryJournal,
  openTrust,
  quietVitals,
  signToken,
  testSigner,
  verifySignature,
} from '../../test/twins/gate.ts';
import {
  ACK_TYPE,
  alarmPayload,
  checkpointClaims,
  COMMAND_TYPE,
  statusPayload,
  usedTopic,
} from '../wire/index.ts';
import { createReport } from './index.ts';

const sister = keyPair();
const open: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

async function broker(): Promise<TestBroker> {
  const started = await startTestBroker();
  open.push({ stop: () => started.close() });
  return started;
}

function gate(url: string, more: { homeAssistant?: boolean } = {}) {
  const { privateKey, publicKeyHex } = keyPair();
  const journal = memoryJournal();
  const parts = {
    journal,
    cursor: memoryCursor(),
    inbox: memoryInbox(),
    vitals: quietVitals(),
    log: memoryLog(),
  };
  const trust = openTrust({ 'gate-2': sister.publicKeyHex });
  let draws = 0;
  const nextDraw = () => {
    draws += 1;
    return draws;
  };
  const report = createReport({
    ...parts,
    trust,
    settings: { url, protocolVersion: 4, ...more },
    district: 'd-1',
    gate: 'gate-1',
    community: 7,
    signer: testSigner(privateKey, publicKeyHex),
    verifySignature,
    clock: realClock,
    random: {
      bytes: (length) => (length === 16 ? new Uint8Array(16).fill(nextDraw()) : lowRandom.bytes(length)),
    },
  });
  open.push(report);
  return { ...parts, trust, report, publicKeyHex };
}

function district(url: string): DistrictTwin {
  const twin = districtTwin({ url, clientId: 'district', protocolVersion: 4 });
  open.push(twin.link);
  return twin;
}

async function together() {
  const wire = await broker();
  const centre = district(wire.url);
  await until(centre.ready, 'the district is there');
  const mine = gate(wire.url);
  mine.report.start();
  await until(() => mine.report.state().connected && statuses(centre).length > 0, 'the gate is there');
  return { wire, centre, mine };
}

const statuses = (centre: DistrictTwin) =>
  centre.messages
    .filter(({ channel }) => channel === 'status')
    .map(({ text }) => statusPayload.parse(JSON.parse(text)));
const texts = (centre: DistrictTwin, channel: string) =>
  centre.messages.filter((message) => message.channel === channel).map(({ text }) => text);
const session = (centre: DistrictTwin) => statuses(centre).at(-1)?.session;

describe('the journal', () => {
  test('goes out from the first row, in batches with a checkpoint of their last row, and the cursor follows the district', async () => {
    const { centre, mine } = await together();
    for (let row = 0; row < 450; row += 1) mine.journal.append();
    await until(() => mine.report.state().acked === 450, 'all rows acknowledged');
    expect([...centre.rows.keys()]).toEqual(Array.from({ length: 450 }, (_, at) => at + 1));
    expect(centre.received()).toBe(450);
    for (const batch of centre.batches) {
      expect(batch.rows.length).toBeLessThanOrEqual(200);
      const checkpoint = checkpointClaims.parse(claimsOf(batch.checkpoint));
      expect(checkpoint).toMatchObject({
        seq: batch.rows.at(-1)?.seq,
        hash: batch.rows.at(-1)?.hash,
        aud: 'gate-1',
      });
    }
    expect(mine.cursor.history.at(-1)?.seq).toBe(450);
  });

  test('N1: the broker’s own acknowledgement moves no cursor', async () => {
    const { centre, mine } = await together();
    centre.acknowledging = false;
    mine.journal.append();
    await until(() => centre.rows.size === 1, 'row stored');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(mine.report.state()).toMatchObject({ acked: 0, unsent: 1 });
    expect(mine.cursor.history).toEqual([]);
  });

  test('N1: an acknowledgement with another hash moves no cursor and raises an alarm', async () => {
    const { centre, mine } = await together();
    centre.acknowledging = false;
    mine.journal.append();
    const lie = { iss: 'd-1', aud: 'gate-1', iat: 1, journal: mine.journal.id, seq: 1, hash: 'f'.repeat(64) };
    await centre.send('ack', signToken(centre.key, ACK_TYPE, lie));
    await until(() => texts(centre, 'alarms').length === 1, 'alarm');
    expect(alarmPayload.parse(JSON.parse(texts(centre, 'alarms')[0] ?? '')).alarm).toBe('ack-mismatch');
    expect(mine.report.state().acked).toBe(0);
  });

  test('N1: a disk that cannot keep the cursor leaves it where it is, and ends nothing', async () => {
    const { centre, mine } = await together();
    const store = mine.cursor.store.bind(mine.cursor);
    mine.cursor.store = () => {
      throw new Error('the cursor could not be stored: no space left');
    };
    mine.journal.append();
    await until(() => mine.log.lines.some((line) => line.includes('could not be kept')), 'said in the log');
    expect(mine.report.state()).toMatchObject({ connected: true, acked: 0 });
    mine.cursor.store = store;
    const hash = mine.journal.head().hash;
    const again = { iss: 'd-1', aud: 'gate-1', iat: 1, journal: mine.journal.id, seq: 1, hash };
    await centre.send('ack', signToken(centre.key, ACK_TYPE, again));
    await until(() => mine.report.state().acked === 1, 'acknowledged');
  });

  test('N2: with the broker gone in the middle, nothing is lost and the district counts nothing twice', async () => {
    const { wire, centre, mine } = await together();
    for (let row = 0; row < 300; row += 1) mine.journal.append();
    await until(() => centre.rows.size > 0, 'the first batch came');
    await wire.pull();
    for (let row = 0; row < 300; row += 1) mine.journal.append();
    await until(() => !mine.report.state().connected, 'loss noticed');
    await wire.restore();
    await until(() => mine.report.state().acked === 600, 'all rows acknowledged');
    expect([...centre.rows.keys()].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 600 }, (_, at) => at + 1),
    );
    const seqs = mine.cursor.history.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  test('a gate that starts again goes on from its cursor', async () => {
    const wire = await broker();
    const centre = district(wire.url);
    await until(centre.ready, 'the district is there');
    const mine = gate(wire.url);
    const third = [1, 2, 3, 4, 5].map(() => mine.journal.append())[2];
    mine.cursor.store({ journal: mine.journal.id, seq: 3, hash: third?.hash ?? '' });
    const again = createReport({
      ...mine,
      settings: { url: wire.url, protocolVersion: 4 },
      district: 'd-1',
      gate: 'gate-1',
      community: 7,
      signer: testSigner(keyPair().privateKey, mine.publicKeyHex),
      verifySignature,
      clock: realClock,
      random: lowRandom,
    });
    open.push(again);
    again.start();
    await until(() => centre.rows.size === 2, 'the rest came');
    expect([...centre.rows.keys()]).toEqual([4, 5]);
  });

  test('asked again by a command, it sends again once that command has its row', async () => {
    const { centre, mine } = await together();
    for (let row = 0; row < 5; row += 1) mine.journal.append();
    await until(() => mine.report.state().acked === 5, 'all acknowledged');
    centre.rows.clear();
    const command = { nonce: session(centre), jti: 'again-1', verb: 'resend-from', from: 2 };
    await centre.send('commands', signToken(centre.key, COMMAND_TYPE, command));
    await until(() => mine.inbox.items.length === 1, 'the inbox has the command');
    expect(centre.rows.size).toBe(0);
    mine.journal.append({ decision: 'system', command: 'again-1', actor: 'operator-1' });
    await until(() => centre.rows.size === 5, 'rows 2 to 6 came');
    expect([...centre.rows.keys()]).toEqual([2, 3, 4, 5, 6]);
    expect(mine.report.state().acked).toBe(5);
    await until(() => texts(centre, 'replies').length === 1, 'replied');
    expect(JSON.parse(texts(centre, 'replies')[0] ?? '')).toMatchObject({
      jti: 'again-1',
      outcome: 'done',
      seq: 6,
    });
  });
});

describe('live', () => {
  test('tells each row once as it happens, and never what happened before', async () => {
    const wire = await broker();
    const centre = district(wire.url);
    await until(centre.ready, 'the district is there');
    const mine = gate(wire.url);
    mine.journal.append();
    mine.report.start();
    await until(() => mine.report.state().acked === 1, 'backlog sent');
    mine.journal.append();
    await until(() => mine.report.state().acked === 2, 'second row sent');
    const live = texts(centre, 'live').map((text) => JSON.parse(text) as { row: { seq: number } });
    expect(live.map(({ row }) => row.seq)).toEqual([2]);
  });

  test('a forced door is an alarm', async () => {
    const { centre, mine } = await together();
    mine.journal.append({ decision: 'door', door: 'forced', lane: 'main' });
    await until(() => texts(centre, 'alarms').length === 1, 'alarm');
    expect(JSON.parse(texts(centre, 'alarms')[0] ?? '')).toMatchObject({
      alarm: 'forced',
      lane: 'main',
      seq: 1,
    });
  });

  test('an alarm raised while the broker is away comes when it is back', async () => {
    const { wire, centre, mine } = await together();
    await wire.pull();
    await until(() => !mine.report.state().connected, 'loss noticed');
    mine.vitals.raise({ id: 'a-1', at: '2026-01-01T00:00:00.000Z', alarm: 'storage', cleared: false });
    await wire.restore();
    await until(() => texts(centre, 'alarms').length > 0, 'alarm');
    expect(JSON.parse(texts(centre, 'alarms')[0] ?? '')).toMatchObject({ id: 'a-1' });
  });
});

describe('status', () => {
  test('is retained, names a new session with every connection, and says offline when cut and when stopped', async () => {
    const { wire, centre, mine } = await together();
    const first = session(centre);
    await wire.pull();
    await until(() => !mine.report.state().connected, 'loss noticed');
    await wire.restore();
    await until(
      () => session(centre) !== first && statuses(centre).at(-1)?.state === 'online',
      'online again',
    );
    await mine.report.stop();
    await until(() => statuses(centre).at(-1)?.state === 'offline', 'offline');
    expect(statuses(centre).at(-1)?.ended).toBe('stopped');
    const late = district(wire.url);
    await until(() => statuses(late).length === 1, 'retained status');
    expect(late.messages.find(({ channel }) => channel === 'status')?.retained).toBe(true);
  });
});

describe('commands', () => {
  const command = (nonce: string | undefined) => ({ nonce, jti: 'j-1', verb: 'open' });

  test('with this session’s nonce enter the inbox', async () => {
    const { centre, mine } = await together();
    await centre.send('commands', signToken(centre.key, COMMAND_TYPE, command(session(centre))));
    await until(() => mine.inbox.items.length === 1, 'inbox');
    expect(mine.inbox.items[0]).toMatchObject({ type: 'command', jti: 'j-1', verb: 'open' });
  });

  test.each([
    ['of another session', 'nonce', 'e'.repeat(32)],
    ['that are no tokens', 'malformed', undefined],
  ])('%s are rejected as %s, which is an item of its own', async (_, why, nonce) => {
    const { centre, mine } = await together();
    await centre.send(
      'commands',
      nonce === undefined ? 'open the gate' : signToken(centre.key, COMMAND_TYPE, command(nonce)),
    );
    await until(() => mine.inbox.items.length === 1, 'inbox');
    expect(mine.inbox.items[0]).toMatchObject({ type: 'command-rejected', why });
  });

  test('R1: a retained command opens nothing, whatever it says', async () => {
    const { wire, centre, mine } = await together();
    await centre.send('commands', signToken(centre.key, COMMAND_TYPE, command(session(centre))), true);
    await until(() => mine.inbox.items.length === 1, 'the fresh one came');
    const second = gate(wire.url);
    second.report.start();
    await until(() => second.inbox.items.length === 1, 'inbox');
    expect(second.inbox.items).toEqual([{ type: 'command-rejected', why: 'retained' }]);
  });

  test('an answer goes to trust and not to the inbox', async () => {
    const { centre, mine } = await together();
    await until(() => texts(centre, 'requests').length > 0, 'asked for time');
    const { nonce } = JSON.parse(texts(centre, 'requests')[0] ?? '') as { nonce: string };
    await centre.send('commands', signToken(centre.key, 'menwei-time+jwt', { nonce }));
    await until(() => mine.trust.documents.length === 1, 'document');
    expect(mine.inbox.items).toEqual([]);
  });
});

describe('documents', () => {
  test('retained ones are taken in, one by one, or a list as a whole', async () => {
    const { centre, mine } = await together();
    const publish = (topic: string, payload: string) =>
      centre.link.publish({ topic: `menwei/1/d-1/trust/${topic}`, payload, qos: 1, retain: true });
    await publish('policy', '["aa.bb.cc","dd.ee.ff"]');
    await publish('keys', 'gg.hh.ii');
    await until(() => mine.trust.documents.length === 2, 'documents');
    expect([...mine.trust.documents].sort()).toEqual(['["aa.bb.cc","dd.ee.ff"]', 'gg.hh.ii']);
  });

  test('rubbish is logged and passed over', async () => {
    const { centre, mine } = await together();
    await centre.link.publish({ topic: 'menwei/1/d-1/trust/root', payload: '{"x"', qos: 1, retain: true });
    await until(() => mine.log.lines.some((line) => line.includes('could not be read')), 'logged');
    expect(mine.trust.documents).toEqual([]);
  });
});

describe('used codes', () => {
  const used = (gateName: string) => ({
    iss: 'd-1',
    aud: 7,
    gate: gateName,
    code: 'a'.repeat(64),
    direction: 'in',
    iat: 1,
  });

  test('are announced signed by the device key', async () => {
    const { centre, mine } = await together();
    await mine.report.announceUsed({ code: 'a'.repeat(64), direction: 'in', at: 1 });
    await until(() => texts(centre, 'used').length === 1, 'announced');
    expect(claimsOf(texts(centre, 'used')[0] ?? '')).toEqual(used('gate-1'));
  });

  test('are believed only from a gate of the policy and under its own key', async () => {
    const { centre, mine } = await together();
    const tell = (token: string) =>
      centre.link.publish({ topic: usedTopic('d-1', 7), payload: token, qos: 0, retain: false });
    await tell(signToken(keyPair().privateKey, 'menwei-used+jwt', used('gate-2')));
    await tell(signToken(sister.privateKey, 'menwei-used+jwt', used('gate-9')));
    await tell(signToken(sister.privateKey, 'menwei-used+jwt', { ...used('gate-2'), aud: 8 }));
    await tell(signToken(sister.privateKey, 'menwei-ack+jwt', used('gate-2')));
    await tell(signToken(sister.privateKey, 'menwei-used+jwt', used('gate-2')));
    await until(() => mine.inbox.items.length > 0, 'believed');
    expect(mine.inbox.items).toEqual([
      { type: 'used', code: 'a'.repeat(64), gate: 'gate-2', direction: 'in', at: 1 },
    ]);
    expect(mine.log.lines.filter((line) => line.includes('used code')).length).toBe(4);
  });
});

test('without a broker the gate stands alone, and says so', () => {
  const mine = gate('mqtt://127.0.0.1:1');
  mine.report.start();
  mine.journal.append();
  expect(mine.report.state()).toMatchObject({ connected: false, sistersOutOfReach: 1, unsent: 1 });
});

test.each([true, false])(
  'makes itself known to Home Assistant only where that is switched on: %s',
  async (homeAssistant) => {
    const wire = await broker();
    const known: string[] = [];
    wire.aedes().on('publish', ({ topic, retain }) => {
      if (topic.startsWith('homeassistant/') && retain) known.push(topic);
    });
    const mine = gate(wire.url, { homeAssistant });
    mine.report.start();
    await until(() => mine.report.state().connected, 'connected');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(known.includes('homeassistant/event/menwei-d-1-gate-1/entry/config')).toBe(homeAssistant);
  },
);
