import { type Generated, Kysely, type Selectable } from 'kysely';
import { sqliteDialect } from './sqlite.ts';

/**
 * The district's database: typed tables, made once. Only what SQLite and PostgreSQL both understand is used.
 * Times are Unix milliseconds unless the name says seconds; flags are 0 or 1.
 */

export interface Tables {
  gate: GateTable;
  household: HouseholdTable;
  resident: ResidentTable;
  holder_key: HolderKeyTable;
  pass: PassTable;
  /** Every row of every gate, once; two, when a gate said two things under one number. */
  journal_row: JournalRowTable;
  /** How far each journal is stored without a gap. */
  stream: StreamTable;
  alarm: AlarmTable;
  /** Current signed documents. */
  document: DocumentTable;
  root_version: { version: number; text: string };
  /** Places changed since the last whole list. */
  status_change: { list: string; place: number };
  command_counter: { key: string; gate: string; counter: number };
}

interface GateTable {
  id: string;
  community: number;
  /** Ed25519, hex */
  device_key: string;
  /** X25519, base64url; null: no roster is sealed for it */
  seal_key: string | null;
  /** SHA-256 of the broker password, hex */
  password_hash: string;
  enrolled_at: number;
  status: string | null;
  seen_at: number | null;
}

interface HouseholdTable {
  id: Generated<number>;
  community: number;
  room: string;
}

interface ResidentTable {
  place: number;
  household: number;
  member: number;
  display: string | null;
  last_day: number | null;
  needs_more_time: number;
  minor: number;
  assurance: number;
  state: number;
}

interface HolderKeyTable {
  place: number;
  slot: number;
  public_key: string;
  registered_at: number;
}

interface PassTable {
  id: number;
  host: number;
  community: number;
  from_seconds: number;
  minutes: number;
  uses: number;
  state: number;
}

interface JournalRowTable {
  gate: string;
  journal: string;
  seq: number;
  hash: string;
  previous_hash: string;
  digest: string;
  /** null for a row that was past its retention when it came */
  content: string | null;
  at: string | null;
  received_at: number;
}

interface StreamTable {
  gate: string;
  journal: string;
  seq: number;
  hash: string;
  checkpoint: string | null;
  updated_at: number;
}

interface AlarmTable {
  gate: string;
  id: string;
  alarm: string;
  cleared: number;
  at: string;
  payload: string;
  received_at: number;
}

interface DocumentTable {
  name: string;
  version: number;
  issued_at_seconds: number;
  expires_at_seconds: number;
  /** SHA-256 of its payload, or of a list's bytes */
  hash: string;
  text: string;
}

export type Database = Kysely<Tables>;
export type Gate = Selectable<GateTable>;
export type Resident = Selectable<ResidentTable>;
export type StoredDocument = Selectable<DocumentTable>;

/** @param path a file, or `:memory:` */
export async function openDatabase(path: string): Promise<Database> {
  const database = new Kysely<Tables>({ dialect: sqliteDialect(path) });
  for (const make of [makeRegistry, makeReports, makeDocuments]) await make(database);
  return database;
}

async function makeRegistry({ schema }: Database): Promise<void> {
  await schema
    .createTable('gate')
    .ifNotExists()
    .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('community', 'bigint', (column) => column.notNull())
    .addColumn('device_key', 'varchar(64)', (column) => column.notNull())
    .addColumn('seal_key', 'varchar(43)')
    .addColumn('password_hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('enrolled_at', 'bigint', (column) => column.notNull())
    .addColumn('status', 'text')
    .addColumn('seen_at', 'bigint')
    .execute();
  await schema
    .createTable('household')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('community', 'bigint', (column) => column.notNull())
    .addColumn('room', 'varchar(64)', (column) => column.notNull())
    .execute();
  await schema
    .createTable('resident')
    .ifNotExists()
    .addColumn('place', 'bigint', (column) => column.primaryKey())
    .addColumn('household', 'integer', (column) => column.notNull().references('household.id'))
    .addColumn('member', 'integer', (column) => column.notNull())
    .addColumn('display', 'varchar(64)')
    .addColumn('last_day', 'integer')
    .addColumn('needs_more_time', 'integer', (column) => column.notNull())
    .addColumn('minor', 'integer', (column) => column.notNull())
    .addColumn('assurance', 'integer', (column) => column.notNull())
    .addColumn('state', 'integer', (column) => column.notNull())
    .execute();
  await schema
    .createTable('holder_key')
    .ifNotExists()
    .addColumn('place', 'bigint', (column) => column.notNull().references('resident.place'))
    .addColumn('slot', 'integer', (column) => column.notNull())
    .addColumn('public_key', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('registered_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('holder_key_one', ['place', 'slot'])
    .execute();
  await schema
    .createTable('pass')
    .ifNotExists()
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('host', 'bigint', (column) => column.notNull().references('resident.place'))
    .addColumn('community', 'bigint', (column) => column.notNull())
    .addColumn('from_seconds', 'bigint', (column) => column.notNull())
    .addColumn('minutes', 'integer', (column) => column.notNull())
    .addColumn('uses', 'integer', (column) => column.notNull())
    .addColumn('state', 'integer', (column) => column.notNull())
    .execute();
}

async function makeReports({ schema }: Database): Promise<void> {
  await schema
    .createTable('journal_row')
    .ifNotExists()
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('journal', 'varchar(32)', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('previous_hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('digest', 'varchar(64)', (column) => column.notNull())
    .addColumn('content', 'text')
    .addColumn('at', 'varchar(32)')
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('journal_row_once', ['gate', 'journal', 'seq', 'hash'])
    .execute();
  await schema.createIndex('journal_row_by_time').ifNotExists().on('journal_row').column('at').execute();
  await schema
    .createTable('stream')
    .ifNotExists()
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('journal', 'varchar(32)', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('checkpoint', 'text')
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('stream_one', ['gate', 'journal'])
    .execute();
  await schema
    .createTable('alarm')
    .ifNotExists()
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('id', 'varchar(64)', (column) => column.notNull())
    .addColumn('alarm', 'varchar(32)', (column) => column.notNull())
    .addColumn('cleared', 'integer', (column) => column.notNull())
    .addColumn('at', 'varchar(32)', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('alarm_once', ['gate', 'id', 'cleared'])
    .execute();
}

async function makeDocuments({ schema }: Database): Promise<void> {
  await schema
    .createTable('document')
    .ifNotExists()
    .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('issued_at_seconds', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_seconds', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'varchar(64)', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('root_version')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('status_change')
    .ifNotExists()
    .addColumn('list', 'varchar(16)', (column) => column.notNull())
    .addColumn('place', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('status_change_once', ['list', 'place'])
    .execute();
  await schema
    .createTable('command_counter')
    .ifNotExists()
    .addColumn('key', 'varchar(64)', (column) => column.notNull())
    .addColumn('gate', 'varchar(32)', (column) => column.notNull())
    .addColumn('counter', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('command_counter_one', ['key', 'gate'])
    .execute();
}
