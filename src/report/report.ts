import { err, type Result, toHex } from '../base/index.ts';
import { createLink, type Incoming, type Link, type Outgoing, type PublishOutcome } from '../link/index.ts';
import {
  type AckClaims,
  alarmOfRow,
  CERTIFICATE_TYPE,
  type ChainedRow,
  GATE_CHANNEL_RULES,
  type GateChannel,
  gateTopic,
  type HealthPayload,
  type LivePayload,
  parseTopic,
  PHOTO_TYPE,
  type RequestPayload,
  replyPayload,
  type StatusPayload,
  statusPayload,
  TIME_TYPE,
  TRUST_CHANNELS,
  trustTopic,
  USED_CHANNEL_RULE,
  usedTopic,
} from '../wire/index.ts';
import { Commands } from './commands.ts';
import { Documents } from './documents.ts';
import { Entries } from './entries.ts';
import { discoveryMessages } from './home-assistant.ts';
import { HEALTH_EVERY_MS, SMALL_MESSAGE_BYTES_MAX, STATUS_PAUSE_MS } from './limits.ts';
import { Notices } from './notices.ts';
import type { ReportOptions } from './options.ts';
import type { AckVerdict } from './outbox.ts';
import { type NoPhoto, type Photo, type PhotoAsked, Photos } from './photos.ts';
import { Questions } from './questions.ts';
import { Renewal } from './renewal.ts';
import { replyOfRow } from './reply.ts';
import { Sisters } from './sisters.ts';
import type { UsedCode } from './used.ts';

/**
 * A gate's side of docs/mqtt.md: the journal goes out, documents and commands come in. It reads the journal and the
 * vitals, writes into trust and the inbox, and no verdict ever waits for it.
 */
export interface Report {
  start(): void;
  /** Says `offline`, then leaves. */
  stop(): Promise<void>;
  state(): ReportState;
  /** Tells the community's other gates that a code was used here. Nothing is promised: live only. */
  announceUsed(used: UsedCode): Promise<void>;
  /** The face of somebody whom a guard has looked up, from the district. It is kept nowhere. */
  photo(asked: PhotoAsked): Promise<Result<Photo, NoPhoto>>;
}

export interface ReportState {
  readonly connected: boolean;
  /** Whether used codes reach the community's own broker; undefined when there is none. */
  readonly communityConnected: boolean | undefined;
  /** Other gates of the community that no broker reaches: a code used here is not known there. */
  readonly sistersOutOfReach: number;
  readonly acked: number;
  readonly unsent: number;
}

export function createReport(options: ReportOptions): Report {
  return new GateReport(options);
}

class GateReport implements Report {
  readonly #options: ReportOptions;
  readonly #link: Link;
  readonly #sisters: Sisters;
  readonly #entries: Entries;
  readonly #notices: Notices;
  readonly #commands: Commands;
  readonly #documents: Documents;
  readonly #questions: Questions;
  readonly #renewal: Renewal | undefined;
  readonly #photos: Photos | undefined;
  #session = '';
  #since = '';
  #ends: (() => void)[] = [];
  /** Monotonic */
  #statusAtMs = -STATUS_PAUSE_MS;
  #cancelStatus: (() => void) | undefined;
  #cancelHealth: (() => void) | undefined;

