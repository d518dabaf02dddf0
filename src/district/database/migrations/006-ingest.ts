import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Rows can be found by time, gate, resident and pass; alarms are acknowledged by somebody; workers share the gates by
 * leases; what is missing of a journal, and what the last check of a chain found, is kept.
 */
export const ingest: Migration = {
  up: async (database) => {
    for (const make of [makeFindable, makeParty, makeAlarms, makeSharing, makeChecks]) await make(database);
  },
};

type Untyped = Kysely<unknown>;

async function makeFindable(database: Untyped): Promise<void> {
  const { schema } = database;
  await schema.alterTable('journal_row').addColumn('decision', 'varchar(16)').execute();
  await schema.alterTable('journal_row').addColumn('refusal', 'varchar(32)').execute();
  await schema.alterTable('journal_row').addColumn('place', 'bigint').execute();
  await schema.alterTable('journal_row').addColumn('pass', 'bigint').execute();
  await fillFindable(database);
  await schema.dropIndex('journal_row_by_time').ifExists().execute();
  const on = (name: string) => schema.createIndex(name).on('journal_row');
  await on('journal_row_newest').columns(['at', 'gate', 'journal', 'seq', 'hash']).execute();
  await on('journal_row_of_gate').columns(['gate', 'at']).execute();
  await on('journal_row_of_place').columns(['place', 'at']).where('place', 'is not', null).execute();
  await on('journal_row_of_pass').columns(['pass', 'at']).where('pass', 'is not', null).execute();
  await on('journal_row_refused').columns(['refusal', 'at']).where('refusal', 'is not', null).execute();
}

/** Rows stored before these columns were there. */
async function fillFindable(database: Untyped): Promise<void> {
  const field = (name: string) =>
    isPostgres(database)
      ? sql`content::json ->> ${sql.lit(name)}`
      : sql`json_extract(content, ${sql.lit(`$.${name}`)})`;
  await sql`update journal_row set decision = ${field('decision')}, refusal = ${field('refusal')},
    place = cast(${field('index')} as bigint), pass = cast(${field('passId')} as bigint)
    where content is not null`.execute(database);
}

/** Who came along on a family code: found like the one who showed it. */
async function makeParty(database: Untyped): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('entry_party')
    .addColumn('place', 'bigint', (column) => column.notNull())
    .addColumn('at', 'varchar(32)', (column) => column.notNull())
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('journal', 'varchar(32)', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .addPrimaryKeyConstraint('entry_party_one', ['place', 'at', 'gate', 'journal', 'seq', 'hash'])
    .execute();
  await schema.createIndex('entry_party_by_time').on('entry_party').column('at').execute();
  const each = isPostgres(database)
    ? sql`json_array_elements_text(content::json -> 'party') as member(value)`
    : sql`json_each(content, '$.party') as member`;
  await sql`insert into entry_party (place, at, gate, journal, seq, hash)
    select distinct cast(member.value as bigint), at, gate, journal, seq, hash from journal_row, ${each}
    where content like '%"party":%'`.execute(database);
}

async function makeAlarms({ schema }: Untyped): Promise<void> {
  await schema.alterTable('alarm').addColumn('acknowledged_at', 'bigint').execute();
  await schema.alterTable('alarm').addColumn('acknowledged_by', 'varchar(64)').execute();
  await schema.createIndex('alarm_newest').on('alarm').columns(['at', 'gate', 'id', 'cleared']).execute();
}

async function makeSharing({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('lease')
    .addColumn('name', 'varchar(80)', (column) => column.primaryKey())
    .addColumn('worker', 'varchar(64)', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('missing')
    .addColumn('gate', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('journal', 'varchar(32)', (column) => column.notNull())
    .addColumn('from_seq', 'bigint', (column) => column.notNull())
    .addColumn('search', 'integer', (column) => column.notNull())
    .addColumn('ask_at', 'bigint')
    .addColumn('asked_at', 'bigint')
    .execute();
}

async function makeChecks({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('chain_check')
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('journal', 'varchar(32)', (column) => column.notNull())
    .addColumn('checked_at', 'bigint', (column) => column.notNull())
    .addColumn('rows', 'bigint', (column) => column.notNull())
    .addColumn('problem', 'varchar(16)')
    .addColumn('problem_seq', 'bigint')
    .addPrimaryKeyConstraint('chain_check_one', ['gate', 'journal'])
    .execute();
}

function isPostgres(database: Untyped): boolean {
  return database.getExecutor().adapter instanceof PostgresAdapter;
}
