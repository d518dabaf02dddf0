import { hash } from 'node:crypto';
import type { Database, Gate } from '../database/database.ts';
import { rosterName, type Shelf } from './shelf.ts';

/**
 * Rosters as gates get them. One that was sealed is kept in the database and sealed again only when the roster or the
 * gate's key is another: what is kept can be opened by the gate alone.
 */
export interface SealedRostersOptions {
  readonly database: Database;
  readonly shelf: Shelf;
  readonly seal: (roster: string, key: { kty: 'OKP'; crv: 'X25519'; x: string }) => Promise<string>;
}

export interface Sealed {
  /** Another one for another roster or another key. */
  readonly mark: string;
  readonly text: string;
}

export class SealedRosters {
  readonly #options: SealedRostersOptions;
  /** The last one that was opened: the gates of a community follow one another. */
  #opened: { readonly name: string; readonly hash: string; readonly text: string } | undefined;

  constructor(options: SealedRostersOptions) {
    this.#options = options;
  }

  /** @returns undefined: nobody has confirmed the gate, it has no key to seal for, or there is no roster */
  async markOf(gate: Gate): Promise<string | undefined> {
    if (gate.seal_key === null || gate.confirmed !== 1) return undefined;
    const roster = await this.#options.shelf.span(rosterName(gate.community));
    return roster === undefined ? undefined : hash('sha256', `${gate.seal_key} ${roster.hash}`, 'hex');
  }

  async of(gate: Gate): Promise<Sealed | undefined> {
    const mark = await this.markOf(gate);
    if (mark === undefined || gate.seal_key === null) return undefined;
    const { database, seal } = this.#options;
    const kept = await database
      .selectFrom('sealed_roster')
      .select(['mark', 'text'])
      .where('gate', '=', gate.id)
      .executeTakeFirst();
    if (kept?.mark === mark) return kept;
    const roster = await this.#open(rosterName(gate.community));
    if (roster === undefined) return undefined;
    const text = await seal(roster, { kty: 'OKP', crv: 'X25519', x: gate.seal_key });
    const made = { mark, text };
    await database
      .insertInto('sealed_roster')
      .values({ gate: gate.id, ...made })
      .onConflict((conflict) => conflict.column('gate').doUpdateSet(made))
      .execute();
    return made;
  }

  /** Nothing is kept for a gate that gets none. */
  async forget(gate: string): Promise<void> {
    await this.#options.database.deleteFrom('sealed_roster').where('gate', '=', gate).execute();
  }

  async #open(name: string): Promise<string | undefined> {
    const { shelf } = this.#options;
    const span = await shelf.span(name);
    if (span === undefined) return undefined;
    if (this.#opened?.name === name && this.#opened.hash === span.hash) return this.#opened.text;
    const found = await shelf.get(name);
    if (found !== undefined) this.#opened = { name, hash: found.hash, text: found.text };
    return found?.text;
  }
}
