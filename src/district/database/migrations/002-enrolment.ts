import type { Migration } from 'kysely/migration';

/** One-time tokens of gates that are to be enrolled, and gates whose fingerprint nobody has compared yet. */
export const enrolment: Migration = {
  up: async ({ schema }) => {
    await schema
      .createTable('enrolment')
      .addColumn('hash', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('gate', 'varchar(32)', (column) => column.notNull())
      .addColumn('community', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute();
    // Gates that are there already were entered by hand, after their keys had been compared.
    await schema
      .alterTable('gate')
      .addColumn('confirmed', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
  },
};
