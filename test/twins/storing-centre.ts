import { nodeEngine } from '../../src/crypto/index.ts';
import { createIngest, type Database, type Gate, openDatabase } from '../../src/district/testing.ts';
import { signAck } from '../../src/issue/index.ts';
import { createLink, type Incoming, type Link } from '../../src/link/index.ts';
import { gateTopic, parseTopic, type TrustChannel, trustTopic } from '../../src/wire/index.ts';
import { lowRandom, memoryLog, realClock } from './broker.ts';
import { nowSeconds, type PaperCommunity, type PaperDocuments } from './paper-community.ts';

/** The district's real storing behind a paper community: each row kept once, acknowledged with a signature, time answered. */
export interface StoringCentre {
  readonly link: Link;
  readonly database: Database;
  readonly acknowledged: () => number;
  /** Alarms, replies and statuses as they came. */
  readonly heard: { readonly channel: string; readonly text: string }[];
  rows(): Promise<{ seq: number; hash: string; content: string | null }[]>;
  send(channel: 'commands' | 'ack', payload: string, retain?: boolean): Promise<void>;
  stop(): Promise<void>;
}

export interface CentreOptions {
  readonly paper: PaperCommunity;
  readonly documents: PaperDocuments;
  readonly gate: string;
  readonly deviceKey: string;
  readonly brokerUrl: string;
  /** A file, or `:memory:`. */
  readonly databaseFile: string;
}

export async function storingCentre(options: CentreOptions): Promise<StoringCentre> {
  const centre = new Centre(options, await openDatabase(options.databaseFile));
  centre.link.start();
  return centre;
}

const CHANNELS: readonly (readonly [TrustChannel, keyof PaperDocuments])[] = [
  ['root', 'root'],
  ['policy', 'policy'],
  ['keys', 'keyset'],
  ['status', 'residents'],
  ['passes', 'visitors'],
  ['operators', 'operators'],
  ['time', 'time'],
];

class Centre implements StoringCentre {
  readonly link: Link;
  readonly database: Database;
  readonly heard: { readonly channel: string; readonly text: string }[] = [];
  readonly #options: CentreOptions;
  readonly #ingest: ReturnType<typeof createIngest>;
  #acknowledged = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: CentreOptions, database: Database) {
    this.#options = options;
    this.database = database;
    const { district } = options.paper.options;
    this.#ingest = createIngest({
      district,
      database,
      clock: realClock,
      verifySignature: (key, { message, signature }) =>
        nodeEngine().importKey(1, key)?.verify(message, signature) === true,
    });
    this.link = createLink({
      settings: { url: options.brokerUrl, clientId: 'centre', protocolVersion: 5 },
      subscriptions: (['entries', 'alarms', 'replies', 'requests', 'status'] as const).map((channel) => ({
        topic: gateTopic(district, options.gate, channel),
        qos: 1 as const,
      })),
      onConnect: () => void this.#publishAll(),
      onDisconnect: () => undefined,
      onMessage: (message) => {
        this.#tail = this.#tail.then(() => this.#hear(message));
      },
      clock: realClock,
      random: lowRandom,
      log: memoryLog(),
    });
  }

  readonly acknowledged = (): number => this.#acknowledged;

  rows() {
    return this.database
      .selectFrom('journal_row')
      .select(['seq', 'hash', 'content'])
      .orderBy('seq')
      .execute();
  }

  async send(channel: 'commands' | 'ack', payload: string, retain = false): Promise<void> {
    const { paper, gate } = this.#options;
    await this.link.publish({
      topic: gateTopic(paper.options.district, gate, channel),
      payload,
      qos: 1,
      retain,
    });
  }

  async stop(): Promise<void> {
    await this.link.stop();
    await this.#tail;
    await this.database.destroy();
  }

  async #publishAll(): Promise<void> {
    const { paper, documents, gate } = this.#options;
    const { district } = paper.options;
    const retained = { qos: 1, retain: true } as const;
    for (const [channel, name] of CHANNELS)
      await this.link.publish({
        topic: trustTopic(district, channel),
        payload: documents[name],
        ...retained,
      });
    await this.link.publish({
      topic: gateTopic(district, gate, 'roster'),
      payload: documents.roster,
      ...retained,
    });
  }

  async #hear({ topic: text, payload }: Incoming): Promise<void> {
    const topic = parseTopic(text);
    if (topic?.scope !== 'gate') return;
    if (topic.channel === 'entries') return this.#store(payload);
    const said = Buffer.from(payload).toString();
    if (topic.channel !== 'requests') return void this.heard.push({ channel: topic.channel, text: said });
    const { want, nonce } = JSON.parse(said) as { want: string; nonce: string };
    const { paper, gate } = this.#options;
    if (want === 'time') await this.send('commands', await paper.time({ aud: gate, nonce }));
  }

  async #store(payload: Uint8Array): Promise<void> {
    const { paper, gate, deviceKey } = this.#options;
    const sender = { id: gate, community: paper.options.community, device_key: deviceKey } as Gate;
    const taken = await this.#ingest.take(sender, payload);
    if (!taken.ok) throw new Error(`a batch was not believed: ${taken.error}`);
    const { journal, seq, hash } = taken.value;
    const claims = { iss: paper.options.district, aud: gate, iat: nowSeconds(), journal, seq, hash };
    this.#acknowledged = seq;
    await this.send('ack', await signAck(paper.signer, claims), true);
  }
}
