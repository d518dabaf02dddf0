import type { Migration } from 'kysely/migration';

/** When each gate had taken each version of a list, so that a restart forgets no time. */
export const listUptake: Migration = {
  up: async ({ schema }) => {
    await schema
      .createTable('list_uptake')
      .addColumn('list', 'varchar(16)', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('gate', 'varchar(32)', (column) => column.notNull())
      .addColumn('after_ms', 'double precision', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('list_uptake_once', ['list', 'version', 'gate'])
      .execute();
    await schema.createIndex('list_uptake_by_time').on('list_uptake').column('at').execute();
  },
};
