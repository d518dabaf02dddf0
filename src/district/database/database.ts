import { Kysely, type Selectable } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Log } from '../../ports/index.ts';
import type { AccountTables } from '../accounts/tables.ts';
import type { GateTables } from '../gates/tables.ts';
import type {
  AlarmTable,
  ChainCheckTable,
  EntryPartyTable,
  GateHealthTable,
  JournalRowTable,
  LeaseTable,
  MissingTable,
  StreamTable,
} from '../ingest/tables.ts';
import type { CommunityRulesTable, IssuerKeyTable, OperatorKeyTable } from '../keys/tables.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { PublishingTables } from '../publishing/tables.ts';
import type { UpdateTables } from '../gates/update-tables.ts';
import type { PhotoTables } from '../photos/tables.ts';
import type { PersonTables } from '../registry/tables.ts';
import type { ApplicationTables } from '../reviews/tables.ts';
import { sqliteDialect } from './sqlite.ts';

/**
 * The district's database: typed tables, brought to their newest form when it is opened. Only what SQLite
 * and PostgreSQL both understand is used.
 * Times are Unix milliseconds unless the name says seconds; flags are 0 or 1.
 */

export interface Tables
  extends AccountTables,
    ApplicationTables,
    GateTables,
    PersonTables,
    PhotoTables,
    PublishingTables,
    UpdateTables {
  gate: GateTable;
  holder_key: HolderKeyTable;
  pass: PassTable;
  /** Every row of every gate, once; two, when a gate said two things under one number. */
  journal_row: JournalRowTable;
  /** How far each journal is stored without a gap. */
  stream: StreamTable;
  alarm: AlarmTable;
  /** Those who came along on a family code. */
  entry_party: EntryPartyTable;
  /** What one process holds: a gate, the lead of the district. */
  lease: LeaseTable;
  /** From which row on a gate is to be asked again. */
  missing: MissingTable;
  /** What the last check of a stored chain found. */
  chain_check: ChainCheckTable;
  /** How gates were, a quarter of an hour in each row, for some days. */
  gate_health: GateHealthTable;
  /** Current signed documents. */
  document: DocumentTable;
  root_version: { version: number; text: string };
  issuer_key: IssuerKeyTable;
  operator_key: OperatorKeyTable;
  /** Set while the district runs; the configuration has the first ones. */
  community_rules: CommunityRulesTable;
  /** Tokens of gates that are to be enrolled. */
  enrolment: { hash: string; gate: string; community: number; expires_at: number };
  shared_group: { id: number; name: string };
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
  /** 1: an installer has compared its fingerprint */
  confirmed: number;
  status: string | null;
  seen_at: number | null;
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

interface DocumentTable {
  name: string;
  version: number;
  issued_at_seconds: number;
  expires_at_seconds: number;
  /** SHA-256 of its payload, or of a list's bytes */
  hash: string;
  text: string;
  /** Digest of what it says, version and life left out; null: nobody compares it, or it is older than this column. */
  content: string | null;
}

export type Database = Kysely<Tables>;
export type Gate = Selectable<GateTable>;
export type { Resident } from '../registry/tables.ts';
export type StoredDocument = Selectable<DocumentTable>;

/** @param place a file, `:memory:`, or `postgres://…` */
export async function openDatabase(place: string, log?: Log): Promise<Database> {
  const database = new Kysely<Tables>({ dialect: await dialectOf(place, log) });
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
  });
  const { error: cause } = await migrator.migrateToLatest().catch((fault: unknown) => ({ error: fault }));
  if (cause === undefined) return database;
  await database.destroy();
  throw new Error(`${nameOf(place)}: ${reasonOf(cause)}`, { cause });
}

async function dialectOf(place: string, log: Log | undefined) {
  if (!isServer(place)) return sqliteDialect(place);
  const { postgresDialect } = await import('./postgres.ts');
  return postgresDialect(place, log);
}

function isServer(place: string): boolean {
  return /^postgres(ql)?:/.test(place);
}

/** A server's address has a password in it, which no message repeats. */
function nameOf(place: string): string {
  return isServer(place) ? 'database.url' : `the database ${place}`;
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT')
    return `no server answers there (${code}); start it, or correct the address`;
  // PostgreSQL, appendix A: class 28 is authorization, 3D a database that there is not.
  if (code?.startsWith('28') === true) return 'the server turns this user away; correct name and password';
  if (code === '3D000') return 'the server has no such database; create it (createdb)';
  return cause instanceof Error ? cause.message : 'cannot be opened';
}
