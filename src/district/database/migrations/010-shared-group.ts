import type { Migration } from 'kysely/migration';

/** The name under which the district's processes share what gates send. */
export const sharedGroup: Migration = {
  up: async ({ schema }) => {
    await schema
      .createTable('shared_group')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('name', 'varchar(64)', (column) => column.notNull())
      .execute();
  },
};
