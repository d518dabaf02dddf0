import type { Clock, Log } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { insertAlarms } from './alarms.ts';
import { type ChainProblem, type ChainResult, checkChain } from './chain-check.ts';
import type { VerifySignature } from './batch-check.ts';

/** Checks stored chains in the background, one at a time; what was found is kept, and a chain that does not hold is an alarm. */
export interface ChainChecksOptions {
  readonly district: string;
  readonly database: Database;
  readonly verifySignature: VerifySignature;
  readonly clock: Clock;
  readonly log: Log;
}

export interface KeptResult extends ChainResult {
  /** Unix milliseconds */
  readonly checkedAt: number;
}

export class ChainChecks {
  readonly #options: ChainChecksOptions;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: ChainChecksOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** The last results of a gate's journals. */
  async last(gate: string): Promise<readonly KeptResult[]> {
    const rows = await this.#options.database
      .selectFrom('chain_check')
      .selectAll()
      .where('gate', '=', gate)
      .orderBy('checked_at', 'desc')
      .execute();
    return rows.map(({ journal, rows: held, problem, problem_seq: seq, checked_at: checkedAt }) => ({
      gate,
      journal,
      rows: held,
      ...(problem === null || seq === null ? {} : { problem: { seq, kind: problem as ChainProblem } }),
      checkedAt,
    }));
  }

  /** @returns false while another check runs */
  start(gate: string): boolean {
    if (this.#running !== undefined || this.#stopped) return false;
    this.#run([gate]);
    return true;
  }

  /** All gates, one after the other; nothing while another check runs. */
  async startAll(): Promise<void> {
    const gates = await this.#options.database.selectFrom('gate').select('id').orderBy('id').execute();
    if (this.#running === undefined && !this.#stopped) this.#run(gates.map(({ id }) => id));
  }

  /** Kept when the check that runs has ended. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  #run(gates: readonly string[]): void {
    this.#running = this.#checkAll(gates)
      .catch(() => this.#options.log.error({ work: 'chains' }, 'stored chains could not be checked'))
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #checkAll(gates: readonly string[]): Promise<void> {
    for (const gate of gates) if (!this.#stopped) await this.#checkGate(gate);
  }

  async #checkGate(gate: string): Promise<void> {
    const { database } = this.#options;
    const before = await this.last(gate);
    const deviceKeys = await keysOf(database, gate);
    for (const journal of await journalsOf(database, gate)) {
      const last = before.find((each) => each.journal === journal);
      const heldBefore = last?.rows ?? 0;
      const result = await checkChain(
        { ...this.#options, stopped: () => this.#stopped },
        { gate, journal, deviceKeys, heldBefore },
      );
      // One that shrunk stays so: it is measured against what held at its best.
      if (result !== undefined) await this.#keep({ ...result, rows: Math.max(result.rows, heldBefore) });
    }
  }

  async #keep({ gate, journal, rows, problem }: ChainResult): Promise<void> {
    const { database, clock, log } = this.#options;
    const now = clock.wall();
    const values = {
      checked_at: now,
      rows,
      problem: problem?.kind ?? null,
      problem_seq: problem?.seq ?? null,
    };
    await database
      .insertInto('chain_check')
      .values({ gate, journal, ...values })
      .onConflict((conflict) => conflict.columns(['gate', 'journal']).doUpdateSet(values))
      .execute();
    if (problem === undefined) return;
    log.error({ gate, row: problem.seq, why: problem.kind }, 'a chain that is stored here does not hold');
    const alarm = {
      id: `${journal.slice(0, 8)}-stored-${problem.kind}-${problem.seq}`,
      at: new Date(now).toISOString(),
      alarm: 'tamper',
      cleared: false,
      journal,
      seq: problem.seq,
      detail: `stored: row ${problem.seq}: what the district has stored of it was changed (${problem.kind})`,
    } as const;
    await insertAlarms(database, { gate, alarms: [alarm], now });
  }
}

/** The present key, and those that the name had before. */
async function keysOf(database: Database, gate: string): Promise<string[]> {
  const [present, former] = await Promise.all([
    database.selectFrom('gate').select('device_key').where('id', '=', gate).execute(),
    database.selectFrom('gate_key').select('device_key').where('gate', '=', gate).execute(),
  ]);
  return [...present, ...former].map(({ device_key: key }) => key);
}

/** Of rows as well as of heads: one whose head was taken away is looked at too, and one that was checked before. */
async function journalsOf(database: Database, gate: string): Promise<string[]> {
  const found = await Promise.all([
    database.selectFrom('stream').select('journal').where('gate', '=', gate).execute(),
    database.selectFrom('journal_row').select('journal').distinct().where('gate', '=', gate).execute(),
    database.selectFrom('chain_check').select('journal').where('gate', '=', gate).execute(),
  ]);
  return [...new Set(found.flat().map(({ journal }) => journal))].sort();
}
