import { err, ok, type Result } from '../../base/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import type { GateState, NewStage, UpdatesView } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { updateOutcomes } from '../ingest/update-outcomes.ts';
import { UPDATES_SENT_TOGETHER } from '../limits.ts';
import type { Releases } from '../publishing/releases.ts';
import type { Registry } from '../registry/registry.ts';
import type { Orders } from './orders.ts';
import type { ReleaseGateTable } from './update-tables.ts';
import { gatesOf, maySend, outlook, type ReleaseStanding, type StageProblem } from './update-stages.ts';
import { type GateOrder, stepped } from './update-steps.ts';
import { type KnownGate, knownGate, type Ordered, ordersIn, standingOf, viewOf } from './update-rows.ts';

/**
 * Updates in stages: a person begins each one, its gates are ordered one after the other, and what becomes of them is
 * followed by what they say. An order is noted before it goes out, so that a crash repeats none; while a failure is unseen
 * nothing more goes out.
 */
export interface UpdatesOptions {
  readonly database: Database;
  readonly registry: Pick<Registry, 'gates'>;
  readonly releases: Pick<Releases, 'list'>;
  readonly orders: Pick<Orders, 'give'>;
  /** How each gate's life stands. */
  readonly states: () => Promise<ReadonlyMap<string, GateState>>;
  readonly clock: Clock;
  readonly log: Log;
}

export type UpdateProblem = StageProblem | 'no-such-release' | 'release-stopped' | 'nothing-failed';

