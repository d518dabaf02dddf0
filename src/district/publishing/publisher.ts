import { unixSeconds, wallMs } from '../../base/index.ts';
import { signKeyset, signOperators, signPolicy, signRoster, signTime } from '../../issue/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import type { BundleFile, Policy, StatusSubject, TrustChannel } from '../../wire/index.ts';
import type { Database, Gate, StoredDocument } from '../database/database.ts';
import type { Issuers } from '../keys/issuers.ts';
import type { KeyRing, SigningRole } from '../keys/key-ring.ts';
import type { OperatorKeys } from '../keys/operator-keys.ts';
import { LIFE_SECONDS, TIME_LIFE_SECONDS, WHOLE_LIST_ATTEMPTS } from '../limits.ts';
import type { Persons } from '../registry/persons.ts';
import type { Registry } from '../registry/registry.ts';
import { bundleOf, sealedRoster } from './bundle.ts';
import { storedRules } from './community-rules.ts';
import { RootDesk } from './root-desk.ts';
import { type Content, type Recipe, Shelf } from './shelf.ts';
import { StatusLists } from './status-lists.ts';

/**
 * Makes and keeps the district's signed documents: each whole in the database before it is published, its version higher
 * than any before. It signs again when content or key have changed or half of a document's life is over.
 */
export interface Community {
  readonly id: number;
  /** Rules that differ from the defaults of the policy; those that were set while the district ran go before them. */
  readonly rules?: Partial<
    Pick<
      Policy,
      | 'skewSeconds'
      | 'windowSeconds'
      | 'wideningMaxSeconds'
      | 'clockAdvanceMaxSeconds'
      | 'staleness'
      | 'retention'
      | 'lane'
      | 'lanes'
    >
  >;
}

export interface PublisherOptions {
  readonly district: string;
  readonly timeZone: string;
  readonly communities: readonly Community[];
  readonly database: Database;
  readonly registry: Registry;
  /** Absent: rosters are stored as they are. */
  readonly persons?: Pick<Persons, 'vault'>;
  readonly keys: KeyRing;
  readonly issuers: Issuers;
  readonly operators: OperatorKeys;
  readonly clock: Clock;
  readonly log: Log;
  /** Publishes retained on `trust/<channel>`. */
  readonly publish: (channel: TrustChannel, payload: string) => Promise<void>;
  readonly publishRoster: (gate: string, payload: string) => Promise<void>;
}

const LIST_CHANNELS = {
  residents: ['status', 'status-delta'],
  visitors: ['passes', 'passes-delta'],
} as const satisfies Record<StatusSubject, readonly [TrustChannel, TrustChannel]>;
const LISTS = ['residents', 'visitors'] as const;

