import { toHex } from '../../base/index.ts';
import { sealRoster, signPolicy, signRoster } from '../../issue/index.ts';
import { policyPayload } from '../../wire/index.ts';
import type { Gate } from '../database/database.ts';
import { LIFE_SECONDS } from '../limits.ts';
import type { Community } from './community.ts';
import { storedRules } from './community-rules.ts';
import type { PublisherOptions } from './publisher-options.ts';
import { SealedRosters } from './sealed-rosters.ts';
import { type Content, rosterName, type Shelf } from './shelf.ts';

type Options = Pick<
  PublisherOptions,
  | 'district'
  | 'timeZone'
  | 'communities'
  | 'database'
  | 'registry'
  | 'keys'
  | 'publish'
  | 'publishRoster'
  | 'seal'
  | 'shortCodes'
> & { readonly shelf: Shelf };

export class CommunityDocuments {
  readonly sealed: SealedRosters;
  readonly #options: Options;
  /** Marks of the rosters that the broker has taken for each gate. */
  readonly #sent = new Map<string, string>();

  constructor(options: Options) {
    this.#options = options;
    this.sealed = new SealedRosters({ ...options, seal: options.seal ?? sealRoster });
  }

  /** @param which all, when left out. @returns whether one is another than before */
  async renewPolicies(which?: ReadonlySet<number>): Promise<boolean> {
    const { keys, registry, communities, shelf } = this.#options;
    // The key that the root names is elsewhere: what it would sign is left as it is.
    if (keys.missing.includes('policy')) return false;
    const gates = Map.groupBy(await registry.gates(), ({ community }) => community);
    let isNew = false;
    for (const community of communities) {
      const { id } = community;
      if (which?.has(id) === false) continue;
      const content = await this.#policyContent(community, gates.get(id) ?? []);
      const recipe = { name: `policy/${id}`, lifeSeconds: LIFE_SECONDS.policy, content };
      const done = await shelf.renew({ ...recipe, signer: keys.signers.policy, sign: signPolicy });
      isNew ||= done.isNew;
    }
    return isNew;
  }

  async renewRoster(community: number): Promise<void> {
    const { keys, registry, shelf, shortCodes } = this.#options;
    if (keys.missing.includes('roster')) return;
    const content = {
      aud: community,
      lookupKey: keys.lookupKey,
      ...(shortCodes === false ? {} : { shortCodeKey: toHex(await keys.shortCodes.of(community)) }),
      entries: await registry.roster(community),
    };
    const recipe = { name: rosterName(community), lifeSeconds: LIFE_SECONDS.roster, content };
    await shelf.renew({ ...recipe, signer: keys.signers.roster, sign: signRoster });
  }

  async publishPolicies(): Promise<void> {
    const { communities, shelf, publish } = this.#options;
    const found = await Promise.all(communities.map(({ id }) => shelf.get(`policy/${id}`)));
    const texts = found.flatMap((document) => (document === undefined ? [] : [document.text]));
    const [only, ...more] = texts;
    if (only !== undefined) await publish('policy', more.length === 0 ? only : JSON.stringify(texts));
  }

  /** @param again also when the gate was sent this one: the broker may have lost it. @returns whether it was sent */
  async publishRoster(gate: Gate, { again }: { readonly again: boolean }): Promise<boolean> {
    const mark = await this.sealed.markOf(gate);
    if (mark === undefined) {
      if (gate.seal_key === null) await this.sealed.forget(gate.id);
      this.#sent.delete(gate.id);
      return false;
    }
    if (!again && this.#sent.get(gate.id) === mark) return false;
    const sealed = await this.sealed.of(gate);
    if (sealed === undefined) return false;
    this.#sent.delete(gate.id);
    const isTaken = await this.#options.publishRoster(gate.id, sealed.text);
    if (isTaken !== false) this.#sent.set(gate.id, sealed.mark);
    return true;
  }

  async #policyContent({ id, rules }: Community, gates: readonly Gate[]): Promise<Content> {
    const { timeZone, database, district } = this.#options;
    const confirmed = gates.filter(({ confirmed: is }) => is === 1);
    // With its defaults filled in: another default is another content.
    return policyPayload.parse({
      iss: district,
      ...NOT_YET_ISSUED,
      aud: id,
      timeZone,
      ...((await storedRules(database, id)) ?? rules),
      gates: Object.fromEntries(confirmed.map((gate) => [gate.id, gate.device_key])),
    });
  }
}

/** Each signing gives them anew. */
const NOT_YET_ISSUED = { version: 1, iat: 0, exp: 1 };
