import { Socket } from 'node:net';
import {
  connect,
  type IClientOptions,
  type IConnackPacket,
  type IPublishPacket,
  type MqttClient,
} from 'mqtt';
import type { MonotonicMs } from '../base/index.ts';
import type { Clock, Log, Random } from '../ports/index.ts';
import { whyNoBroker } from './broker-words.ts';
import { backoffMs } from './backoff.ts';
import {
  CONNECT_TIMEOUT_MS,
  FAREWELL_MS,
  KEEP_ALIVE_SECONDS,
  STEADY_AFTER_MS,
  TOPICS_AT_ONCE,
  UNWRITTEN_BYTES_MAX,
  WAITING_MAX,
  WINDOW_MAX,
} from './limits.ts';
import { type Subscription, subscribeAll } from './subscribing.ts';
import { Window } from './window.ts';

/**
 * One MQTT connection that comes back by itself, each time as a new session: what was in flight is told as lost and
 * never replayed, since an outbox lies elsewhere. It never keeps a message for later and never opens a port.
 */
export interface Link {
  readonly connected: boolean;
  /** Largest packet that the broker takes; Infinity when it names none. */
  readonly packetBytesMax: number;
  /** For this session; a new one begins with `subscriptions`. What the broker goes on refusing drops the connection. */
  subscribe(subscriptions: readonly Subscription[]): Promise<void>;
  unsubscribe(topics: readonly string[]): Promise<void>;
  start(): void;
  /** Sends the farewell if connected, then leaves for good. */
  stop(farewell?: Outgoing): Promise<void>;
  publish(message: Outgoing): Promise<PublishOutcome>;
  /** Drops the connection and makes a new one, as after a loss. */
  renew(): void;
}

export interface Outgoing {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** MQTT 5: the broker forgets the message after so long. */
  readonly expirySeconds?: number;
}

/**
 * delivered: the broker has it (QoS 0: it was written). refused: the broker's rules forbid it (MQTT 5 tells).
 * lost: the connection is or went away. full: too much waits already.
 */
export type PublishOutcome = 'delivered' | 'refused' | 'lost' | 'full';

export interface Incoming {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker had kept it: it may be of any age. */
  readonly retained: boolean;
}

export interface LinkSettings {
  readonly url: string;
  /** Further nodes of the same cluster: each new connection goes to the next, and after the last to `url` again. */
  readonly otherUrls?: readonly string[];
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** Asked before each connection, where a certificate is renewed meanwhile. */
  readonly tls?: LinkTls | (() => LinkTls);
  readonly protocolVersion: 4 | 5;
}

/** PEM */
export interface LinkTls {
  readonly authority?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** What a broker says of itself when a connection begins. */
export interface BrokerFacts {
  /** MQTT 5: several clients may share a subscription ($share). */
  readonly sharedSubscriptions: boolean;
}

export interface LinkOptions {
  readonly settings: LinkSettings;
  /** Asked at each connection, where they depend on the broker or change. */
  readonly subscriptions: readonly Subscription[] | ((broker: BrokerFacts) => readonly Subscription[]);
  /** Called before each connection: what the broker publishes when this connection dies. */
  readonly will?: () => Outgoing;
  /** A new session stands and its subscriptions are granted. */
  readonly onConnect: () => void;
  readonly onDisconnect: () => void;
  /** Nothing more is read from the broker, and this message is not confirmed to it, before a promise is kept. */
  readonly onMessage: (message: Incoming) => void | Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** First MQTT 5 reason code that means no (MQTT 5, 2.4). */
const REASON_REFUSED = 0x80;
const RECEIVE_MAXIMUM_DEFAULT = 65_535;

export function createLink(options: LinkOptions): Link {
  return new MqttLink(options);
}

class MqttLink implements Link {
  readonly #options: LinkOptions;
  #client: MqttClient | undefined;
  #window = new Window({ size: WINDOW_MAX, waitingMax: WAITING_MAX });
  #connected = false;
  /** onConnect was called, onDisconnect not yet. */
  #inSession = false;
  #stopped = false;
  #failures = 0;
  #connectedAt: MonotonicMs | undefined;
  #packetBytesMax = Number.POSITIVE_INFINITY;
  #cancelRetry: (() => void) | undefined;
  #connects = 0;
  #pressure: Promise<void> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get packetBytesMax(): number {
    return this.#packetBytesMax;
  }

