import type { Migration } from 'kysely/migration';

/** Registrations, photos and appeals that wait for a reviewer, and the outcome of those that were decided. */
export const applications: Migration = {
  up: async ({ schema }) => {
    await schema
      .createTable('application')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('receipt', 'varchar(19)', (column) => column.notNull().unique())
      .addColumn('kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('community', 'bigint', (column) => column.notNull())
      .addColumn('place', 'bigint')
      .addColumn('state', 'varchar(16)', (column) => column.notNull())
      .addColumn('submitted_at', 'bigint', (column) => column.notNull())
      .addColumn('submitted_by', 'varchar(64)', (column) => column.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('decided_at', 'bigint')
      .addColumn('reviewed_by', 'varchar(64)')
      .addColumn('applied_at', 'bigint')
      .addColumn('applied_by', 'varchar(64)')
      .addColumn('reason', 'varchar(40)')
      .addColumn('effect', 'varchar(200)')
      .addColumn('subject', 'varchar(64)')
      .addColumn('content', 'text')
      .addColumn('words', 'text')
      .addColumn('erase_at', 'bigint')
      .execute();
    await schema.createIndex('application_by_state').on('application').columns(['state', 'kind']).execute();
    await schema.createIndex('application_by_subject').on('application').column('subject').execute();
    await schema
      .createTable('application_picture')
      .addColumn('application', 'integer', (column) => column.primaryKey().references('application.id'))
      .addColumn('type', 'varchar(16)', (column) => column.notNull())
      .addColumn('width', 'integer', (column) => column.notNull())
      .addColumn('height', 'integer', (column) => column.notNull())
      .addColumn('record', 'text', (column) => column.notNull())
      .execute();
  },
};
