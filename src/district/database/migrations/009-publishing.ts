import type { Migration } from 'kysely/migration';

/** What a document was made of, rosters as they were sealed for gates, and what others than the leader have changed. */
export const publishing: Migration = {
  up: async ({ schema }) => {
    await schema.alterTable('document').addColumn('content', 'varchar(64)').execute();
    await schema
      .createTable('sealed_roster')
      .addColumn('gate', 'varchar(32)', (column) => column.primaryKey())
      .addColumn('mark', 'varchar(64)', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('registry_news')
      .addColumn('community', 'bigint', (column) => column.primaryKey())
      .addColumn('changes', 'bigint', (column) => column.notNull())
      .execute();
  },
};
