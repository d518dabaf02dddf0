import { type MonotonicMs, type Result, unixSeconds } from '../../base/index.ts';
import { signAck } from '../../issue/index.ts';
import { createLink, type Incoming, type Link, type LinkSettings } from '../../link/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import {
  alarmPayload,
  allGatesFilter,
  COMMAND_LIFE_MAX_SECONDS,
  GATE_CHANNEL_RULES,
  type GateChannel,
  gateTopic,
  healthPayload,
  livePayload,
  parseTopic,
  replyPayload,
  requestPayload,
  statusPayload,
  TRUST_CHANNEL_RULE,
  type TrustChannel,
  trustTopic,
} from '../../wire/index.ts';
import type { Database, Gate } from '../database/database.ts';
import type { Feed } from '../server/feed.ts';
import { insertAlarms } from '../ingest/alarms.ts';
import type { Ingest, Ingested } from '../ingest/ingest.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { FEED_ROWS_MAX, INCOMING_WAITING_MAX, MESSAGE_BYTES_MAX, RESEND_PAUSE_MS } from '../limits.ts';
import type { GateLife } from './life.ts';
import type { Publisher } from '../publishing/publisher.ts';
import type { Registry } from '../registry/registry.ts';

/**
 * The district's end of docs/mqtt.md: what gates send is stored, then acknowledged; what they ask is answered. A message
 * of a gate that is not enrolled is passed over.
 */
