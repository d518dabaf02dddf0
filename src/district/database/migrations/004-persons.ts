import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Persons, encrypted, with keyed hashes to find them; buildings; and what becomes of an index that ends. */
export const persons: Migration = {
  up: async (database) => {
    for (const step of [makePersons, widenHouseholds, widenResidents]) await step(database);
  },
};

type Untyped = Kysely<unknown>;

async function makePersons({ schema }: Untyped): Promise<void> {
  await schema
    .createTable('person')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('record', 'text', (column) => column.notNull())
    .addColumn('document_hash', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('document_cancelled', 'integer', (column) => column.notNull())
    .addColumn('consent_version', 'varchar(32)')
    .addColumn('consent_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('person_lookup')
    .addColumn('person', 'integer', (column) => column.notNull().references('person.id').onDelete('cascade'))
    .addColumn('hash', 'varchar(32)', (column) => column.notNull())
    .addPrimaryKeyConstraint('person_lookup_once', ['hash', 'person'])
    .execute();
  await schema.createIndex('person_lookup_of').on('person_lookup').column('person').execute();
  await schema
    .createTable('person_key')
    .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('proof', 'varchar(64)', (column) => column.notNull())
    .execute();
  await schema
    .createTable('building')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('community', 'bigint', (column) => column.notNull())
    .addColumn('name', 'varchar(16)', (column) => column.notNull())
    .addUniqueConstraint('building_once', ['community', 'name'])
    .execute();
}

async function widenHouseholds(database: Untyped): Promise<void> {
  const { schema } = database;
  const table = () => schema.alterTable('household');
  await table()
    .addColumn('building', 'integer', (column) => column.references('building.id'))
    .execute();
  await table().addColumn('unit', 'varchar(16)').execute();
  await table().addColumn('door', 'varchar(16)').execute();
  await table()
    .addColumn('orders_given', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema.createIndex('household_by_room').on('household').columns(['community', 'room']).execute();
  await sql`update household set orders_given =
    coalesce((select max(member) + 1 from resident where resident.household = household.id), 0)`.execute(
    database,
  );
}

async function widenResidents({ schema }: Untyped): Promise<void> {
  const table = () => schema.alterTable('resident');
  await table()
    .addColumn('person', 'integer', (column) => column.references('person.id'))
    .execute();
  await table().addColumn('ended', 'varchar(16)').execute();
  await table().addColumn('state_before', 'integer').execute();
  await table().addColumn('replaced_by', 'bigint').execute();
  await table().addColumn('purge_at', 'bigint').execute();
  await table().addColumn('lookups', 'text').execute();
  await table().addColumn('lookup_key', 'varchar(16)').execute();
  await schema.createIndex('resident_of_household').on('resident').column('household').execute();
  await schema.createIndex('resident_of_person').on('resident').column('person').execute();
}
