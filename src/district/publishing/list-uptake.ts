import type { Clock, Log } from '../../ports/index.ts';
import {
  type DistrictWarning,
  type StatusPayload,
  type StatusSubject,
  statusPayload,
} from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import {
  INSERTED_ROWS_MAX,
  LIST_CHANGE_KEPT_MS,
  LIST_CHANGE_PLACES_MAX,
  UPTAKE_RECENT_MS,
  UPTAKE_WARN_MS,
  UPTAKES_KEPT_MAX,
} from '../limits.ts';
import type { ListChange } from './publisher-options.ts';

/**
 * How long a change of a status list takes to each gate, by what gates say they hold. Which version carries a place's
 * change is kept, and so is how long each gate took; one that takes it after a restart is known to have it, without a time.
 */
export interface ListUptakeOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}

/** Of one change, gate by gate. */
export interface Uptake {
  /** Unix milliseconds */
  readonly changedAt: number;
  readonly version: number;
  readonly gates: readonly GateUptake[];
  /** Of those whose time is known; undefined: of none. */
  readonly p95Ms: number | undefined;
}

export interface GateUptake {
  readonly gate: string;
  readonly isOnline: boolean;
  readonly hasIt: boolean;
  /** Absent: it has it not, or took it while nobody measured. */
  readonly afterMs?: number;
}

/** Of the changes of the last minutes, at gates that are connected. */
export interface RecentUptake {
  readonly p95Ms: number;
  /** Gates that lack the newest change. */
  readonly missing: number;
}

interface Taken {
  readonly list: StatusSubject;
  readonly version: number;
  readonly gate: string;
  readonly after_ms: number;
  readonly at: number;
}

interface Followed {
  readonly list: StatusSubject;
  readonly version: number;
  readonly begunAt: number;
  /** Milliseconds by gate. */
  readonly after: Map<string, number>;
}

