import type { Migration } from 'kysely/migration';

/** Photos that guards are shown of whom they look up, and whether an application of a photo agrees to that. */
export const guardPhotos: Migration = {
  up: async ({ schema }) => {
    await schema
      .alterTable('application')
      .addColumn('for_guards', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await schema
      .createTable('resident_photo')
      .addColumn('place', 'bigint', (column) => column.primaryKey())
      .addColumn('record', 'text', (column) => column.notNull())
      .addColumn('accepted_at', 'bigint', (column) => column.notNull())
      .addColumn('receipt', 'varchar(19)', (column) => column.notNull().unique())
      .execute();
  },
};
