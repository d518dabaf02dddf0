import { createLink, type Link, type LinkSettings } from '../../link/index.ts';
import { type Result, toHex } from '../../base/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import {
  alarmPayload,
  allGatesFilter,
  COMMAND_LIFE_MAX_SECONDS,
  GATE_CHANNEL_RULES,
  type GateChannel,
  gateTopic,
  type HealthPayload,
  healthPayload,
  livePayload,
  type PhotoRequest,
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
import type { HealthBook } from '../ingest/gate-health.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { ASK_EVERY_MS, STOP_WITHIN_MS } from '../ingest/limits.ts';
import { takeDue } from '../ingest/missing.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { GateLife } from '../gates/life.ts';
import type { ListUptake } from '../publishing/list-uptake.ts';
import type { Publisher } from '../publishing/publisher.ts';
import { type GateMessage, Intake, type IntakeCounts } from './intake.ts';
import { type HeardGate, KnownGates } from './known-gates.ts';
import { Sharing } from './sharing.ts';
import { StoringDesk } from './storing-desk.ts';

/**
 * The district's end of docs/mqtt.md: what gates send is stored, then acknowledged; what they ask is answered. A message
 * of a gate that is not enrolled is passed over. Several processes may store; the one that leads answers and commands.
 */
export interface CentreOptions {
  readonly district: string;
  readonly settings: Omit<LinkSettings, 'clientId'>;
  readonly database: Database;
  readonly ingest: Ingest;
  readonly keys: Pick<KeyRing, 'signers'>;
  readonly feed: Feed;
  readonly publisher: () => Pick<Publisher, 'publishAll' | 'timeFor' | 'listFor'>;
  /** A gate's next certificate, as a token for its `commands`. */
  readonly certificateFor: (gate: string, request: string) => Promise<Result<string, string>>;
  /** Sealed for that gate, as a token for its `commands`; nothing where it has no key of its own. */
  readonly photoFor: (gate: Gate, request: PhotoRequest) => Promise<string | undefined>;
  readonly life: () => Pick<GateLife, 'isHeard' | 'unbelieved'>;
  /** Orders a gate to send again from that row. */
  readonly askAgain: (gate: string, from: number) => Promise<unknown>;
  /** Who keeps how gates were, and how quickly they take a changed list; nobody in a process that only stores. */
  readonly health?: Pick<HealthBook, 'note'>;
  readonly uptake?: Pick<ListUptake, 'heard'>;
  /** Whether this process leads the district; always, when left out. */
  readonly leads?: () => boolean;
  /** Name of the subscription that this district's processes share (shared-group.ts). */
  readonly group: string;
  /** Whether entries come by shared subscriptions; as the broker says, when left out. */
  readonly shared?: 'auto' | boolean;
  /** `ingest`: this process stores entries and does nothing else. */
  readonly only?: 'ingest';
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Besides entries, which are shared out. */
const HEARD: readonly GateChannel[] = ['status', 'live', 'alarms', 'health', 'replies', 'requests'];
const WORKER_ID_BYTES = 8;

export class Centre {
  readonly #options: CentreOptions;
  /** Entries come here, and are held back when too much waits. */
  readonly #hearing: Link;
  /** Everything else that gates send: an alarm waits behind no backlog. Absent where this process only stores. */
  readonly #listening: Link | undefined;
  /** Own connection for what is said: the broker's receipts are read while the others are held back. */
  readonly #saying: Link;
  readonly #gates: KnownGates;
  /** Of entries; and of everything else. */
  readonly #intake: Intake;
  readonly #notices: Intake;
  readonly #desk: StoringDesk;
  readonly #sharing: Sharing;
  #cancelAsking: (() => void) | undefined;
  #asking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: CentreOptions) {
    const { district, settings, clock, random, log, only, feed, shared = 'auto' } = options;
    this.#options = options;
    const worker = toHex(random.bytes(WORKER_ID_BYTES));
    this.#desk = new StoringDesk({
      ...options,
      publishAck: (gate, token) => this.#publish(gate, 'ack', token),
      tell: (event) => feed.tell(event),
      onUnbelieved: (gate, payload) => options.life().unbelieved(gate, payload),
    });
    this.#gates = new KnownGates(options.database, clock);
    const taking = {
      ...options,
      gates: this.#gates,
      handle: (gate: HeardGate, message: GateMessage) => this.#handle(gate, message),
      probe: () => options.database.selectFrom('stream').select('seq').limit(1).execute(),
    };
    this.#intake = new Intake({ ...taking, onRecovered: () => this.#desk.acknowledgeAgain() });
    this.#notices = new Intake({ ...taking, onRecovered: () => Promise.resolve() });
    this.#sharing = new Sharing({
      ...options,
      worker,
      shared,
      link: () => this.#hearing,
      onGained: (gates) => this.#desk.acknowledgeAgain(gates),
    });
    // Two of one name would throw each other out.
    const clientId = `menwei-${district}-centre-${worker}`;
    const onDisconnect = () => {
      if (!this.#stopped) log.warn({}, 'the broker is gone: gates keep their rows until it is back');
    };
    const each = { clock, random, log, onConnect: () => void this.#connected() };
    this.#hearing = createLink({
      ...each,
      settings: { ...settings, clientId },
      subscriptions: (broker) => this.#sharing.subscriptions(broker),
      onDisconnect,
      onMessage: (message) => this.#intake.hear(message),
    });
    const quietly = { ...each, onDisconnect: () => undefined };
    this.#listening =
      only === 'ingest'
        ? undefined
        : createLink({
            ...quietly,
            settings: { ...settings, clientId: `${clientId}-listens` },
            subscriptions: HEARD.map((channel) => ({
              topic: allGatesFilter(district, channel),
              qos: GATE_CHANNEL_RULES[channel].qos,
            })),
            onMessage: (message) => this.#notices.hear(message),
          });
    this.#saying = createLink({
      ...quietly,
      settings: { ...settings, clientId: `${clientId}-says` },
      subscriptions: [],
      onConnect: () => {
        this.#desk.connected();
        void this.#connected();
      },
      onMessage: () => undefined,
    });
  }

  get connected(): boolean {
    return this.#links.every(({ connected }) => connected);
  }

  get counts(): Readonly<IntakeCounts> {
    return sumOf(this.#intake.counts, this.#notices.counts);
  }

  get #links(): readonly Link[] {
    return [this.#saying, this.#hearing, ...(this.#listening === undefined ? [] : [this.#listening])];
  }

  start(): void {
    for (const link of this.#links) link.start();
    this.#sharing.start();
    if (this.#options.only !== 'ingest') this.#askLater();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelAsking?.();
    await this.#asking;
    // What is being stored is stored and told before the connection goes.
    await Promise.all([this.#intake.stop(), this.#notices.stop()]);
    await this.#sharing.stop();
    await Promise.all([this.#hearing.stop(), this.#listening?.stop()]);
    await this.#toldAll();
    await this.#saying.stop();
  }

  /** A broker that stands still holds up no end. */
  #toldAll(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(STOP_WITHIN_MS, resolve);
      void this.#desk.said().then(() => {
        cancel();
        resolve();
      });
    });
  }

  /** This process has come to lead: everything is said once more. */
  async lead(): Promise<void> {
    if (this.connected) await this.#sayAgain();
  }

  async publishTrust(channel: TrustChannel, payload: string): Promise<void> {
    const { qos, retain } = TRUST_CHANNEL_RULE;
    await this.#saying.publish({ topic: trustTopic(this.#options.district, channel), payload, qos, retain });
  }

  /** @returns whether the broker has it */
  async publishRoster(gate: string, payload: string): Promise<boolean> {
    return (await this.#publish(gate, 'roster', payload)) === 'delivered';
  }

  async sendCommand(gate: string, token: string): Promise<boolean> {
    return (await this.#publish(gate, 'commands', token)) === 'delivered';
  }

  get #leads(): boolean {
    const { leads, only } = this.#options;
    return only !== 'ingest' && (leads?.() ?? true);
  }

  /** Of any connection: nothing is said before all are there. */
  async #connected(): Promise<void> {
    if (!this.connected) return;
    this.#options.log.info({ sharing: this.#sharing.mode }, 'the broker is there');
    if (this.#leads) await this.#sayAgain();
  }

  async #sayAgain(): Promise<void> {
    try {
      await this.#options.publisher().publishAll();
      // A broker that lost its memory has lost the acknowledgements too.
      await this.#desk.acknowledgeAgain();
    } catch (fault) {
      this.#options.log.error({ fault: nameOf(fault) }, 'the documents could not be published');
    }
  }

  async #handle(gate: HeardGate, { channel, payload, retained }: GateMessage): Promise<void> {
    if (!(await this.#options.life().isHeard(gate))) return;
    if (channel === 'entries') return this.#desk.take(gate, payload);
    if (retained && channel !== 'status') return;
    const body: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return this.#tell(gate, channel, body);
  }

  async #tell(gate: Gate, channel: GateChannel, body: unknown): Promise<void> {
    const { feed, database, clock } = this.#options;
    switch (channel) {
      case 'status':
        return this.#status(gate, body);
      case 'alarms': {
        const alarm = alarmPayload.parse(body);
        await insertAlarms(database, { gate: gate.id, alarms: [alarm], now: clock.wall() });
        return feed.tell({ type: 'alarm', gate: gate.id, data: alarm });
      }
      case 'health':
        await this.#gates.saw({ gate: gate.id });
        return this.#health(gate, healthPayload.parse(body));
      case 'live':
        return feed.tell({ type: 'live', gate: gate.id, data: livePayload.parse(body) });
      case 'replies':
        return feed.tell({ type: 'reply', gate: gate.id, data: replyPayload.parse(body) });
      case 'requests':
        return this.#leads ? this.#answer(gate, body) : undefined;
      default:
    }
  }

  #health(gate: Gate, health: HealthPayload): void {
    this.#options.health?.note(gate, health);
    this.#options.feed.tell({ type: 'health', gate: gate.id, data: health });
  }

  async #status(gate: Gate, body: unknown): Promise<void> {
    const status = statusPayload.parse(body);
    this.#options.uptake?.heard(gate.id, status);
    const { id: journal, seq } = status.journal;
    const head = status.state === 'online' ? { head: { journal, seq } } : {};
    await this.#gates.saw({ gate: gate.id, status: JSON.stringify(status), ...head });
    this.#options.feed.tell({ type: 'status', gate: gate.id, data: status });
  }

  #askLater(): void {
    const { clock } = this.#options;
    this.#cancelAsking = clock.after(ASK_EVERY_MS, () => {
      this.#asking = this.#ask()
        .catch(() => undefined)
        .finally(() => {
          if (!this.#stopped) this.#askLater();
        });
    });
  }

  /** What any worker has found missing. */
  async #ask(): Promise<void> {
    const { database, clock, log, askAgain } = this.#options;
    if (!this.#leads || !this.connected) return;
    for (const { gate, from } of await takeDue(database, clock.wall())) {
      log.warn({ gate, from }, 'rows are missing: asking the gate again');
      await askAgain(gate, from);
    }
  }

  /** Waits for the broker's receipt, so that answers find room: it comes over the connection that is never held back. */
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
    if (request.want === 'photo') {
      const answer = await this.#options.photoFor(gate, request);
      return answer === undefined ? undefined : void (await this.sendCommand(gate.id, answer));
    }
    for (const document of await publisher().listFor(request.list)) await this.sendCommand(gate.id, document);
  }

  #publish(gate: string, channel: GateChannel, payload: string) {
    const { qos, retain } = GATE_CHANNEL_RULES[channel];
    const expiry = channel === 'commands' ? { expirySeconds: COMMAND_LIFE_MAX_SECONDS } : {};
    return this.#saying.publish({
      topic: gateTopic(this.#options.district, gate, channel),
      payload,
      qos,
      retain,
      ...expiry,
    });
  }
}

function sumOf(one: Readonly<IntakeCounts>, other: Readonly<IntakeCounts>): IntakeCounts {
  return {
    tooLarge: one.tooLarge + other.tooLarge,
    gateFull: one.gateFull + other.gateFull,
    full: one.full + other.full,
    malformed: one.malformed + other.malformed,
    failed: one.failed + other.failed,
  };
}

function nameOf(fault: unknown): string {
  return fault instanceof Error ? fault.name : 'unknown';
}
