import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unixSeconds } from '../../src/base/index.ts';
import { parseCode } from '../../src/code/index.ts';
import { ed25519Signer, nodeEngine, sm2Signer } from '../../src/crypto/index.ts';
import {
  type Database,
  Issuing,
  KeyDesk,
  type Keys,
  openDatabase,
  openKeys,
  type OpenKeysOptions,
  Publisher,
  type PublisherOptions,
  Registry,
} from '../../src/district/testing.ts';
import { type GateKey, nodeDisk, openTrust, type TrustKeeper } from '../../src/trust/index.ts';
import { createVerifier } from '../../src/verify/index.ts';
import { memoryLog } from './broker.ts';
import { SteppedClock } from './clock.ts';
import { enrolledKeys, random } from './paper-community.ts';

/** The publishing half of a real district without network and with a clock that the test sets, and real gates' trust beside it. */

export const QUIET_DISTRICT = 'd-1';
export const QUIET_COMMUNITY = 7;

export const quietCrypto: OpenKeysOptions['crypto'] = {
  signer: (secret, suite = 1) => (suite === 1 ? ed25519Signer(secret) : sm2Signer(secret, random)),
  verifySignature: (key, { message, signature }) =>
    nodeEngine().importKey(1, key)?.verify(message, signature) === true,
};

export interface QuietOptions extends Partial<Pick<OpenKeysOptions, 'issuers' | 'keyLeadSeconds'>> {
  readonly places?: number;
  readonly clock?: SteppedClock;
  /** Of one that ran before: its data goes on. */
  readonly folder?: string;
  readonly database?: string;
  readonly communities?: readonly number[];
  readonly seal?: PublisherOptions['seal'];
  /** What the broker says to a gate's roster. */
  readonly takesRoster?: (gate: string) => boolean;
}

export class QuietDistrict {
  readonly clock: SteppedClock;
  readonly folder: string;
  /** Its database's. */
  readonly place: string;
  readonly database: Database;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly keys: Keys;
  readonly desk: KeyDesk;
  readonly issuing: Issuing;
  readonly log: ReturnType<typeof memoryLog>;
  /** Last payload of each channel, in the order in which they came. */
  readonly sent: { readonly channel: string; readonly payload: string }[];

  private constructor(
    parts: Omit<QuietDistrict, 'gate' | 'deliver' | 'check' | 'resident' | 'stop' | 'dataDir'>,
  ) {
    ({ clock: this.clock, folder: this.folder, database: this.database, registry: this.registry } = parts);
    ({ publisher: this.publisher, keys: this.keys, desk: this.desk, issuing: this.issuing } = parts);
    ({ log: this.log, sent: this.sent, place: this.place } = parts);
  }

  static async start(options: QuietOptions = {}): Promise<QuietDistrict> {
    const clock = options.clock ?? new SteppedClock();
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'menwei-quiet-'));
    const place = options.database ?? join(folder, 'district.sqlite');
    const database = await openDatabase(place);
    const log = memoryLog();
    const base = {
      district: QUIET_DISTRICT,
      timeZone: 'Asia/Shanghai',
      clock,
      random: { bytes: random },
      log,
    };
    const registry = new Registry({ ...base, database, places: options.places ?? 4_096 });
    const keys = await openKeys({
      ...base,
      ...options,
      database,
      registry,
      folder: join(folder, 'keys'),
      crypto: quietCrypto,
    });
    const sent: { channel: string; payload: string }[] = [];
    const publisher = new Publisher({
      ...base,
      ...keys,
      database,
      registry,
      communities: (options.communities ?? [QUIET_COMMUNITY]).map((id) => ({ id })),
      publish: async (channel, payload) => void sent.push({ channel, payload }),
      publishRoster: async (gate, payload) => {
        if (options.takesRoster?.(gate) === false) return false;
        return sent.push({ channel: `roster/${gate}`, payload });
      },
      ...(options.seal === undefined ? {} : { seal: options.seal }),
    });
    const desk = new KeyDesk({ ...keys, publisher, log });
    const issuing = new Issuing({ ...base, ...keys, database, registry, crypto: quietCrypto });
    await publisher.refresh();
    return new QuietDistrict({
      clock,
      place,
      folder,
      database,
      registry,
      publisher,
      keys,
      desk,
      issuing,
      log,
      sent,
    });
  }

  /** A gate that knows the district's first root, and nothing else yet. */
  async gate(name: string, community = QUIET_COMMUNITY): Promise<QuietGate> {
    const { deviceKey } = enrolledKeys(join(this.folder, name));
    const sealKey = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }) as GateKey;
    await this.registry.enrolGate({ gate: name, community, deviceKey, sealKey: sealKey.x });
    await this.publisher.registryChanged();
    const first = (
      await this.database.selectFrom('root_version').select('text').orderBy('version').execute()
    )[0];
    const trust = await openTrust({
      directory: join(this.folder, name, 'trust'),
      disk: nodeDisk(),
      district: QUIET_DISTRICT,
      community,
      gate: name,
      root: { document: first?.text ?? '' },
      engine: nodeEngine(),
      gateKey: sealKey,
    });
    return new QuietGate(this, name, trust);
  }

  async resident(room = '1-101', community = QUIET_COMMUNITY): Promise<number> {
    const added = await this.registry.addResident({
      community,
      room,
      assurance: 1,
      needsMoreTime: false,
      minor: false,
    });
    if (added === undefined) throw new Error('the resident was not added');
    await this.publisher.registryChanged();
    return added.index;
  }

  /** @param keep so that another one goes on with its data */
  async stop({ keep = false } = {}): Promise<void> {
    await this.publisher.stop();
    await this.database.destroy();
    if (!keep) rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

const verify = createVerifier(nodeEngine());

export class QuietGate {
  readonly trust: TrustKeeper;
  readonly name: string;
  readonly #district: QuietDistrict;
  #seen = 0;

  constructor(district: QuietDistrict, name: string, trust: TrustKeeper) {
    this.#district = district;
    this.name = name;
    this.trust = trust;
  }

  get now() {
    return { seconds: unixSeconds(this.#district.clock.wall()), quality: 'synced' as const, errorSeconds: 0 };
  }

  /** Takes in what was published since it last did. @returns what it refused */
  async listen(): Promise<string[]> {
    const refused: string[] = [];
    const { sent } = this.#district;
    for (const { channel, payload } of sent.slice(this.#seen)) {
      if (payload === '' || (channel.startsWith('roster/') && channel !== `roster/${this.name}`)) continue;
      const taken = await this.trust.accept(payload, this.now);
      if (!taken.ok) refused.push(`${channel}: ${taken.error.reason}`);
    }
    this.#seen = sent.length;
    return refused;
  }

  /** @returns the refusal, or `granted` */
  check(code: string): string {
    const claim = parseCode(code);
    if (!claim.ok) return 'not-a-code';
    const trust = this.trust.snapshot();
    const { skewSeconds, windowSeconds, wideningMaxSeconds } = trust.policy;
    const rules = { skewSeconds, windowSeconds, wideningMaxSeconds, who: 'district' as const };
    const judged = verify(claim.value, { trust, rules }, this.now);
    return judged.ok ? 'granted' : judged.error.refusal;
  }
}
