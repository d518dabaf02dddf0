import { unixSeconds } from '../../base/index.ts';
import {
  sealRoster,
  signKeyset,
  signOperators,
  signPolicy,
  signRoot,
  signRoster,
  signTime,
} from '../../issue/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import {
  type BundleFile,
  COMMAND_VERBS,
  type Policy,
  ROLES,
  type StatusSubject,
  type TrustChannel,
} from '../../wire/index.ts';
import type { Database, Gate } from '../database/database.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { LIFE_SECONDS, TIME_LIFE_SECONDS } from '../limits.ts';
import type { Registry } from '../registry/registry.ts';
import { type Content, type Recipe, Shelf } from './shelf.ts';
import { StatusLists } from './status-lists.ts';

/**
 * Makes and keeps the district's signed documents: each whole in the database before it is published, its version higher
 * than any before. It signs again when the content has changed or half of a document's life is over.
 */
export interface Community {
  readonly id: number;
  /** Rules that differ from the defaults of the policy. */
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
  readonly keys: KeyRing;
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

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #shelf: Shelf;
  readonly #lists: StatusLists;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#shelf = new Shelf(options);
    this.#lists = new StatusLists({ ...options, shelf: this.#shelf });
  }

  /** Looks all documents over; signs what is missing, changed or half spent. */
  refresh(): Promise<void> {
    return this.#inOrder(async () => {
      await this.#refreshRoot();
      await this.#refreshPlain();
      for (const list of ['residents', 'visitors'] as const) await this.#lists.refresh(list);
    });
  }

  /** Publishes everything there is: after a start, and when the broker has come back with an empty memory. */
  publishAll(): Promise<void> {
    return this.#inOrder(async () => {
      await this.#publishRoot();
      await this.#publishStored('keyset', 'keys');
      await this.#publishStored('operators', 'operators');
      await this.#publishPolicies();
      for (const list of ['residents', 'visitors'] as const) {
        await this.#publishStored(list, LIST_CHANNELS[list][0]);
        await this.#publishStored(`${list}-delta`, LIST_CHANNELS[list][1]);
      }
      for (const gate of await this.#options.registry.gates()) await this.#publishRosterOf(gate);
      await this.#publishTime();
    });
  }

  /** States of residents or passes have changed in the registry: out with it. */
  statusChanged(list: StatusSubject, places: readonly number[]): Promise<void> {
    return this.#inOrder(async () => {
      const signed = await this.#lists.change(list, places);
      if (signed === 'whole') await this.#publishStored(list, LIST_CHANNELS[list][0]);
      await this.#publishStored(`${list}-delta`, LIST_CHANNELS[list][1]);
      await this.#publishTime();
    });
  }

  /** Residents, phones or gates of the registry have changed. */
  registryChanged(): Promise<void> {
    return this.#inOrder(async () => {
      await this.#refreshPlain();
      await this.#publishPolicies();
      for (const gate of await this.#options.registry.gates()) await this.#publishRosterOf(gate);
      await this.#publishTime();
    });
  }

  publishTime(): Promise<void> {
    return this.#inOrder(() => this.#publishTime());
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

  /** All current documents as one file, each root first. */
  async bundle(): Promise<BundleFile> {
    const roots = await this.#roots();
    const carried = (await this.#shelf.all()).filter(
      ({ name }) => name !== 'root' && !name.startsWith('roster/'),
    );
    return {
      type: 'menwei-bundle',
      documents: [...roots, ...carried.map(({ text }) => text), await this.#signedTime({})],
    };
  }

  async #refreshRoot(): Promise<void> {
    const { keys, log } = this.#options;
    const all = [...keys.root, ...Object.values(keys.signers)];
    const role = (name: (typeof ROLES)[number]) =>
      name === 'root'
        ? { keys: keys.root.map(({ kid }) => kid), threshold: 2 }
        : { keys: [keys.signers[name].kid], threshold: 1 };
    const content = {
      keys: Object.fromEntries(all.map(({ kid, publicJwk }) => [kid, publicJwk])),
      roles: Object.fromEntries(ROLES.map((name) => [name, role(name)])),
    };
    const signers = keys.root.slice(0, 2);
    if (signers.length < 2) return log.warn({}, 'the root keys are not here: the root is not renewed');
    const root = await this.#shelf.renew({
      name: 'root',
      lifeSeconds: LIFE_SECONDS.root,
      content,
      sign: (payload) => signRoot(signers, payload as never),
    });
    await this.#options.database
      .insertInto('root_version')
      .values({ version: root.version, text: root.text })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async #refreshPlain(): Promise<void> {
    for (const recipe of await this.#plainRecipes()) await this.#shelf.renew(recipe);
  }

  async #plainRecipes(): Promise<Recipe[]> {
    const { keys, communities } = this.#options;
    const { signers } = keys;
    const policies = await Promise.all(communities.map((community) => this.#policyContent(community)));
    const rosters = await Promise.all(communities.map(({ id }) => this.#rosterContent(id)));
    return [
      {
        name: 'keyset',
        lifeSeconds: LIFE_SECONDS.keyset,
        content: this.#keysetContent(),
        sign: (payload) => signKeyset(signers.keyset, payload as never),
      },
      {
        name: 'operators',
        lifeSeconds: LIFE_SECONDS.operators,
        content: this.#operatorsContent(),
        sign: (payload) => signOperators(signers.operators, payload as never),
      },
      ...policies.map((content) => ({
        name: `policy/${content.aud}`,
        lifeSeconds: LIFE_SECONDS.policy,
        content,
        sign: (payload: Parameters<Recipe['sign']>[0]) => signPolicy(signers.policy, payload as never),
      })),
      ...rosters.map((content) => ({
        name: `roster/${content.aud}`,
        lifeSeconds: LIFE_SECONDS.roster,
        content,
        sign: (payload: Parameters<Recipe['sign']>[0]) => signRoster(signers.roster, payload as never),
      })),
    ];
  }

  #keysetContent(): Content {
    const { issuer, publicKey, notBefore, signUntil, verifyUntil } = this.#options.keys.issuer;
    const x = Buffer.from(publicKey).toString('base64url');
    const key = {
      kid: String(issuer.kid),
      suite: 1,
      kty: 'OKP',
      crv: 'Ed25519',
      x,
      notBefore,
      signUntil,
      verifyUntil,
    };
    return { keys: [key] };
  }

  #operatorsContent(): Content {
    const { keys } = this.#options;
    const { notBefore, verifyUntil } = keys.issuer;
    const { kid, publicJwk } = keys.operator;
    const span = { from: notBefore, until: verifyUntil };
    return {
      operators: [{ actor: OPERATOR_ACTOR, kid, key: publicJwk, verbs: [...COMMAND_VERBS], ...span }],
    };
  }

  async #policyContent({ id, rules }: Community): Promise<Content & { aud: number }> {
    const { registry, timeZone } = this.#options;
    const gates = (await registry.gates()).filter(
      ({ community, confirmed }) => community === id && confirmed === 1,
    );
    return {
      aud: id,
      timeZone,
      ...rules,
      gates: Object.fromEntries(gates.map((gate) => [gate.id, gate.device_key])),
    };
  }

  async #rosterContent(community: number): Promise<Content & { aud: number }> {
    const { registry, keys } = this.#options;
    return { aud: community, lookupKey: keys.lookupKey, entries: await registry.roster(community) };
  }

  async #roots(): Promise<Record<string, unknown>[]> {
    const roots = await this.#options.database
      .selectFrom('root_version')
      .select('text')
      .orderBy('version')
      .execute();
    return roots.map(({ text }) => JSON.parse(text) as Record<string, unknown>);
  }

  async #publishRoot(): Promise<void> {
    const roots = await this.#roots();
    if (roots.length > 0) await this.#options.publish('root', JSON.stringify(roots));
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
    if (gate.seal_key === null || gate.confirmed !== 1) return;
    const roster = await this.#shelf.get(`roster/${gate.community}`);
    if (roster === undefined) return;
    const sealed = await sealRoster(roster.text, { kty: 'OKP', crv: 'X25519', x: gate.seal_key });
    await this.#options.publishRoster(gate.id, sealed);
  }

  async #publishTime(): Promise<void> {
    await this.#options.publish('time', await this.#signedTime({}));
  }

  async #signedTime(asked: { aud?: string; nonce?: string }): Promise<string> {
    const { district, clock, keys } = this.#options;
    const documents = await this.#shelf.named();
    const time = clock.wall();
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

/** The district's own operator: its console, in the name of whoever is signed in there. */
export const OPERATOR_ACTOR = 'centre';
