import type { Transaction } from 'kysely';
import { assert } from '../../base/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { inTurn, isPostgres } from '../database/transaction.ts';
import { GROUP_BATCHES_MAX, GROUP_ROWS_MAX } from './limits.ts';

/**
 * When work on one gate's journal is done in the database, it is committed. PostgreSQL works on several gates at once,
 * each gate in turn; SQLite, which writes one transaction after the other, takes what waits into one: one fsync for all.
 */
export interface Storing<Outcome> {
  put(task: Task<Outcome>): Promise<Outcome>;
}

export interface Task<Outcome> {
  readonly gate: string;
  readonly rows: number;
  /** Has no effect outside the transaction: it may be done twice. */
  readonly work: (transaction: Transaction<Tables>) => Promise<Outcome>;
}

export function storingIn<Outcome>(database: Database, clock: Clock): Storing<Outcome> {
  if (!isPostgres(database)) return new Grouped(database, clock);
  return { put: ({ gate, work }) => inTurn(database, `ingest/${gate}`, work) };
}

interface Waiting<Outcome> {
  readonly task: Task<Outcome>;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (fault: unknown) => void;
}

class Grouped<Outcome> implements Storing<Outcome> {
  readonly #database: Database;
  readonly #clock: Clock;
  #waiting: Waiting<Outcome>[] = [];
  #running = false;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  put(task: Task<Outcome>): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      // A turn of the event loop later: what came in the same breath is there by then.
      this.#clock.after(0, () => void this.#run());
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#store(this.#nextGroup());
    this.#running = false;
  }

  #nextGroup(): readonly Waiting<Outcome>[] {
    let rows = 0;
    const isOver = ({ task }: Waiting<Outcome>) => {
      rows += task.rows;
      return rows > GROUP_ROWS_MAX;
    };
    const over = this.#waiting.findIndex(isOver);
    const fits = over < 0 ? this.#waiting.length : Math.max(1, over);
    return this.#waiting.splice(0, Math.min(GROUP_BATCHES_MAX, fits));
  }

  async #store(group: readonly Waiting<Outcome>[]): Promise<void> {
    try {
      const outcomes = await inTurn(this.#database, 'ingest', (transaction) => inOrder(transaction, group));
      for (const [at, { resolve }] of group.entries()) {
        const outcome = outcomes[at];
        assert(outcome !== undefined, 'each task has its outcome');
        resolve(outcome);
      }
    } catch (fault) {
      const [only, ...more] = group;
      if (more.length === 0) return only?.reject(fault);
      // One of them is at fault; the others must not suffer for it.
      for (const each of group) await this.#store([each]);
    }
  }
}

async function inOrder<Outcome>(
  transaction: Transaction<Tables>,
  group: readonly Waiting<Outcome>[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { task } of group) outcomes.push(await task.work(transaction));
  return outcomes;
}
