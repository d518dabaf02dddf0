import type { Migration } from 'kysely/migration';

/** Releases that were registered at the desk, the stages that were begun, and each gate's way through them. */
export const updates: Migration = {
  up: async ({ schema }) => {
    await schema
      .createTable('release')
      .addColumn('number', 'bigint', (column) => column.primaryKey())
      .addColumn('version', 'varchar(64)', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('address', 'varchar(200)', (column) => column.notNull())
      .addColumn('architectures', 'varchar(64)', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('registered_at', 'bigint', (column) => column.notNull())
      .addColumn('registered_by', 'varchar(64)', (column) => column.notNull())
      .addColumn('stopped_by', 'varchar(64)')
      .execute();
    await schema
      .createTable('release_gate')
      .addColumn('release', 'bigint', (column) => column.notNull())
      .addColumn('gate', 'varchar(32)', (column) => column.notNull())
      .addColumn('stage', 'varchar(16)', (column) => column.notNull())
      .addColumn('state', 'varchar(16)', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('begun_at', 'bigint', (column) => column.notNull())
      .addColumn('begun_by', 'varchar(64)', (column) => column.notNull())
      .addColumn('why', 'varchar(40)')
      .addColumn('looked_by', 'varchar(64)')
      .addPrimaryKeyConstraint('release_gate_once', ['release', 'gate'])
      .execute();
  },
};
