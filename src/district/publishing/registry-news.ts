import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** Another process than the one that leads has changed the registry: the leader finds it here. */
export async function noteNews(database: Database, communities: readonly number[]): Promise<void> {
  for (const community of new Set(communities))
    await database
      .insertInto('registry_news')
      .values({ community, changes: 1 })
      .onConflict((conflict) =>
        conflict.column('community').doUpdateSet({ changes: sql<number>`registry_news.changes + 1` }),
      )
      .execute();
}

export class RegistryNews {
  readonly #database: Database;
  readonly #seen = new Map<number, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns communities that have changed since the last look; at the first one, all that ever did */
  async look(): Promise<number[]> {
    const found = await this.#database.selectFrom('registry_news').selectAll().execute();
    const news = found.filter(
      ({ community, changes }) => this.#seen.get(Number(community)) !== Number(changes),
    );
    for (const { community, changes } of news) this.#seen.set(Number(community), Number(changes));
    return news.map(({ community }) => Number(community));
  }
}
