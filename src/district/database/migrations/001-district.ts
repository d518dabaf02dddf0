import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Registry, reports of gates, documents. */
export const district: Migration = {
  up: async (database) => {
    for (const make of [makeRegistry, makeReports, makeDocuments]) await make(database);
  },
};

type Untyped = Kysely<unknown>;

async function makeRegistry({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('gate')
    .ifNotExists()
    .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('community', 'bigint', (column) => column.notNull())
    .addColumn('device_key', 'varchar(64)', (column) => column.notNull())
    .addColumn('seal_key', 'varchar(43)')
    .addColumn('password_hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('enrolled_at', 'bigint', (column) => column.notNull())
    .addColumn('status', 'text')
    .addColumn('seen_at', 'bigint')
    .execute();
  await schema
    .createTable('household')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('community', 'bigint', (column) => column.notNull())
    .addColumn('room', 'varchar(64)', (column) => column.notNull())
    .execute();
  await schema
    .createTable('resident')
    .ifNotExists()
    .addColumn('place', 'bigint', (column) => column.primaryKey())
    .addColumn('household', 'integer', (column) => column.notNull().references('household.id'))
    .addColumn('member', 'integer', (column) => column.notNull())
    .addColumn('display', 'varchar(64)')
    .addColumn('last_day', 'integer')
    .addColumn('needs_more_time', 'integer', (column) => column.notNull())
    .addColumn('minor', 'integer', (column) => column.notNull())
    .addColumn('assurance', 'integer', (column) => column.notNull())
    .addColumn('state', 'integer', (column) => column.notNull())
    .execute();
  await schema
    .createTable('holder_key')
    .ifNotExists()
    .addColumn('place', 'bigint', (column) => column.notNull().references('resident.place'))
    .addColumn('slot', 'integer', (column) => column.notNull())
    .addColumn('public_key', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('registered_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('holder_key_one', ['place', 'slot'])
    .execute();
  await schema
    .createTable('pass')
    .ifNotExists()
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('host', 'bigint', (column) => column.notNull().references('resident.place'))
    .addColumn('community', 'bigint', (column) => column.notNull())
    .addColumn('from_seconds', 'bigint', (column) => column.notNull())
    .addColumn('minutes', 'integer', (column) => column.notNull())
    .addColumn('uses', 'integer', (column) => column.notNull())
    .addColumn('state', 'integer', (column) => column.notNull())
    .execute();
}

async function makeReports({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('journal_row')
    .ifNotExists()
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('journal', 'varchar(32)', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('previous_hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('digest', 'varchar(64)', (column) => column.notNull())
    .addColumn('content', 'text')
    .addColumn('at', 'varchar(32)')
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('journal_row_once', ['gate', 'journal', 'seq', 'hash'])
    .execute();
  await schema.createIndex('journal_row_by_time').ifNotExists().on('journal_row').column('at').execute();
  await schema
    .createTable('stream')
    .ifNotExists()
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('journal', 'varchar(32)', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('checkpoint', 'text')
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('stream_one', ['gate', 'journal'])
    .execute();
  await schema
    .createTable('alarm')
    .ifNotExists()
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('id', 'varchar(64)', (column) => column.notNull())
    .addColumn('alarm', 'varchar(32)', (column) => column.notNull())
    .addColumn('cleared', 'integer', (column) => column.notNull())
    .addColumn('at', 'varchar(32)', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('alarm_once', ['gate', 'id', 'cleared'])
    .execute();
}

async function makeDocuments({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('document')
    .ifNotExists()
    .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('issued_at_seconds', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_seconds', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('root_version')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('status_change')
    .ifNotExists()
    .addColumn('list', 'varchar(16)', (column) => column.notNull())
    .addColumn('place', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('status_change_once', ['list', 'place'])
    .execute();
  await schema
    .createTable('command_counter')
    .ifNotExists()
    .addColumn('key', 'varchar(64)', (column) => column.notNull())
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('counter', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('command_counter_one', ['key', 'gate'])
    .execute();
}
