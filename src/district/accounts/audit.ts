import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { assert, toHex } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import type { AuditPage } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { AUDIT_KEPT_MS, AUDIT_PAGE_MAX, AUDIT_PURGED_EVERY_MS } from '../limits.ts';

/**
 * Who did what to which number, when, and with what outcome. Entries are only ever added, and fall away by age alone; what
 * does not look like one of our own words or numbers is not taken, so that no name and no secret can get in.
 */
export interface Deed {
  /** Sign-in name, or who is meant instead (roles.ts) */
  readonly account: string;
  /** e.g. `post /api/residents/{index}/state` */
  readonly action: string;
  /** An id: of a gate, a place in the list, an account */
  readonly subject: string;
  /** A status, or one word */
  readonly outcome: string;
}

export interface AuditQuery {
  /** Id of the oldest entry that is there already. */
  readonly before?: string;
  readonly limit?: number;
  readonly account?: string;
  /** Anywhere within. */
  readonly action?: string;
  readonly subject?: string;
  /** Unix milliseconds: from and with … */
  readonly from?: number;
  /** … until and without. */
  readonly until?: number;
}

const ID_TIME_DIGITS = 12;
const ID_RANDOM_BYTES = 6;
const NOT_OURS = '?';

export class Audit {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #random: Random;
  #last = { at: 0, count: 0 };
  #purgedAt = 0;

  constructor({ database, clock, random }: { database: Database; clock: Clock; random: Random }) {
    this.#database = database;
    this.#clock = clock;
    this.#random = random;
  }

  async note({ account, action, subject, outcome }: Deed): Promise<void> {
    const at = this.#clock.wall();
    if (at - this.#purgedAt >= AUDIT_PURGED_EVERY_MS) await this.purge();
    const entry = {
      id: this.#nextId(at),
      at,
      account: clean(account, 32),
      action: clean(action, 64),
      subject: clean(subject, 128),
      outcome: clean(outcome, 64),
    };
    await this.#database.insertInto('audit').values(entry).execute();
  }

  /** Newest first, of those that fit everything that is asked. */
  async page(query: AuditQuery = {}): Promise<AuditPage> {
    const { before, limit = AUDIT_PAGE_MAX, account, action, subject, from, until } = query;
    assert(limit >= 1 && limit <= AUDIT_PAGE_MAX, 'a page of the audit log has its limit');
    const all = this.#database
      .selectFrom('audit')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit + 1);
    const found = await all
      .$if(before !== undefined, (select) => select.where('id', '<', before ?? ''))
      .$if(account !== undefined, (select) => select.where('account', '=', account ?? ''))
      .$if(action !== undefined, (select) => select.where(hasWithin('action', action)))
      .$if(subject !== undefined, (select) => select.where(hasWithin('subject', subject)))
      .$if(from !== undefined, (select) => select.where('at', '>=', from ?? 0))
      .$if(until !== undefined, (select) => select.where('at', '<', until ?? 0))
      .execute();
    const entries = found.slice(0, limit);
    const last = entries.at(-1);
    return { entries, ...(found.length > limit && last !== undefined ? { next: last.id } : {}) };
  }

  /** Removes what is older than it must be kept. @returns how many entries */
  async purge(): Promise<number> {
    this.#purgedAt = this.#clock.wall();
    const done = await this.#database
      .deleteFrom('audit')
      .where('at', '<', this.#clock.wall() - AUDIT_KEPT_MS)
      .executeTakeFirst();
    return Number(done.numDeletedRows);
  }

  /** Rises with time and, within a millisecond, with each entry; two processes never draw the same. */
  #nextId(at: number): string {
    this.#last = { at, count: this.#last.at === at ? this.#last.count + 1 : 0 };
    const time = at.toString(16).padStart(ID_TIME_DIGITS, '0');
    const count = this.#last.count.toString(16).padStart(4, '0');
    return `${time}${count}${toHex(this.#random.bytes(ID_RANDOM_BYTES))}`;
  }
}

/** As text, whatever stands in it. */
function hasWithin(column: 'action' | 'subject', text = ''): RawBuilder<SqlBool> {
  const pattern = `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return sql<SqlBool>`${sql.ref(column)} like ${pattern} escape ${sql.lit('\\')}`;
}

function clean(text: string, length: number): string {
  return text.length <= length && /^[A-Za-z0-9 ._,:#/{}@-]+$/.test(text) ? text : NOT_OURS;
}
