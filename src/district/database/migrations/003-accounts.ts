import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Accounts of the desk: who may sign in, who is signed in, what was tried, what was done, what waits for a second person. */
export const accounts: Migration = {
  up: async (database) => {
    for (const make of [makeAccounts, makeTries, makeRecords]) await make(database);
  },
};

type Untyped = Kysely<unknown>;

async function makeAccounts({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('account')
    .addColumn('name', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('roles', 'varchar(128)', (column) => column.notNull())
    .addColumn('password', 'varchar(256)')
    .addColumn('disabled', 'integer', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('invited_by', 'varchar(32)', (column) => column.notNull())
    .addColumn('signed_in_at', 'bigint')
    .execute();
  await schema
    .createTable('invitation')
    .addColumn('hash', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('account', 'varchar(32)', (column) => column.notNull().unique().references('account.name'))
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('session')
    .addColumn('hash', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('account', 'varchar(32)', (column) => column.notNull().references('account.name'))
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('session_by_account').on('session').column('account').execute();
}

async function makeTries({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('sign_in_try')
    .addColumn('key', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('locks', 'integer', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('sign_in_try_by_end').on('sign_in_try').column('ends_at').execute();
}

async function makeRecords({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('audit')
    .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('account', 'varchar(32)', (column) => column.notNull())
    .addColumn('action', 'varchar(64)', (column) => column.notNull())
    .addColumn('subject', 'varchar(128)', (column) => column.notNull())
    .addColumn('outcome', 'varchar(64)', (column) => column.notNull())
    .execute();
  await schema.createIndex('audit_by_time').on('audit').column('at').execute();
  await schema
    .createTable('approval')
    .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('action', 'varchar(64)', (column) => column.notNull())
    .addColumn('body', 'text')
    .addColumn('digest', 'varchar(64)', (column) => column.notNull())
    .addColumn('state', 'varchar(16)', (column) => column.notNull())
    .addColumn('asked_by', 'varchar(32)', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('decided_by', 'varchar(32)')
    .execute();
}