export class Updates {
  readonly #options: UpdatesOptions;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: UpdatesOptions) {
    this.#options = options;
  }

  async view(): Promise<UpdatesView> {
    const { releases, clock } = this.#options;
    const [stored, gates] = await Promise.all([releases.list(), this.#gates()]);
    const orders = await this.#orders(stored.map(({ number }) => number));
    const views = stored.map((release) => {
      const standing = standingOf(release, stored, orders.get(release.number) ?? []);
      return { ...viewOf(release, standing.orders), ...outlook(standing, gates, clock.wall()) };
    });
    return {
      gates: gates.map(({ word: _, ...told }) => told),
      releases: views.map(({ offers, ...view }) => ({ ...view, offers: [...offers] })),
    };
  }

  /** @param by the account whose key signs the orders; @returns how many gates are to be ordered */
  async begin(release: number, stage: NewStage, by: string): Promise<Result<number, UpdateProblem>> {
    const { database, clock, releases } = this.#options;
    const [stored, gates] = await Promise.all([releases.list(), this.#gates()]);
    const known = stored.find(({ number }) => number === release);
    if (known === undefined) return err('no-such-release');
    const now = clock.wall();
    const begun = await alone(database, async (transaction) => {
      const orders = (await ordersIn(transaction, [release])).get(release) ?? [];
      const chosen = gatesOf(stage, standingOf(known, stored, orders), { gates, now });
      if (!chosen.ok) return chosen;
      for (const gate of chosen.value) {
        const row = {
          stage: stage.stage,
          state: 'queued',
          since: now,
          begun_at: now,
          begun_by: by,
          why: null,
          looked_by: null,
        };
        await transaction
          .insertInto('release_gate')
          .values({ release, gate, ...row })
          .onConflict((conflict) => conflict.columns(['release', 'gate']).doUpdateSet(row))
          .execute();
      }
      return ok(chosen.value.length);
    });
    if (begun.ok) void this.lookOver().catch(() => undefined);
    return begun;
  }

  /** Somebody has seen that this gate failed: it stops nothing any more. */
  async looked(release: number, gate: string, by: string): Promise<Result<true, UpdateProblem>> {
    const done = await this.#options.database
      .updateTable('release_gate')
      .set({ looked_by: by })
      .where('release', '=', release)
      .where('gate', '=', gate)
      .where('state', '=', 'failed')
      .where('looked_by', 'is', null)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n ? ok(true) : err('nothing-failed');
  }

  /** No further gate is ordered this release; those that wait are let go. */
  async stop(release: number, by: string): Promise<Result<true, UpdateProblem>> {
    const { database } = this.#options;
    return alone(database, async (transaction) => {
      const done = await transaction
        .updateTable('release')
        .set({ stopped_by: by })
        .where('number', '=', release)
        .where('stopped_by', 'is', null)
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) return err('release-stopped');
      await transaction
        .deleteFrom('release_gate')
        .where('release', '=', release)
        .where('state', '=', 'queued')
        .execute();
      return ok(true);
    });
  }

  /** By the clock, where this process leads: gates under way are judged, and orders that wait go out. One at a time. */
  lookOver(): Promise<void> {
    const next = this.#tail.then(() => this.#lookOver());
    this.#tail = next.catch(() => undefined);
    return next;
  }

  async #lookOver(): Promise<void> {
    const stored = await this.#options.releases.list();
    const orders = await this.#orders(stored.map(({ number }) => number));
    if (orders.size === 0) return;
    const gates = new Map((await this.#gates()).map((each) => [each.gate, each]));
    for (const release of stored) {
      const of = orders.get(release.number) ?? [];
      const followed = await this.#follow(release.number, of, gates);
      const standing = standingOf(release, stored, followed);
      if (maySend(standing, this.#options.clock.wall())) await this.#send(standing);
    }
  }

  async #follow(
    release: number,
    orders: readonly Ordered[],
    gates: ReadonlyMap<string, KnownGate>,
  ): Promise<readonly Ordered[]> {
    const { database, clock } = this.#options;
    const open = orders.filter(({ state }) => state !== 'failed' && state !== 'queued');
    if (open.length === 0) return orders;
    const from = Math.min(...open.map(({ begunAt }) => begunAt));
    const told = await updateOutcomes(database, { release, gates: open.map(({ gate }) => gate), from });
    const followed: Ordered[] = [];
    for (const order of orders) {
      const known = gates.get(order.gate);
      const outcome = told.get(order.gate);
      const isNews = outcome !== undefined && outcome.receivedAt >= order.begunAt;
      const word = { isInOrder: false, ...known?.word, ...(isNews ? { told: outcome } : {}) };
      const next = stepped(order, { release, word, now: clock.wall() });
      if (next !== order) await this.#note(release, next);
      followed.push({ ...order, ...next });
    }
    return followed;
  }

  async #send({ release, orders }: ReleaseStanding<Ordered>): Promise<void> {
    const { orders: desk, clock } = this.#options;
    for (const order of orders.filter(({ state }) => state === 'queued').slice(0, UPDATES_SENT_TOGETHER)) {
      const { gate, begunBy } = order;
      const ordered: GateOrder = { ...order, state: 'ordered', since: clock.wall() };
      if (!(await this.#note(release, ordered, 'queued'))) continue;
      const given = await desk.give(gate, { verb: 'update', release, reason: String(release) }, begunBy);
      if (given.ok) continue;
      await this.#note(release, { ...ordered, state: 'failed', since: clock.wall(), why: given.error });
      return;
    }
  }

  /** @param was the state that it must still be in; @returns false when it was in another, and nothing is noted */
  async #note(
    release: number,
    { gate, state, since, why }: GateOrder,
    was?: GateOrder['state'],
  ): Promise<boolean> {
    const row: Pick<ReleaseGateTable, 'state' | 'since' | 'why'> = { state, since, why: why ?? null };
    let update = this.#options.database
      .updateTable('release_gate')
      .set(row)
      .where('release', '=', release)
      .where('gate', '=', gate);
    if (was !== undefined) update = update.where('state', '=', was);
    const noted = (await update.executeTakeFirst()).numUpdatedRows > 0n;
    if (noted && state === 'failed')
      this.#options.log.warn(
        { gate, release, why },
        'a gate did not take its update; no further one is ordered',
      );
    return noted;
  }

  async #gates(): Promise<KnownGate[]> {
    const { registry, states, clock } = this.#options;
    const [gates, lives] = await Promise.all([registry.gates(), states()]);
    return gates
      .filter(({ id }) => lives.get(id) === 'confirmed')
      .map((gate) => knownGate(gate, clock.wall()));
  }

  #orders(releases: readonly number[]): Promise<ReadonlyMap<number, readonly Ordered[]>> {
    return ordersIn(this.#options.database, releases);
  }
}