  constructor(options: ReportOptions) {
    const { clock, log, trust, inbox, journal, vitals } = options;
    this.#options = options;
    this.#link = this.#mainLink();
    this.#sisters = new Sisters(options, this.#link);
    this.#entries = new Entries({
      ...options,
      send: (payload) => this.#publish('entries', payload),
      packetBytesMax: () => this.#link.packetBytesMax,
      quality: () => vitals.status().clock.quality,
    });
    this.#notices = new Notices((notice) => this.#publish(notice.channel, JSON.stringify(notice.payload)));
    this.#questions = new Questions({
      clock,
      random: options.random,
      send: this.#request,
      unsure: () => vitals.status().clock.quality !== 'synced',
    });
    this.#renewal = this.#renewalOf(options);
    this.#photos = this.#photosOf(options);
    this.#documents = new Documents({ trust, log, wantWhole: (list) => this.#questions.wantWhole(list) });
    this.#commands = new Commands({
      trust,
      inbox,
      clock,
      log,
      session: () => this.#session,
      onAnswer: (token, typ) => this.#answer(token, typ),
    });
    this.#ends.push(
      journal.onAppend((row) => this.#appended(row)),
      vitals.onChange(() => {
        this.#statusSoon();
        this.#questions.clockMayHaveChanged();
      }),
      vitals.onAlarm((payload) => this.#notices.add({ channel: 'alarms', payload })),
      trust.onChange(() => this.#trustChanged()),
    );
  }

  start(): void {
    const { settings, log } = this.#options;
    if (settings.protocolVersion === 4)
      log.warn({}, 'MQTT 3.1.1 is weaker: a publish that the broker refuses looks delivered');
    this.#link.start();
    this.#renewal?.start();
    this.#sisters.start();
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    this.#renewal?.stop();
    const farewell = this.#statusMessage({ state: 'offline', ended: 'stopped' });
    this.#disconnected();
    await Promise.all([this.#link.stop(farewell), this.#sisters.stop()]);
  }

  state(): ReportState {
    return {
      connected: this.#link.connected,
      communityConnected: this.#sisters.ownConnected,
      sistersOutOfReach: this.#sisters.outOfReach,
      acked: this.#entries.acked,
      unsent: this.#entries.unsent,
    };
  }

  announceUsed(used: UsedCode): Promise<void> {
    return this.#sisters.announce(used);
  }

  photo(asked: PhotoAsked): Promise<Result<Photo, NoPhoto>> {
    return this.#photos?.ask(asked) ?? Promise.resolve(err('offline'));
  }

  #mainLink(): Link {
    const { settings, district, gate, community, clock, random, log } = this.#options;
    const own = (['commands', 'ack', 'roster'] as const).map((channel) => gateTopic(district, gate, channel));
    const documents = TRUST_CHANNELS.map((channel) => trustTopic(district, channel));
    return createLink({
      settings: { ...settings, clientId: `menwei-${district}-${gate}` },
      subscriptions: [
        ...[...own, ...documents].map((topic) => ({ topic, qos: 1 as const })),
        { topic: usedTopic(district, community), qos: USED_CHANNEL_RULE.qos },
      ],
      will: () => this.#newSession(),
      onConnect: () => this.#connected(),
      onDisconnect: () => this.#disconnected(),
      onMessage: (message) => this.#heard(message),
      clock,
      random,
      log,
    });
  }

  /** Before each connection: a new nonce, and the will that names it. */
  #newSession(): Outgoing {
    this.#session = toHex(this.#options.random.bytes(16));
    this.#since = this.#now();
    return this.#statusMessage({ state: 'offline', ended: 'connection-lost' });
  }

  #connected(): void {
    this.#sisters.carries('district', true);
    this.#publishStatus();
    this.#entries.connected();
    this.#questions.connected();
    this.#renewal?.connected();
    void this.#notices.flush();
    this.#publishHealth();
    if (this.#options.settings.homeAssistant === true) this.#makeKnown();
  }

  #makeKnown(): void {
    const { district, gate, vitals } = this.#options;
    for (const message of discoveryMessages({ district, gate, status: vitals.status() }))
      void this.#link.publish(message);
  }

  #disconnected(): void {
    // No command of the connection that ended may count any more.
    this.#session = '';
    this.#sisters.carries('district', false);
    this.#cancelStatus?.();
    this.#cancelStatus = undefined;
    this.#cancelHealth?.();
    this.#entries.disconnected();
    this.#questions.disconnected();
    this.#photos?.disconnected();
  }

  #appended(row: ChainedRow): void {
    const { journal } = this.#options;
    const live: LivePayload = { journal: journal.id, row };
    void this.#publish('live', JSON.stringify(live));
    const alarm = alarmOfRow(journal.id, row);
    if (alarm !== undefined) this.#notices.add({ channel: 'alarms', payload: alarm });
    const reply = replyOfRow(journal.id, row);
    if (reply !== undefined) this.#notices.add({ channel: 'replies', payload: replyPayload.parse(reply) });
    const from = this.#commands.resendOf(row.command);
    if (from !== undefined && reply?.outcome === 'done') this.#entries.sendAgainFrom(from);
    this.#entries.wake();
  }

  #heard({ topic: text, payload, retained }: Incoming): void {
    const topic = parseTopic(text);
    if (topic?.scope === 'trust') this.#documents.take(text, { payload, retained });
    else if (topic?.scope === 'used') this.#sisters.heard({ payload, retained });
    else if (topic?.scope !== 'gate' || topic.gate !== this.#options.gate) return;
    else if (topic.channel === 'roster') this.#documents.take(text, { payload, retained });
    else if (topic.channel === 'ack') void this.#heardAck(payload, retained);
    else if (topic.channel === 'commands') {
      const message = { text: textOf(payload), bytes: payload.length, retained, session: this.#session };
      this.#commands.take(message);
    }
  }

  async #heardAck(payload: Uint8Array, retained: boolean): Promise<void> {
    const { trust, log } = this.#options;
    if (payload.length === 0 || payload.length > SMALL_MESSAGE_BYTES_MAX) return;
    const ack = await trust.verifyAck(textOf(payload));
    if (!ack.ok) return log.warn({ why: ack.error }, 'an acknowledgement was not believed');
    const verdict = this.#acknowledged(ack.value, retained);
    if (verdict === 'hash-mismatch' || verdict === 'beyond-head')
      this.#alarmAckMismatch(ack.value.seq, verdict);
  }

  /** A disk that cannot keep the cursor leaves it where it is: the district acknowledges again when it is sent again. */
  #acknowledged(ack: AckClaims, retained: boolean): AckVerdict | undefined {
    try {
      return this.#entries.acknowledge(ack, retained);
    } catch (fault) {
      const kind = fault instanceof Error ? fault.name : 'unknown';
      this.#options.log.error({ seq: ack.seq, fault: kind }, 'an acknowledgement could not be kept');
      return undefined;
    }
  }

  #alarmAckMismatch(seq: number, verdict: string): void {
    const { journal, log } = this.#options;
    log.error({ seq, verdict }, 'the district acknowledged a row that this journal does not have');
    const id = `${journal.id.slice(0, 8)}-ack-${seq}`;
    const payload = {
      id,
      at: this.#now(),
      alarm: 'ack-mismatch' as const,
      cleared: false,
      journal: journal.id,
    };
    this.#notices.add({ channel: 'alarms', payload: { ...payload, detail: verdict } });
  }

  #renewalOf({ certificate: keeper, clock, log }: ReportOptions): Renewal | undefined {
    if (keeper === undefined) return undefined;
    return new Renewal({
      keeper,
      clock,
      log,
      connected: () => this.#link.connected,
      send: this.#request,
      reconnect: () => this.#link.renew(),
    });
  }

  #photosOf({ verifyPhoto: verify, clock, random, log }: ReportOptions): Photos | undefined {
    if (verify === undefined) return undefined;
    const connected = () => this.#link.connected;
    return new Photos({ verify, clock, random, log, connected, send: this.#request });
  }

  async #answer(token: string, typ: string): Promise<void> {
    if (typ === CERTIFICATE_TYPE) return this.#renewal?.take(token);
    if (typ === PHOTO_TYPE) return this.#photos?.take(token);
    const answers = typ === TIME_TYPE ? this.#questions.takeOpen() : undefined;
    await this.#documents.accept(token, { from: 'mqtt', ...(answers === undefined ? {} : { answers }) });
  }

  #trustChanged(): void {
    this.#questions.gotWhole();
    this.#statusSoon();
  }

  #statusSoon(): void {
    if (this.#cancelStatus !== undefined || !this.#link.connected) return;
    // The first change is told at once: the district measures by it how quickly a list is taken.
    const { clock } = this.#options;
    const waitMs = Math.max(0, STATUS_PAUSE_MS - (clock.monotonic() - this.#statusAtMs));
    this.#cancelStatus = clock.after(waitMs, () => this.#publishStatus());
  }

  #publishStatus(): void {
    this.#cancelStatus?.();
    this.#cancelStatus = undefined;
    this.#statusAtMs = this.#options.clock.monotonic();
    void this.#link.publish(this.#statusMessage({ state: 'online' }));
  }

  #statusMessage(state: Pick<StatusPayload, 'state' | 'ended'>): Outgoing {
    const { vitals, trust, journal, settings } = this.#options;
    const { seq, hash } = journal.head();
    const status: StatusPayload = {
      ...state,
      since: this.#since || this.#now(),
      session: this.#session || '0'.repeat(32),
      ...vitals.status(),
      journal: { id: journal.id, seq, hash },
      documents: { ...trust.versions() },
      protocol: settings.protocolVersion,
    };
    return this.#message('status', JSON.stringify(statusPayload.parse(status)));
  }

  #publishHealth(): void {
    const { clock, vitals } = this.#options;
    const health: HealthPayload = { at: this.#now(), ...vitals.health(), unsentRows: this.#entries.unsent };
    void this.#publish('health', JSON.stringify(health));
    this.#cancelHealth?.();
    this.#cancelHealth = clock.after(HEALTH_EVERY_MS, () => this.#publishHealth());
  }

  readonly #request = (request: RequestPayload) => this.#publish('requests', JSON.stringify(request));

  #publish(channel: GateChannel, payload: string): Promise<PublishOutcome> {
    return this.#link.publish(this.#message(channel, payload));
  }

  #message(channel: GateChannel, payload: string): Outgoing {
    const { qos, retain } = GATE_CHANNEL_RULES[channel];
    return { topic: gateTopic(this.#options.district, this.#options.gate, channel), payload, qos, retain };
  }

  #now(): string {
    return new Date(this.#options.clock.wall()).toISOString();
  }
}

function textOf(payload: Uint8Array): string {
  return Buffer.from(payload).toString('utf8');
}
