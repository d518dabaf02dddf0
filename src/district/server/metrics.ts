import { Counter, Gauge, Registry } from 'prom-client';
import { ALARMS, type DistrictWarning, statusPayload } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import type { IntakeCounts } from '../centre/intake.ts';
import type { RecentUptake } from '../publishing/list-uptake.ts';

export interface MetricSources {
  readonly warnings?: () => Promise<readonly DistrictWarning[]>;
  readonly counts?: () => Readonly<IntakeCounts>;
  readonly uptake?: () => RecentUptake | undefined;
}

/** What Prometheus may ask the district (`/metrics`), counted in the database when asked. Labels are words of ours alone. */
export class DistrictMetrics {
  readonly #database: Database;
  readonly #registry = new Registry();
  readonly #rows = this.#gauge('menwei_district_rows_stored', 'Rows stored without a gap, of all journals.');
  readonly #lag = this.#gauge(
    'menwei_district_rows_behind',
    'Rows that gates had when they last spoke and that are not stored here.',
  );
  readonly #gates = this.#gauge('menwei_district_gates', 'Gates enrolled.');
  readonly #online = this.#gauge('menwei_district_gates_online', 'Gates whose connection stands.');
  readonly #alarms = new Gauge({
    name: 'menwei_district_alarms',
    help: 'Alarms stored, by kind.',
    labelNames: ['alarm'] as const,
    registers: [this.#registry],
  });

  readonly #warnings = this.#gauge(
    'menwei_district_warnings',
    'What ends soon or stands as it should not stay; /api/warnings names each.',
  );
  readonly #firstExpiry = this.#gauge(
    'menwei_district_first_expiry_seconds',
    'Seconds until the first of what ends soon; 30 days when nothing does.',
  );
  readonly #dropped = new Counter({
    name: 'menwei_district_messages_dropped_total',
    help: 'Messages of gates that this process did not handle, by why; entries among them are sent again.',
    labelNames: ['why'] as const,
    registers: [this.#registry],
  });
  readonly #uptakeSeconds = this.#gauge(
    'menwei_district_list_uptake_p95_seconds',
    'Seconds within which 95 % of the connected gates took the changes of lists of the last ten minutes; 0 without any.',
  );
  readonly #uptakeMissing = this.#gauge(
    'menwei_district_list_uptake_missing_gates',
    'Connected gates that lack the newest change of a list of the last ten minutes.',
  );
  readonly #uptake: (() => RecentUptake | undefined) | undefined;
  readonly #counts: (() => Readonly<IntakeCounts>) | undefined;
  readonly #listed: (() => Promise<readonly DistrictWarning[]>) | undefined;

  constructor(database: Database, { warnings, counts, uptake }: MetricSources = {}) {
    this.#database = database;
    this.#counts = counts;
    this.#listed = warnings;
    this.#uptake = uptake;
  }

  /** Prometheus text format. */
  async text(): Promise<string> {
    await Promise.all([this.#countGates(), this.#countAlarms(), this.#countWarnings()]);
    const uptake = this.#uptake?.();
    this.#uptakeSeconds.set((uptake?.p95Ms ?? 0) / 1_000);
    this.#uptakeMissing.set(uptake?.missing ?? 0);
    this.#dropped.reset();
    for (const [why, count] of Object.entries(this.#counts?.() ?? {})) this.#dropped.inc({ why }, count);
    return this.#registry.metrics();
  }

  async #countGates(): Promise<void> {
    const gates = await this.#database.selectFrom('gate').select(['id', 'status']).execute();
    const streams = await this.#database.selectFrom('stream').select(['gate', 'journal', 'seq']).execute();
    const stored = new Map(streams.map(({ gate, journal, seq }) => [`${gate}/${journal}`, Number(seq)]));
    const statuses = gates.map(({ id, status }) => ({ id, status: statusOf(status) }));
    this.#rows.set([...stored.values()].reduce((sum, seq) => sum + seq, 0));
    this.#gates.set(gates.length);
    this.#online.set(statuses.filter(({ status }) => status?.state === 'online').length);
    const behind = statuses.map(({ id, status }) =>
      status === undefined
        ? 0
        : Math.max(0, status.journal.seq - (stored.get(`${id}/${status.journal.id}`) ?? 0)),
    );
    this.#lag.set(behind.reduce((sum, rows) => sum + rows, 0));
  }

  async #countWarnings(): Promise<void> {
    const warnings = (await this.#listed?.()) ?? [];
    this.#warnings.set(warnings.length);
    const left = warnings.flatMap(({ secondsLeft }) => (secondsLeft === undefined ? [] : [secondsLeft]));
    this.#firstExpiry.set(Math.min(30 * 86_400, ...left));
  }

  async #countAlarms(): Promise<void> {
    const counted = await this.#database
      .selectFrom('alarm')
      .select(({ fn }) => ['alarm', fn.countAll().as('count')])
      .where('cleared', '=', 0)
      .groupBy('alarm')
      .execute();
    const counts = new Map(counted.map(({ alarm, count }) => [alarm, Number(count)]));
    for (const alarm of ALARMS) this.#alarms.set({ alarm }, counts.get(alarm) ?? 0);
  }

  #gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.#registry] });
  }
}

function statusOf(text: string | null) {
  return statusPayload.safeParse(JSON.parse(text ?? 'null')).data;
}