interface Waiting {
  readonly places: Set<number>;
  readonly done: Promise<void>;
}

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #shelf: Shelf;
  readonly #root: RootDesk;
  readonly #lists: StatusLists;
  /** Changes of a list that will go out in one delta. */
  readonly #waiting = new Map<StatusSubject, Waiting>();
  readonly #packing = new Set<StatusSubject>();
  #tail: Promise<unknown> = Promise.resolve();
  #stopped = false;
  #lastTimeMs = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#shelf = new Shelf(
      options.persons === undefined ? options : { ...options, vault: options.persons.vault },
    );
    this.#root = new RootDesk({ ...options, shelf: this.#shelf });
    this.#lists = new StatusLists({ ...options, shelf: this.#shelf });
  }

  /** Looks all documents over; signs what is missing, changed or half spent. */
  refresh(): Promise<void> {
    return this.#inOrder(() => this.#refresh());
  }

  /** Publishes everything there is: after a start, and when the broker has come back with an empty memory. */
  publishAll(): Promise<void> {
    return this.#inOrder(() => this.#publishAll());
  }

  /** A root that a ceremony made, in the database since the last look: its keys sign from now on. @returns whether there was one */
  takeRoot(): Promise<boolean> {
    return this.#inOrder(async () => {
      if (!(await this.#root.hasNews())) return false;
      await this.#refresh();
      // The root first: what its keys have signed is believed after it.
      await this.#publishAll();
      this.#options.log.info({}, 'another root version holds');
      return true;
    });
  }

  /**
   * States of residents or passes have changed in the registry: out with it. The first goes at once; what comes while it is
   * signed goes together.
   */
  statusChanged(list: StatusSubject, places: readonly number[]): Promise<void> {
    const waiting = this.#waiting.get(list);
    if (waiting !== undefined) {
      for (const place of places) waiting.places.add(place);
      return waiting.done;
    }
    const mine = new Set(places);
    const done = this.#inOrder(async () => {
      this.#waiting.delete(list);
      await this.#lists.change(list, [...mine]);
      await this.#publishStored(`${list}-delta`, LIST_CHANNELS[list][1]);
      await this.#publishTime();
      if (await this.#lists.wantsWhole(list)) void this.#makeWhole(list);
    });
    this.#waiting.set(list, { places: mine, done });
    return done;
  }

  /** Residents, phones, gates or rules have changed. */
  registryChanged(): Promise<void> {
    return this.#inOrder(async () => {
      await this.#refreshPlain();
      await this.#publishPolicies();
      for (const gate of await this.#options.registry.gates()) await this.#publishRosterOf(gate);
      await this.#publishTime();
    });
  }

  /** Issuer or operator keys have changed. */
  keysChanged(): Promise<void> {
    return this.#inOrder(async () => {
      await this.#refreshKeys();
      await this.#publishStored('keyset', 'keys');
      await this.#publishStored('operators', 'operators');
      await this.#publishTime();
    });
  }

  publishTime(): Promise<void> {
    return this.#inOrder(() => this.#publishTime());
  }

  /** No whole list is made beside the end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#tail;
  }

  /** The district's time for a gate's own nonce. */
  timeFor(gate: string, nonce: string): Promise<string> {
    return this.#signedTime({ aud: gate, nonce });
  }

  /** A whole list, and the delta on top of it. */
  async listFor(list: StatusSubject): Promise<string[]> {
    const found = await Promise.all([this.#shelf.get(list), this.#shelf.get(`${list}-delta`)]);
    return found.flatMap((document) => (document === undefined ? [] : [document.text]));
  }

  /** All current documents as one file; for one gate, with its roster. */
  async bundle(gate?: Gate): Promise<BundleFile> {
    const time = this.#mayNot('time') ? undefined : await this.#signedTime({});
    return bundleOf({ shelf: this.#shelf, roots: await this.#root.texts(), time, gate });
  }

  /** Names, versions and spans of what is published. */
  spans(): Promise<Omit<StoredDocument, 'text'>[]> {
    return this.#shelf.spans();
  }

  async #refresh(): Promise<void> {
    await this.#root.refresh();
    const { missing } = this.#options.keys;
    if (missing.length > 0)
      this.#options.log.error(
        { roles: missing.join(' ') },
        'keys that the root names are not on this machine: their documents are not renewed',
      );
    await this.#refreshKeys();
    await this.#refreshPlain();
    if (this.#mayNot('status')) return;
    for (const list of LISTS) {
      await this.#lists.refresh(list);
      if (await this.#lists.wantsWhole(list)) void this.#makeWhole(list);
    }
  }

  /** Small beside the changes that go on meanwhile; after some attempts that they overtook, before the next of them. */
  async #makeWhole(list: StatusSubject): Promise<void> {
    if (this.#packing.has(list)) return;
    this.#packing.add(list);
    try {
      for (let attempt = 1; !this.#stopped; attempt += 1) {
        const packed = attempt > WHOLE_LIST_ATTEMPTS ? undefined : await this.#lists.pack(list);
        if (this.#stopped) return;
        const isOut = await this.#inOrder(async () => {
          if (!(await this.#lists.signWhole(list, packed))) return false;
          await this.#publishStored(list, LIST_CHANNELS[list][0]);
          await this.#publishStored(`${list}-delta`, LIST_CHANNELS[list][1]);
          await this.#publishTime();
          return true;
        });
        if (isOut) return;
      }
    } catch {
      this.#options.log.error({ list }, 'a whole status list could not be made');
    } finally {
      this.#packing.delete(list);
    }
  }

  /** The key set and the operators' list; keys that wait for gates learn from which version on gates have them. */
  async #refreshKeys(): Promise<void> {
    const { keys, issuers, operators } = this.#options;
    const { signers } = keys;
    // Another process may have led until now.
    await issuers.reload();
    await operators.reload();
    if (!this.#mayNot('keyset')) {
      const listed = issuers.listed();
      const content = { keys: listed.keys };
      const recipe = { name: 'keyset', lifeSeconds: LIFE_SECONDS.keyset, content };
      const stored = await this.#shelf.renew({ ...recipe, signer: signers.keyset, sign: signKeyset });
      await issuers.published(stored.version, listed.ids);
    }
    if (this.#mayNot('operators')) return;
    const content = { operators: operators.listed() };
    const recipe = { name: 'operators', lifeSeconds: LIFE_SECONDS.operators, content };
    const stored = await this.#shelf.renew({ ...recipe, signer: signers.operators, sign: signOperators });
    await operators.published(stored.version);
  }

  async #refreshPlain(): Promise<void> {
    for (const recipe of await this.#plainRecipes()) await this.#shelf.renew(recipe);
  }

  async #plainRecipes(): Promise<Recipe[]> {
    const { keys, communities } = this.#options;
    const { policy, roster } = keys.signers;
    const policies = this.#mayNot('policy') ? [] : communities;
    const rosters = this.#mayNot('roster') ? [] : communities;
    return [
      ...(await Promise.all(policies.map((community) => this.#policyContent(community)))).map((content) => ({
        name: `policy/${content.aud}`,
        lifeSeconds: LIFE_SECONDS.policy,
        content,
        signer: policy,
        sign: signPolicy,
      })),
      ...(await Promise.all(rosters.map(({ id }) => this.#rosterContent(id)))).map((content) => ({
        name: `roster/${content.aud}`,
        lifeSeconds: LIFE_SECONDS.roster,
        content,
        signer: roster,
        sign: signRoster,
      })),
    ];
  }

  async #policyContent({ id, rules }: Community): Promise<Content & { aud: number }> {
    const { registry, timeZone, database } = this.#options;
    const gates = (await registry.gates()).filter(
      ({ community, confirmed }) => community === id && confirmed === 1,
    );
    return {
      aud: id,
      timeZone,
      ...((await storedRules(database, id)) ?? rules),
      gates: Object.fromEntries(gates.map((gate) => [gate.id, gate.device_key])),
    };
  }

  async #rosterContent(community: number): Promise<Content & { aud: number }> {
    const { registry, keys } = this.#options;
    return { aud: community, lookupKey: keys.lookupKey, entries: await registry.roster(community) };
  }

  /** The key that the root names for this role is elsewhere: what it would sign is left as it is. */
  #mayNot(role: SigningRole): boolean {
    return this.#options.keys.missing.includes(role);
  }

  async #publishAll(): Promise<void> {
    await this.#publishRoot();
    await this.#publishStored('keyset', 'keys');
    await this.#publishStored('operators', 'operators');
    await this.#publishPolicies();
    for (const list of LISTS) {
      await this.#publishStored(list, LIST_CHANNELS[list][0]);
      await this.#publishStored(`${list}-delta`, LIST_CHANNELS[list][1]);
    }
    for (const gate of await this.#options.registry.gates()) await this.#publishRosterOf(gate);
    await this.#publishTime();
  }

  async #publishRoot(): Promise<void> {
    const roots = await this.#root.texts();
    if (roots.length > 0) await this.#options.publish('root', `[${roots.join(',')}]`);
  }

  async #publishPolicies(): Promise<void> {
    const found = await Promise.all(
      this.#options.communities.map(({ id }) => this.#shelf.get(`policy/${id}`)),
    );
    const texts = found.flatMap((document) => (document === undefined ? [] : [document.text]));
    const [only, ...more] = texts;
    if (only !== undefined)
      await this.#options.publish('policy', more.length === 0 ? only : JSON.stringify(texts));
  }

  async #publishStored(name: string, channel: TrustChannel): Promise<void> {
    const document = await this.#shelf.get(name);
    // An empty retained message clears what a broker still keeps of an older list.
    await this.#options.publish(channel, document?.text ?? '');
  }

  async #publishRosterOf(gate: Gate): Promise<void> {
    const sealed = await sealedRoster(this.#shelf, gate);
    if (sealed !== undefined) await this.#options.publishRoster(gate.id, sealed);
  }

  async #publishTime(): Promise<void> {
    if (!this.#mayNot('time')) await this.#options.publish('time', await this.#signedTime({}));
  }

  async #signedTime(asked: { aud?: string; nonce?: string }): Promise<string> {
    const { district, clock, keys } = this.#options;
    const documents = await this.#shelf.named();
    // Its time is a time document's version: two of one millisecond would contradict each other.
    const time = wallMs(Math.max(clock.wall(), this.#lastTimeMs + 1));
    this.#lastTimeMs = time;
    const iat = unixSeconds(time);
    return signTime(keys.signers.time, {
      iss: district,
      iat,
      exp: iat + TIME_LIFE_SECONDS,
      time,
      ...asked,
      documents,
    });
  }

  /** One change at a time: versions rise one by one, and a publish never overtakes an older one. */
  #inOrder<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return done;
  }
}