export class ListUptake {
  readonly #options: ListUptakeOptions;
  /** The newest at the end. */
  #followed: Followed[] = [];
  readonly #online = new Set<string>();
  /** Times that are not in the database yet, and their way there. */
  #unwritten: Taken[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(options: ListUptakeOptions) {
    this.#options = options;
  }

  async changed({ list, places, version }: ListChange): Promise<void> {
    const { database, clock } = this.#options;
    const begun: Followed = { list, version, begunAt: clock.monotonic(), after: new Map() };
    this.#followed = [...this.#followed, begun].slice(-UPTAKES_KEPT_MAX);
    const at = clock.wall();
    for (const table of ['list_change', 'list_uptake'] as const)
      await database
        .deleteFrom(table)
        .where('at', '<', at - LIST_CHANGE_KEPT_MS)
        .execute();
    if (places.length === 0 || places.length > LIST_CHANGE_PLACES_MAX) return;
    await database
      .insertInto('list_change')
      .values(places.map((place) => ({ list, place, version, at })))
      .onConflict((conflict) => conflict.columns(['list', 'place']).doUpdateSet({ version, at }))
      .execute();
  }

  /** A gate says what it holds. */
  heard(gate: string, { state, documents }: Pick<StatusPayload, 'state' | 'documents'>): void {
    if (state !== 'online') return void this.#online.delete(gate);
    this.#online.add(gate);
    const now = this.#options.clock.monotonic();
    const at = this.#options.clock.wall();
    for (const { list, version, begunAt, after } of this.#followed) {
      if ((documents[list] ?? 0) < version || after.has(gate)) continue;
      after.set(gate, now - begunAt);
      this.#unwritten.push({ list, version, gate, after_ms: now - begunAt, at });
    }
    if (this.#unwritten.length > 0) this.#writing = this.#writing.then(() => this.#write());
  }

  /** All times that are known are kept. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** @returns undefined when nothing is known of a change of that place */
  async of(list: StatusSubject, place: number): Promise<Uptake | undefined> {
    const { database } = this.#options;
    const change = await database
      .selectFrom('list_change')
      .select(['version', 'at'])
      .where('list', '=', list)
      .where('place', '=', place)
      .executeTakeFirst();
    if (change === undefined) return undefined;
    const followed = this.#followed.find((each) => each.list === list && each.version === change.version);
    const kept = await this.#kept(list, change.version);
    const gates = await database
      .selectFrom('gate')
      .select(['id', 'status'])
      .where('confirmed', '=', 1)
      .orderBy('id')
      .execute();
    const told = gates.flatMap(({ id, status }) => {
      const said = saidOf(status);
      if (said === undefined) return [];
      const afterMs = followed?.after.get(id) ?? kept.get(id);
      const hasIt = afterMs !== undefined || (said.documents[list] ?? 0) >= change.version;
      const known = afterMs === undefined ? {} : { afterMs };
      return [{ gate: id, isOnline: said.state === 'online', hasIt, ...known }];
    });
    const times = told.flatMap(({ afterMs }) => (afterMs === undefined ? [] : [afterMs]));
    return { changedAt: change.at, version: change.version, gates: told, p95Ms: p95Of(times) };
  }

  /**
   * A gate that is connected and lacks a change counts with the time that it has lacked it.
   * @returns undefined without changes, and without gates that are connected
   */
  recent(): RecentUptake | undefined {
    const now = this.#options.clock.monotonic();
    const recent = this.#followed.filter(({ begunAt }) => now - begunAt <= UPTAKE_RECENT_MS);
    const newest = recent.at(-1);
    if (newest === undefined) return undefined;
    const times = recent.flatMap(({ after, begunAt }) => {
      const lacking = [...this.#online].filter((gate) => !after.has(gate)).map(() => now - begunAt);
      return [...after.values(), ...lacking];
    });
    const missing = [...this.#online].filter((gate) => !newest.after.has(gate)).length;
    const p95Ms = p95Of(times);
    return p95Ms === undefined ? undefined : { p95Ms, missing };
  }

  /** Told while lists are taken late. */
  warnings(): readonly DistrictWarning[] {
    const recent = this.recent();
    if (recent === undefined || recent.p95Ms <= UPTAKE_WARN_MS) return [];
    const seconds = (recent.p95Ms / 1_000).toFixed(1);
    const { missing } = recent;
    return [
      {
        name: 'list-uptake',
        zh: `门禁收到注销和暂停太慢：95% 的门禁用了 ${seconds} 秒以内，还有 ${missing} 个没收到。请查看网络和消息服务器。`,
        en: `Gates take revocations late: 95 % within ${seconds} s, ${missing} still without. Please look at the network and the broker.`,
      },
    ];
  }

  async #kept(list: StatusSubject, version: number): Promise<ReadonlyMap<string, number>> {
    const kept = await this.#options.database
      .selectFrom('list_uptake')
      .select(['gate', 'after_ms'])
      .where('list', '=', list)
      .where('version', '=', version)
      .execute();
    return new Map(kept.map(({ gate, after_ms }) => [gate, after_ms]));
  }

  /** What came meanwhile goes along. A time that cannot be written is told: it is missing on a page after a restart. */
  async #write(): Promise<void> {
    const { database, log } = this.#options;
    const values = this.#unwritten.splice(0, INSERTED_ROWS_MAX);
    if (values.length === 0) return;
    try {
      await database
        .insertInto('list_uptake')
        .values(values)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    } catch (cause) {
      log.warn({ detail: String(cause).slice(0, 200) }, 'when gates took a list could not be kept');
    }
    if (this.#unwritten.length > 0) await this.#write();
  }
}

function saidOf(status: string | null): StatusPayload | undefined {
  try {
    return statusPayload.safeParse(JSON.parse(status ?? 'null')).data;
  } catch {
    return undefined;
  }
}

/** The nearest rank. */
function p95Of(times: readonly number[]): number | undefined {
  const sorted = times.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)];
}
