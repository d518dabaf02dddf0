import { assert, unixSeconds } from '../../base/index.ts';
import { signRoot } from '../../issue/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import { parseClaims, parseSigned, ROLES, type RootPayload, rootPayload } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { type KeyRing, SIGNING_ROLES, type SigningRole } from '../keys/key-ring.ts';
import { LIFE_SECONDS } from '../limits.ts';
import { payloadHash, type Shelf } from './shelf.ts';

/**
 * The chain of root versions. What a ceremony made is taken from the database as it appears there; only while the root's own
 * keys lie on this machine is a version made here.
 */
export interface RootDeskOptions {
  readonly district: string;
  readonly database: Database;
  readonly keys: KeyRing;
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly log: Log;
}

export class RootDesk {
  readonly #options: RootDeskOptions;
  #adopted: number | undefined;

  constructor(options: RootDeskOptions) {
    this.#options = options;
  }

  /** Makes the first, renews what is half spent, takes in what came. @returns whether another version holds than before */
  async refresh(): Promise<boolean> {
    const { keys, shelf } = this.#options;
    const before = this.#adopted;
    let newest = await this.#newest();
    if (newest === undefined) newest = await this.#first();
    if (newest.payload.version !== this.#adopted) await keys.reload();
    keys.adopt(newest.payload);
    if (this.#isDue(newest.payload)) newest = (await this.#renew(newest.payload)) ?? newest;
    const { text, payload } = newest;
    const { version, iat, exp } = payload;
    if ((await shelf.get('root'))?.version !== version)
      await shelf.put({ name: 'root', version, iat, exp, text, hash: payloadHash(text) });
    keys.adopt(payload);
    this.#adopted = version;
    return before !== version;
  }

  /** Whether the database has a version that is not taken in yet. */
  async hasNews(): Promise<boolean> {
    const newest = await this.#options.database
      .selectFrom('root_version')
      .select(({ fn }) => fn.max('version').as('version'))
      .executeTakeFirst();
    return (newest?.version ?? undefined) !== this.#adopted;
  }

  /** All versions, oldest first, general JWS texts. */
  async texts(): Promise<string[]> {
    const roots = await this.#options.database
      .selectFrom('root_version')
      .select('text')
      .orderBy('version')
      .execute();
    return roots.map(({ text }) => text);
  }

  async #newest(): Promise<{ text: string; payload: RootPayload } | undefined> {
    const row = await this.#options.database
      .selectFrom('root_version')
      .select('text')
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? undefined : { text: row.text, payload: readRoot(row.text) };
  }

  async #first(): Promise<{ text: string; payload: RootPayload }> {
    const { keys, log } = this.#options;
    if (keys.root.length === 0) {
      await keys.makeRootKeys();
      log.warn(
        {},
        'this district made its own root keys: they lie on this machine; carry them away with `menwei root export`',
      );
    }
    const kids = keys.root.map(({ kid }) => kid);
    return this.#sign(1, {
      keys: Object.fromEntries(
        [...keys.root, ...Object.values(keys.signers)].map(({ kid, publicJwk }) => [kid, publicJwk]),
      ),
      roles: Object.fromEntries(
        ROLES.map((role) => [
          role,
          role === 'root'
            ? { keys: kids, threshold: Math.min(2, kids.length) }
            : { keys: [keys.signers[role].kid], threshold: 1 },
        ]),
      ) as RootPayload['roles'],
    });
  }

  #isDue({ iat, exp }: RootPayload): boolean {
    const now = unixSeconds(this.#options.clock.wall());
    return now >= iat + (exp - iat) / 2 || this.#options.keys.missing.length > 0;
  }

  /** The same content anew; a role whose key is lost gets the one that is here. Undefined: the root's keys are elsewhere. */
  async #renew(before: RootPayload): Promise<{ text: string; payload: RootPayload } | undefined> {
    const { keys } = this.#options;
    if (!this.#hasThreshold(before)) return undefined;
    const lost = new Set<SigningRole>(keys.missing);
    const roles = {
      root: before.roles.root,
      ...Object.fromEntries(
        SIGNING_ROLES.map((role) => [
          role,
          lost.has(role) ? { keys: [keys.signers[role].kid], threshold: 1 } : before.roles[role],
        ]),
      ),
    } as RootPayload['roles'];
    const known = new Map([
      ...Object.entries(before.keys),
      ...Object.values(keys.signers).map(({ kid, publicJwk }) => [kid, publicJwk] as const),
    ]);
    const named = new Set(ROLES.flatMap((role) => roles[role].keys));
    const listed = Object.fromEntries([...known].filter(([kid]) => named.has(kid)));
    return this.#sign(before.version + 1, { keys: listed, roles });
  }

  #hasThreshold({ roles }: RootPayload): boolean {
    const here = this.#options.keys.root.filter(({ kid }) => roles.root.keys.includes(kid));
    return here.length >= roles.root.threshold;
  }

  async #sign(
    version: number,
    content: Pick<RootPayload, 'keys' | 'roles'>,
  ): Promise<{ text: string; payload: RootPayload }> {
    const { keys, district, clock, database } = this.#options;
    const iat = unixSeconds(clock.wall());
    const { threshold, keys: kids } = content.roles.root;
    const signers = keys.root.filter(({ kid }) => kids.includes(kid)).slice(0, threshold);
    const exp = iat + LIFE_SECONDS.root;
    const text = await signRoot(signers, { iss: district, version, iat, exp, ...content });
    await database
      .insertInto('root_version')
      .values({ version, text })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const stored = await this.#newest();
    assert(stored !== undefined, 'a root was stored');
    return stored;
  }
}

/** @throws when a stored root is none: only checked ones are stored */
export function readRoot(text: string): RootPayload {
  const signed = parseSigned(text);
  assert(signed.ok, 'a stored root can be read');
  return rootPayload.parse(parseClaims(signed.value.payload));
}
