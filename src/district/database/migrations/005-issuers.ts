import type { Migration } from 'kysely/migration';

/** Issuer and operator keys with their spans, secrets excepted; rules of communities that were changed while it ran. */
export const issuers: Migration = {
  up: async ({ schema }) => {
    await schema
      .createTable('issuer_key')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('issuer', 'varchar(32)', (column) => column.notNull())
      .addColumn('kid', 'integer', (column) => column.notNull())
      .addColumn('suite', 'integer', (column) => column.notNull())
      .addColumn('public_key', 'varchar(130)', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('made_at_seconds', 'bigint', (column) => column.notNull())
      .addColumn('not_before_seconds', 'bigint', (column) => column.notNull())
      .addColumn('sign_from_seconds', 'bigint')
      .addColumn('sign_until_seconds', 'bigint', (column) => column.notNull())
      .addColumn('verify_until_seconds', 'bigint', (column) => column.notNull())
      .addColumn('published_version', 'integer')
      .addColumn('retired_at_seconds', 'bigint')
      .addColumn('cut_off_seconds', 'bigint')
      .execute();
    await schema
      .createTable('operator_key')
      .addColumn('kid', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('made_at_seconds', 'bigint', (column) => column.notNull())
      .addColumn('from_seconds', 'bigint', (column) => column.notNull())
      .addColumn('sign_from_seconds', 'bigint')
      .addColumn('until_seconds', 'bigint', (column) => column.notNull())
      .addColumn('published_version', 'integer')
      .addColumn('retired_at_seconds', 'bigint')
      .execute();
    await schema
      .createTable('community_rules')
      .addColumn('community', 'bigint', (column) => column.primaryKey())
      .addColumn('rules', 'text', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .execute();
    // A list and the delta on it say by themselves what has changed.
    await schema.dropTable('status_change').execute();
  },
};
