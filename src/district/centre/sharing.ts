import type { BrokerFacts, Link, Subscription } from '../../link/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import { allGatesFilter, GATE_CHANNEL_RULES, gateTopic } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { LEASE_EVERY_MS, LEASE_MS } from '../ingest/limits.ts';
import { leasesOf, releaseLeases, renewLeases, takeLease } from './leases.ts';

/**
 * Which gates' entries this process hears. Where the broker shares subscriptions, it deals the messages out; else workers
 * lease gates in the database, and one that is alone hears all. Two that hear the same gate do no harm: rows are stored once.
 */
export interface SharingOptions {
  readonly district: string;
  readonly worker: string;
  readonly shared: 'auto' | boolean;
  readonly group: string;
  readonly database: Database;
  readonly link: () => Link;
  /** Gates that came over from another worker: what they sent meanwhile may be lost. */
  readonly onGained: (gates: readonly string[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const CHANNEL = 'entries';
const { qos } = GATE_CHANNEL_RULES[CHANNEL];

export class Sharing {
  readonly #options: SharingOptions;
  #mode: 'broker' | 'alone' | 'leases' = 'alone';
  #gates: ReadonlySet<string> = new Set();
  #stopped = false;
  #cancel: (() => void) | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(options: SharingOptions) {
    this.#options = options;
  }

  /** `broker`: it deals out. `alone`: all gates. `leases`: those of `gates`. */
  get mode(): 'broker' | 'alone' | 'leases' {
    return this.#mode;
  }

  get gates(): ReadonlySet<string> {
    return this.#gates;
  }

  /** Of a connection that begins. */
  subscriptions({ sharedSubscriptions }: BrokerFacts): readonly Subscription[] {
    const { shared, district, group } = this.#options;
    const byBroker = shared === 'auto' ? sharedSubscriptions : shared;
    if (byBroker) this.#mode = 'broker';
    else if (this.#mode === 'broker') this.#mode = 'alone';
    const all = allGatesFilter(district, CHANNEL);
    if (this.#mode === 'broker') return [{ topic: `$share/${group}/${all}`, qos }];
    return this.#mode === 'alone' ? [{ topic: all, qos }] : this.#topics([...this.#gates]);
  }

  start(): void {
    this.#later(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#round;
    const { database, worker } = this.#options;
    const mine = [...this.#gates].map((gate) => `gate/${gate}`);
    await releaseLeases(database, worker, [`worker/${worker}`, ...mine]).catch(() => undefined);
  }

  #later(milliseconds: number): void {
    this.#cancel = this.#options.clock.after(milliseconds, () => {
      // While the database is away everybody stays with what they have.
      this.#round = this.#share()
        .catch(() => undefined)
        .finally(() => {
          if (!this.#stopped) this.#later(LEASE_EVERY_MS);
        });
    });
  }

  async #share(): Promise<void> {
    const { database, worker } = this.#options;
    await takeLease(database, { name: `worker/${worker}`, worker, lifeMs: LEASE_MS });
    if (this.#mode === 'broker') return;
    const workers = (await leasesOf(database, 'worker')).length;
    if (workers > 1) return this.#leaseGates(workers);
    if (this.#mode === 'leases') await this.#hearAll();
  }

  async #hearAll(): Promise<void> {
    const { database, worker, district, link, log } = this.#options;
    const before = [...this.#gates];
    this.#mode = 'alone';
    this.#gates = new Set();
    log.info({}, 'no other worker is there: this one hears all gates');
    await link().subscribe([{ topic: allGatesFilter(district, CHANNEL), qos }]);
    await link().unsubscribe(this.#topics(before).map(({ topic }) => topic));
    await releaseLeases(
      database,
      worker,
      before.map((gate) => `gate/${gate}`),
    );
    await this.#options.onGained(await this.#enrolled());
  }

  async #leaseGates(workers: number): Promise<void> {
    const { database, worker, district, link, log } = this.#options;
    await renewLeases(database, worker, LEASE_MS);
    const gates = await this.#enrolled();
    const share = Math.ceil(gates.length / workers);
    const held = await leasesOf(database, 'gate');
    const mine = held
      .filter((lease) => lease.worker === worker)
      .map(({ name }) => name.slice('gate/'.length));
    const enrolled = new Set(gates);
    const keep = mine.filter((gate) => enrolled.has(gate)).slice(0, share);
    const taken = new Set(held.map(({ name }) => name.slice('gate/'.length)));
    const free = gates.filter((gate) => !taken.has(gate));
    const won = await this.#take(free, share - keep.length);
    const now = new Set([...keep, ...won]);
    const [gained, lost] = [difference(now, this.#gates), difference(this.#gates, now)];
    const wasAlone = this.#mode === 'alone';
    this.#mode = 'leases';
    this.#gates = now;
    await releaseLeases(
      database,
      worker,
      mine.filter((gate) => !now.has(gate)).map((gate) => `gate/${gate}`),
    );
    await link().subscribe(this.#topics(gained));
    await link().unsubscribe(this.#topics(lost).map(({ topic }) => topic));
    if (wasAlone) await link().unsubscribe([allGatesFilter(district, CHANNEL)]);
    if (gained.length === 0 && lost.length === 0) return;
    log.info({ gates: now.size, workers }, 'gates are shared out among the workers');
    if (!wasAlone) await this.#options.onGained(gained);
  }

  async #take(free: readonly string[], count: number): Promise<string[]> {
    const { database, worker } = this.#options;
    const won: string[] = [];
    for (const gate of free) {
      if (won.length >= count) break;
      if (await takeLease(database, { name: `gate/${gate}`, worker, lifeMs: LEASE_MS })) won.push(gate);
    }
    return won;
  }

  async #enrolled(): Promise<string[]> {
    const rows = await this.#options.database.selectFrom('gate').select('id').orderBy('id').execute();
    return rows.map(({ id }) => id);
  }

  #topics(gates: readonly string[]): Subscription[] {
    return gates.map((gate) => ({ topic: gateTopic(this.#options.district, gate, CHANNEL), qos }));
  }
}

function difference(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...some].filter((each) => !others.has(each));
}
