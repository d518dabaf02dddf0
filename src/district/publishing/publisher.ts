import { unixSeconds, wallMs } from '../../base/index.ts';
import { signKeyset, signOperators, signTime } from '../../issue/index.ts';
import type { BundleFile, StatusSubject, TrustChannel } from '../../wire/index.ts';
import type { Gate } from '../database/database.ts';
import type { SigningRole } from '../keys/key-ring.ts';
import { LIFE_SECONDS, TIME_LIFE_SECONDS, WHOLE_LIST_ATTEMPTS } from '../limits.ts';
import { bundleOf } from './bundle.ts';
import { ChangeRounds, type RegistryChange, type Round } from './change-rounds.ts';
import { CommunityDocuments } from './community-documents.ts';
import type { PublisherOptions } from './publisher-options.ts';
import { RegistryNews } from './registry-news.ts';
import { RootDesk } from './root-desk.ts';
import { Shelf, type Span } from './shelf.ts';
import { StatusLists } from './status-lists.ts';

/**
 * Makes and keeps the district's signed documents: each whole in the database before it is published, its version higher
 * than any before. It signs again when content or key have changed or half of a document's life is over.
 */
export type { Community } from './community.ts';

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
  readonly #communities: CommunityDocuments;
  readonly #rounds: ChangeRounds;
  readonly #news: RegistryNews;
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
    this.#communities = new CommunityDocuments({ ...options, shelf: this.#shelf });
    this.#rounds = new ChangeRounds({
      communities: options.communities.map(({ id }) => id),
      clock: options.clock,
      work: (round) => this.#publishRound(round),
    });
    this.#news = new RegistryNews(options.database);
  }

  /** Looks all documents over; signs what is missing, changed or half spent. */
  async refresh(): Promise<void> {
    await this.#inOrder(() => this.#refreshShared());
    await this.#refreshRosters();
  }

  /**
   * Publishes everything there is: after a start, and when the broker has come back with an empty memory. Rosters go out
   * one by one, and what is more urgent goes between them.
   */
  async publishAll(): Promise<void> {
    await this.#inOrder(() => this.#publishShared());
    await this.#publishRosters();
  }

  /** A root that a ceremony made, in the database since the last look: its keys sign from now on. @returns whether there was one */
  async takeRoot(): Promise<boolean> {
    const isNew = await this.#inOrder(async () => {
      if (!(await this.#root.hasNews())) return false;
      await this.#refreshShared();
      // The root first: what its keys have signed is believed after it.
      await this.#publishShared();
      return true;
    });
    if (!isNew) return false;
    await this.#refreshRosters();
    await this.#publishRosters();
    this.#options.log.info({}, 'another root version holds');
    return true;
  }

  /** A command beside this process has entered people: out with their rosters. */
  async takeNews(): Promise<void> {
    const known = new Set(this.#options.communities.map(({ id }) => id));
    const communities = (await this.#news.look()).filter((id) => known.has(id));
    if (communities.length > 0) await this.registryChanged({ what: 'people', communities });
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
      const version = await this.#lists.change(list, [...mine]);
      await this.#options.onListChanged?.({ list, places: [...mine], version });
      await this.#publishStored(`${list}-delta`, LIST_CHANNELS[list][1]);
      await this.#publishTime();
      if (await this.#lists.wantsWhole(list)) void this.#makeWhole(list);
    });
    this.#waiting.set(list, { places: mine, done });
    return done;
  }

  /**
   * Residents, phones, gates or rules have changed; what did not is neither signed nor sent again.
   * @param change left out: anything may have. @returns when gates were sent what is theirs
   */
  registryChanged(change?: RegistryChange): Promise<void> {
    return this.#rounds.ask(change);
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
    await this.#rounds.stop();
    await this.#tail;
  }

  /** The district's time for a gate's own nonce. */
  async timeFor(gate: string, nonce: string): Promise<string> {
    const { community } = (await this.#options.registry.gate(gate)) ?? {};
    return this.#signedTime({ aud: gate, nonce }, (name) => isOf(name, community));
  }

  /** A whole list, and the delta on top of it. */
  async listFor(list: StatusSubject): Promise<string[]> {
    const found = await Promise.all([this.#shelf.get(list), this.#shelf.get(`${list}-delta`)]);
    return found.flatMap((document) => (document === undefined ? [] : [document.text]));
  }

  /** All current documents as one file; for one gate, with its roster. */
  async bundle(gate?: Gate): Promise<BundleFile> {
    const time = this.#mayNot('time') ? undefined : await this.#signedTime({});
    const { sealed } = this.#communities;
    return bundleOf({ shelf: this.#shelf, sealed, roots: await this.#root.texts(), time, gate });
  }

  /** Names, versions and spans of what is published. */
  spans(): Promise<Span[]> {
    return this.#shelf.spans();
  }

  /** Everything but rosters. */
  async #refreshShared(): Promise<void> {
    await this.#root.refresh();
    const { missing } = this.#options.keys;
    if (missing.length > 0)
      this.#options.log.error(
        { roles: missing.join(' ') },
        'keys that the root names are not on this machine: their documents are not renewed',
      );
    await this.#refreshKeys();
    await this.#communities.renewPolicies();
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

  async #refreshRosters(): Promise<void> {
    for (const { id } of this.#options.communities)
      if (!this.#stopped) await this.#inOrder(() => this.#communities.renewRoster(id));
  }

  /** The key that the root names for this role is elsewhere: what it would sign is left as it is. */
  #mayNot(role: SigningRole): boolean {
    return this.#options.keys.missing.includes(role);
  }

  async #publishShared(): Promise<void> {
    await this.#publishRoot();
    await this.#publishStored('keyset', 'keys');
    await this.#publishStored('operators', 'operators');
    await this.#communities.publishPolicies();
    for (const list of LISTS) {
      await this.#publishStored(list, LIST_CHANNELS[list][0]);
      await this.#publishStored(`${list}-delta`, LIST_CHANNELS[list][1]);
    }
    await this.#publishTime();
  }

  async #publishRosters(): Promise<void> {
    for (const { id } of await this.#options.registry.gates()) {
      if (this.#stopped) return;
      await this.#inOrder(async () => {
        // As it is now: it may have been ended meanwhile.
        const gate = await this.#options.registry.gate(id);
        if (gate !== undefined) await this.#communities.publishRoster(gate, { again: true });
      });
    }
    await this.publishTime();
  }

  async #publishRound(round: Round): Promise<void> {
    const ruled = [...round].filter(([, what]) => what.has('gates') || what.has('rules')).map(([id]) => id);
    let isNew = false;
    if (ruled.length > 0)
      isNew = await this.#inOrder(async () => {
        const isOther = await this.#communities.renewPolicies(new Set(ruled));
        if (isOther) await this.#communities.publishPolicies();
        return isOther;
      });
    for (const [id, what] of round)
      if (what.has('people') || what.has('gates'))
        isNew = (await this.#inOrder(() => this.#publishRostersOf(id, what.has('people')))) || isNew;
    if (isNew) await this.publishTime();
  }

  /** @returns whether a gate was sent another one */
  async #publishRostersOf(community: number, peopleChanged: boolean): Promise<boolean> {
    if (peopleChanged) await this.#communities.renewRoster(community);
    let isNew = false;
    for (const gate of await this.#options.registry.gates(community))
      isNew = (await this.#communities.publishRoster(gate, { again: false })) || isNew;
    return isNew;
  }

  async #publishRoot(): Promise<void> {
    const roots = await this.#root.texts();
    if (roots.length > 0) await this.#options.publish('root', `[${roots.join(',')}]`);
  }

  async #publishStored(name: string, channel: TrustChannel): Promise<void> {
    const document = await this.#shelf.get(name);
    // An empty retained message clears what a broker still keeps of an older list.
    await this.#options.publish(channel, document?.text ?? '');
  }

  async #publishTime(): Promise<void> {
    if (!this.#mayNot('time'))
      await this.#options.publish('time', await this.#signedTime({}, (name) => isOf(name)));
  }

  /** @param names which documents it names; all, when left out */
  async #signedTime(
    asked: { aud?: string; nonce?: string },
    names: (name: string) => boolean = () => true,
  ): Promise<string> {
    const { district, clock, keys } = this.#options;
    const all = Object.entries(await this.#shelf.named());
    const documents = Object.fromEntries(all.filter(([name]) => names(name)));
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

/** Whether a document is the district's, or this community's: `policy/7`, `roster/7`. */
function isOf(name: string, community?: number): boolean {
  const [, scope] = name.split('/');
  return scope === undefined || scope === String(community);
}