export interface CentreOptions {
  readonly district: string;
  readonly settings: Omit<LinkSettings, 'clientId'>;
  readonly database: Database;
  readonly registry: Registry;
  readonly ingest: Ingest;
  readonly keys: KeyRing;
  readonly feed: Feed;
  readonly publisher: () => Publisher;
  /** A gate's next certificate, as a token for its `commands`. */
  readonly certificateFor: (gate: string, request: string) => Promise<Result<string, string>>;
  readonly life: () => GateLife;
  /** Orders a gate to send again from that row. */
  readonly askAgain: (gate: string, from: number) => Promise<unknown>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const HEARD: readonly GateChannel[] = [
  'status',
  'entries',
  'live',
  'alarms',
  'health',
  'replies',
  'requests',
];

export class Centre {
  readonly #options: CentreOptions;
  readonly #link: Link;
  readonly #asked = new Map<string, { readonly at: MonotonicMs; readonly from: number }>();
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: CentreOptions) {
    const { district, settings, clock, random, log } = options;
    this.#options = options;
    this.#link = createLink({
      settings: { ...settings, clientId: `menwei-${district}-centre` },
      subscriptions: HEARD.map((channel) => ({
        topic: allGatesFilter(district, channel),
        qos: GATE_CHANNEL_RULES[channel].qos,
      })),
      onConnect: () => void this.#connected(),
      onDisconnect: () => undefined,
      onMessage: (message) => this.#heard(message),
      clock,
      random,
      log,
    });
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  start(): void {
    this.#link.start();
  }

  async stop(): Promise<void> {
    await this.#link.stop();
    await this.#tail;
  }

  async publishTrust(channel: TrustChannel, payload: string): Promise<void> {
    const { qos, retain } = TRUST_CHANNEL_RULE;
    await this.#link.publish({ topic: trustTopic(this.#options.district, channel), payload, qos, retain });
  }

  async publishRoster(gate: string, payload: string): Promise<void> {
    await this.#publish(gate, 'roster', payload);
  }

  async sendCommand(gate: string, token: string): Promise<boolean> {
    return (await this.#publish(gate, 'commands', token)) === 'delivered';
  }

  async #connected(): Promise<void> {
    try {
      await this.#options.publisher().publishAll();
      await this.#acknowledgeAll();
    } catch (fault) {
      this.#options.log.error({ fault: nameOf(fault) }, 'the documents could not be published');
    }
  }

  #heard({ topic: text, payload, retained }: Incoming): void {
    const topic = parseTopic(text);
    if (topic?.scope !== 'gate' || payload.length === 0) return;
    const { log } = this.#options;
    if (payload.length > MESSAGE_BYTES_MAX) return log.warn({ gate: topic.gate }, 'a message is too large');
    if (this.#waiting >= INCOMING_WAITING_MAX)
      return log.warn({ gate: topic.gate }, 'a message was dropped: too many wait');
    this.#waiting += 1;
    const work = () => this.#handle({ gateId: topic.gate, channel: topic.channel, payload, retained });
    this.#tail = this.#tail
      .then(work)
      .catch((fault: unknown) =>
        log.error(
          { gate: topic.gate, channel: topic.channel, fault: nameOf(fault) },
          'a message could not be handled',
        ),
      )
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #handle(message: {
    gateId: string;
    channel: GateChannel;
    payload: Uint8Array;
    retained: boolean;
  }): Promise<void> {
    const { registry, log } = this.#options;
    const gate = await registry.gate(message.gateId);
    if (gate === undefined)
      return log.warn({ gate: message.gateId }, 'a gate that is not enrolled was heard');
    if (!(await this.#options.life().isHeard(gate))) return;
    if (message.channel === 'entries') return this.#entries(gate, message.payload);
    if (message.retained && message.channel !== 'status') return;
    const body: unknown = JSON.parse(Buffer.from(message.payload).toString('utf8'));
    return this.#tell(gate, message.channel, body);
  }

  async #tell(gate: Gate, channel: GateChannel, body: unknown): Promise<void> {
    const { feed, registry, database, clock } = this.#options;
    switch (channel) {
      case 'status': {
        const status = statusPayload.parse(body);
        await registry.saw(gate.id, JSON.stringify(status));
        return feed.tell({ type: 'status', gate: gate.id, data: status });
      }
      case 'alarms': {
        const alarm = alarmPayload.parse(body);
        await insertAlarms(database, { gate: gate.id, alarms: [alarm], now: clock.wall() });
        return feed.tell({ type: 'alarm', gate: gate.id, data: alarm });
      }
      case 'health':
        await registry.saw(gate.id);
        return feed.tell({ type: 'health', gate: gate.id, data: healthPayload.parse(body) });
      case 'live':
        return feed.tell({ type: 'live', gate: gate.id, data: livePayload.parse(body) });
      case 'replies':
        return feed.tell({ type: 'reply', gate: gate.id, data: replyPayload.parse(body) });
      case 'requests':
        return this.#answer(gate, body);
      default:
    }
  }

  async #entries(gate: Gate, payload: Uint8Array): Promise<void> {
    const { ingest, feed, log } = this.#options;
    const taken = await ingest.take(gate, payload);
    if (!taken.ok) {
      log.error({ gate: gate.id, why: taken.error }, 'a batch of entries was not believed');
      return this.#options.life().unbelieved(gate.id, payload);
    }
    const { value } = taken;
    if (value.forked.length > 0)
      log.error({ gate: gate.id, rows: value.forked.length }, 'a gate said two things under one number');
    for (const data of value.tampering) {
      log.error({ gate: gate.id, row: data.seq, detail: data.detail }, 'a journal was tampered with');
      feed.tell({ type: 'alarm', gate: gate.id, data });
    }
    if (value.seq > 0) await this.#acknowledge(gate.id, value);
    feed.tell({
      type: 'stored',
      gate: gate.id,
      data: { journal: value.journal, seq: value.seq, rows: value.fresh.slice(-FEED_ROWS_MAX) },
    });
    if (value.missingFrom !== undefined) await this.#askAgain(gate.id, value.missingFrom);
  }

  async #acknowledge(
    gate: string,
    { journal, seq, hash }: Pick<Ingested, 'journal' | 'seq' | 'hash'>,
  ): Promise<void> {
    const { district, keys, clock, feed } = this.#options;
    const claims = { iss: district, aud: gate, iat: unixSeconds(clock.wall()), journal, seq, hash };
    await this.#publish(gate, 'ack', await signAck(keys.signers.ack, claims));
    feed.tell({ type: 'ack', gate, data: { journal, seq } });
  }

  /** A broker that lost its memory has lost the acknowledgements too. */
  async #acknowledgeAll(): Promise<void> {
    const streams = await this.#options.database
      .selectFrom('stream')
      .selectAll()
      .orderBy('updated_at')
      .execute();
    const newest = new Map(streams.map((stream) => [stream.gate, stream]));
    for (const [gate, stream] of newest) await this.#acknowledge(gate, stream);
  }

  async #askAgain(gate: string, from: number): Promise<void> {
    const { clock, log, askAgain } = this.#options;
    const now = clock.monotonic();
    const before = this.#asked.get(gate);
    // One that reaches further back is another question.
    if (before !== undefined && now - before.at < RESEND_PAUSE_MS && from >= before.from) return;
    this.#asked.set(gate, { at: now, from });
    log.warn({ gate, from }, 'rows are missing: asking the gate again');
    await askAgain(gate, from);
  }

  async #answer(gate: Gate, body: unknown): Promise<void> {
    const request = requestPayload.parse(body);
    const { publisher, log } = this.#options;
    if (request.want === 'time')
      return void (await this.sendCommand(gate.id, await publisher().timeFor(gate.id, request.nonce)));
    if (request.want === 'certificate') {
      const answer = await this.#options.certificateFor(gate.id, request.request);
      if (!answer.ok) return log.warn({ gate: gate.id, why: answer.error }, 'no certificate was given');
      return void (await this.sendCommand(gate.id, answer.value));
    }
    for (const document of await publisher().listFor(request.list)) await this.sendCommand(gate.id, document);
  }

  #publish(gate: string, channel: GateChannel, payload: string) {
    const { qos, retain } = GATE_CHANNEL_RULES[channel];
    const expiry = channel === 'commands' ? { expirySeconds: COMMAND_LIFE_MAX_SECONDS } : {};
    return this.#link.publish({
      topic: gateTopic(this.#options.district, gate, channel),
      payload,
      qos,
      retain,
      ...expiry,
    });
  }
}

function nameOf(fault: unknown): string {
  return fault instanceof Error ? fault.name : 'unknown';
}