  start(): void {
    if (this.#client === undefined && !this.#stopped) this.#open();
  }

  async stop(farewell?: Outgoing): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry?.();
    const client = this.#client;
    if (client === undefined) return;
    if (farewell !== undefined && this.#connected) await this.#within(this.publish(farewell), FAREWELL_MS);
    this.#connected = false;
    this.#window.close();
    await this.#within(client.endAsync(), FAREWELL_MS);
    client.end(true);
    this.#client = undefined;
  }

  async publish(message: Outgoing): Promise<PublishOutcome> {
    const client = this.#client;
    if (client === undefined || !this.#connected) return 'lost';
    if (message.qos === 0) return this.#writeOnce(client, message);
    return this.#window.run(() => send(client, message, this.#options.settings.protocolVersion));
  }

  async subscribe(subscriptions: readonly Subscription[]): Promise<void> {
    const client = this.#client;
    if (client === undefined || !this.#connected) return;
    try {
      await this.#subscribe(client, subscriptions);
    } catch (error) {
      // The next session begins with all of them.
      client.stream.destroy();
      throw error;
    }
  }

  async unsubscribe(topics: readonly string[]): Promise<void> {
    const client = this.#client;
    if (client === undefined || !this.#connected) return;
    for (let from = 0; from < topics.length; from += TOPICS_AT_ONCE)
      await client.unsubscribeAsync(topics.slice(from, from + TOPICS_AT_ONCE));
  }

  renew(): void {
    this.#client?.stream.destroy();
  }

  #writeOnce(client: MqttClient, message: Outgoing): PublishOutcome {
    if (client.stream.writableLength > UNWRITTEN_BYTES_MAX) return 'full';
    client.publish(message.topic, message.payload, { qos: 0, retain: message.retain });
    return 'delivered';
  }

  #open(): void {
    const { settings, log } = this.#options;
    const client = connect(this.#nextUrl(), clientOptions(settings, this.#options.will?.()));
    this.#client = client;
    client.on('error', (error) => {
      const code = errorCode(error);
      log.warn({ code, why: whyNoBroker(code) }, 'broker connection failed');
    });
    client.on('connect', (packet) => void this.#begin(client, packet));
    client.on('message', (topic, payload, packet) => this.#deliver(client, { topic, payload, packet }));
    // Called after 'message', before its PUBACK and before the next packet is read.
    client.handleMessage = (_packet, done) => {
      const pressure = this.#pressure;
      this.#pressure = undefined;
      if (pressure === undefined) done();
      else void pressure.finally(() => done());
    };
    client.on('close', () => this.#lost(client));
  }

  async #begin(client: MqttClient, packet: IConnackPacket): Promise<void> {
    const { subscriptions, clock, log } = this.#options;
    const receiveMaximum = packet.properties?.receiveMaximum ?? RECEIVE_MAXIMUM_DEFAULT;
    this.#packetBytesMax = packet.properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    this.#window = new Window({ size: Math.min(WINDOW_MAX, receiveMaximum), waitingMax: WAITING_MAX });
    this.#connected = true;
    this.#connectedAt = clock.monotonic();
    // Small messages follow each other closely: one must not wait until the other end has confirmed the one before.
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
    try {
      const wanted =
        typeof subscriptions === 'function'
          ? subscriptions(factsOf(packet, this.#options.settings.protocolVersion))
          : subscriptions;
      await this.#subscribe(client, wanted);
    } catch (error) {
      if (client === this.#client) log.warn({ code: errorCode(error) }, 'not every subscription was granted');
      client.stream.destroy();
      return;
    }
    if (client !== this.#client || !this.#connected || this.#stopped) return;
    this.#inSession = true;
    this.#options.onConnect();
  }

  #subscribe(client: MqttClient, wanted: readonly Subscription[]): Promise<void> {
    const { clock, log } = this.#options;
    const stands = () => client === this.#client && this.#connected && !this.#stopped;
    return subscribeAll({ client, stands, clock, log }, wanted);
  }

  #deliver(
    client: MqttClient,
    message: { topic: string; payload: Uint8Array; packet: IPublishPacket },
  ): void {
    if (client !== this.#client || this.#stopped) return;
    const { topic, payload, packet } = message;
    this.#pressure = this.#options.onMessage({ topic, payload, retained: packet.retain }) ?? undefined;
  }

  /** A node that has gone is not waited for while another may be there. */
  #nextUrl(): string {
    const { url, otherUrls = [] } = this.#options.settings;
    const next = [url, ...otherUrls][this.#connects % (1 + otherUrls.length)];
    this.#connects += 1;
    return next ?? url;
  }

  #lost(client: MqttClient): void {
    if (client !== this.#client) return;
    client.end(true);
    this.#client = undefined;
    this.#window.close();
    const wasInSession = this.#inSession;
    this.#inSession = false;
    this.#connected = false;
    if (this.#stopped) return;
    this.#countFailure();
    this.#retryLater();
    if (wasInSession) this.#options.onDisconnect();
  }

  #countFailure(): void {
    const lived = this.#connectedAt === undefined ? 0 : this.#options.clock.monotonic() - this.#connectedAt;
    this.#failures = lived >= STEADY_AFTER_MS ? 0 : this.#failures + 1;
    this.#connectedAt = undefined;
  }

  #retryLater(): void {
    const { clock, random } = this.#options;
    const failuresBefore = Math.max(0, this.#failures - 1);
    this.#cancelRetry = clock.after(backoffMs(failuresBefore, random), () => {
      if (!this.#stopped) this.#open();
    });
  }

  #within(work: Promise<unknown>, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(milliseconds, resolve);
      const done = () => {
        cancel();
        resolve();
      };
      work.then(done, done);
    });
  }
}

/** MQTT 5, 3.2.2.3.13: a broker that does not name it has it. */
function factsOf({ properties }: IConnackPacket, protocolVersion: 4 | 5): BrokerFacts {
  return { sharedSubscriptions: protocolVersion === 5 && properties?.sharedSubscriptionAvailable !== false };
}

function clientOptions(settings: LinkSettings, will: Outgoing | undefined): IClientOptions {
  const tls = typeof settings.tls === 'function' ? settings.tls() : settings.tls;
  return {
    clientId: settings.clientId,
    protocolVersion: settings.protocolVersion,
    // A new session each time: the broker must keep nothing for us while we are away.
    clean: true,
    ...(settings.protocolVersion === 5 ? { properties: { sessionExpiryInterval: 0 } } : {}),
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: KEEP_ALIVE_SECONDS,
    ...(settings.username === undefined ? {} : { username: settings.username }),
    ...(settings.password === undefined ? {} : { password: settings.password }),
    ...(tls?.authority === undefined ? {} : { ca: tls.authority }),
    ...(tls?.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls?.key === undefined ? {} : { key: tls.key }),
    rejectUnauthorized: true,
    ...(will === undefined ? {} : { will: { ...will, payload: Buffer.from(will.payload) } }),
  };
}

function send(client: MqttClient, message: Outgoing, protocolVersion: 4 | 5): Promise<PublishOutcome> {
  const expiry = protocolVersion === 5 ? message.expirySeconds : undefined;
  const properties = expiry === undefined ? {} : { properties: { messageExpiryInterval: expiry } };
  return client
    .publishAsync(message.topic, message.payload, { qos: message.qos, retain: message.retain, ...properties })
    .then(
      () => 'delivered' as const,
      (error: unknown) => (reasonCode(error) >= REASON_REFUSED ? 'refused' : 'lost'),
    );
}

function reasonCode(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : 0;
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : error.name;
}
