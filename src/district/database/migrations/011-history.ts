import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How gates were over the last days, which version of a list carries a change, and deeds of guards found without the rest. */
export const history: Migration = {
  up: async (database) => {
    for (const make of [makeHealth, makeChanges, makeDeeds]) await make(database);
  },
};

type Untyped = Kysely<unknown>;

async function makeHealth({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('gate_health')
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('reports', 'integer', (column) => column.notNull())
    .addColumn('timed', 'integer', (column) => column.notNull())
    .addColumn('p50_sum', 'double precision', (column) => column.notNull())
    .addColumn('p99_ms', 'double precision')
    .addColumn('temperature', 'double precision')
    .addColumn('unsent', 'bigint', (column) => column.notNull())
    .addColumn('free_bytes', 'bigint')
    .addColumn('clock', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('gate_health_one', ['gate', 'at'])
    .execute();
  await schema.createIndex('gate_health_by_time').on('gate_health').column('at').execute();
}

async function makeChanges({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('list_change')
    .addColumn('list', 'varchar(16)', (column) => column.notNull())
    .addColumn('place', 'bigint', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('list_change_newest', ['list', 'place'])
    .execute();
  await schema.createIndex('list_change_by_time').on('list_change').column('at').execute();
}

/** Few beside the entries: what guards did and looked up, and what happened to the gate itself. */
async function makeDeeds(database: Untyped): Promise<void> {
  await sql`create index journal_row_deeds on journal_row (gate, at)
    where decision in ('manual', 'system')`.execute(database);
}
