import type { KeyObject } from 'node:crypto';
import { createLink, type Incoming, type Link, type LinkSettings } from '../../src/link/index.ts';
import {
  ACK_TYPE,
  type EntriesPayload,
  entriesPayload,
  gateTopic,
  parseTopic,
  type SentRow,
} from '../../src/wire/index.ts';
import { lowRandom, memoryLog, realClock } from './broker.ts';
import { keyPair, signToken } from './gate.ts';

/** A district that only stores and acknowledges. It keeps every message, and each row once by its sequence number. */
export interface DistrictTwin {
  readonly link: Link;
  readonly rows: Map<number, SentRow>;
  /** Rows that came, repetitions counted. */
  readonly received: () => number;
  readonly messages: { channel: string; retained: boolean; text: string }[];
  readonly batches: EntriesPayload[];
  acknowledging: boolean;
  ready: () => boolean;
  send(channel: 'commands' | 'ack', token: string, retain?: boolean): Promise<unknown>;
  readonly key: KeyObject;
}

export function districtTwin(settings: LinkSettings, gate = 'gate-1'): DistrictTwin {
  const { privateKey } = keyPair();
  let connected = false;
  let received = 0;
  const link = createLink({
    settings,
    subscriptions: [
      { topic: `menwei/1/d-1/gates/${gate}/+`, qos: 1 },
      { topic: 'menwei/1/d-1/communities/7/used', qos: 0 },
    ],
    onConnect: () => {
      connected = true;
      acknowledge();
    },
    onDisconnect: () => {
      connected = false;
    },
    onMessage: (message) => hear(message),
    clock: realClock,
    random: lowRandom,
    log: memoryLog(),
  });
  const twin: DistrictTwin = {
    link,
    rows: new Map(),
    messages: [],
    batches: [],
    received: () => received,
    acknowledging: true,
    ready: () => connected,
    send: (channel, payload, retain = channel === 'ack') =>
      link.publish({ topic: gateTopic('d-1', gate, channel), payload, qos: 1, retain }),
    key: privateKey,
  };
  link.start();
  return twin;

  function hear({ topic: text, payload, retained }: Incoming): void {
    const topic = parseTopic(text);
    if (topic === undefined) return;
    const channel = topic.scope === 'gate' ? topic.channel : topic.scope;
    twin.messages.push({ channel, retained, text: Buffer.from(payload).toString() });
    if (channel === 'entries') store(entriesPayload.parse(JSON.parse(Buffer.from(payload).toString())));
  }

  function store(batch: EntriesPayload): void {
    twin.batches.push(batch);
    received += batch.rows.length;
    for (const row of batch.rows) twin.rows.set(row.seq, row);
    acknowledge();
  }

  /** As a real one does: after each batch, and whenever it comes back. */
  function acknowledge(): void {
    let seq = 0;
    while (twin.rows.has(seq + 1)) seq += 1;
    const [hash, journal] = [twin.rows.get(seq)?.hash, twin.batches[0]?.journal];
    if (!twin.acknowledging || hash === undefined) return;
    void twin.send(
      'ack',
      signToken(privateKey, ACK_TYPE, { iss: 'd-1', aud: gate, iat: 1, journal, seq, hash }),
    );
  }
}
