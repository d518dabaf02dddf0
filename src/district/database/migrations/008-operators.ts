import type { Migration } from 'kysely/migration';

/** Whose a command key is: the district's own, or an account's. */
export const operators: Migration = {
  up: async ({ schema }) => {
    await schema
      .alterTable('operator_key')
      .addColumn('actor', 'varchar(64)', (column) => column.notNull().defaultTo('centre'))
      .execute();
  },
};
