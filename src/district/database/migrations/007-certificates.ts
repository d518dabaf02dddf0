import type { Migration } from 'kysely/migration';

/** Certificates of gates at their broker, the device keys that a name has had, and gates whose life is over. */
export const certificates: Migration = {
  up: async ({ schema }) => {
    await schema
      .createTable('gate_certificate')
      .addColumn('serial', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('gate', 'varchar(32)', (column) => column.notNull())
      .addColumn('issued_at', 'bigint', (column) => column.notNull())
      .addColumn('not_after', 'bigint', (column) => column.notNull())
      .addColumn('revoked_at', 'bigint')
      .execute();
    await schema.createIndex('gate_certificate_of').on('gate_certificate').column('gate').execute();
    await schema
      .createTable('gate_key')
      .addColumn('gate', 'varchar(32)', (column) => column.notNull())
      .addColumn('device_key', 'varchar(64)', (column) => column.notNull())
      .addColumn('ended_at', 'bigint', (column) => column.notNull())
      .addColumn('why', 'varchar(16)', (column) => column.notNull())
      .addPrimaryKeyConstraint('gate_key_once', ['gate', 'device_key'])
      .execute();
    await schema
      .createTable('gate_life')
      .addColumn('gate', 'varchar(32)', (column) => column.primaryKey())
      .addColumn('state', 'varchar(16)')
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'varchar(200)')
      .addColumn('broker_hash', 'varchar(256)')
      .execute();
  },
};
