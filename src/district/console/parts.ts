import type { Context } from 'hono';
import type { Result } from '../../base/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import type { ChainedRow } from '../../wire/index.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Approvals } from '../accounts/approvals.ts';
import type { Audit } from '../accounts/audit.ts';
import type { Principal } from '../accounts/roles.ts';
import type { StoredDocument } from '../database/database.ts';
import type { Enrolments } from '../gates/enrolment.ts';
import type { GateLife } from '../gates/life.ts';
import type { Orders } from '../gates/orders.ts';
import type { Updates } from '../gates/updates.ts';
import type { AlarmQuery, StoredAlarm } from '../ingest/alarms.ts';
import type { ChainChecks } from '../ingest/chain-checks.ts';
import type { EntryPage, EntryQuery, StoredEntry } from '../ingest/entries.ts';
import type { DrillRow, GuardDay } from '../ingest/deeds.ts';
import type { GateHistory } from '../ingest/gate-history.ts';
import type { StoredStream } from '../ingest/gate-overview.ts';
import type { Issuing } from '../issuing/issuing.ts';
import type { Issuers } from '../keys/issuers.ts';
import type { ListUptake } from '../publishing/list-uptake.ts';
import type { Publisher } from '../publishing/publisher.ts';
import type { Releases } from '../publishing/releases.ts';
import type { Warnings } from '../publishing/warnings.ts';
import type { GuardPhotos } from '../photos/guard-photos.ts';
import type { StoredPass } from '../registry/passes-of.ts';
import type { Imports } from '../registry/import/imports.ts';
import type { Persons } from '../registry/persons.ts';
import type { Registry } from '../registry/registry.ts';
import type { Applications } from '../reviews/applications.ts';
import type { ApplicationLimits } from '../server/application-limits.ts';
import type { Feed } from '../server/feed.ts';
import type { IssuingLimits } from '../server/issuing-limits.ts';
import type { KeptLists } from './kit/kept-lists.ts';

/**
 * All that the console asks of the district. It has no way to the database of its own: what is not here, no page can do.
 */
export interface ConsoleParts {
  readonly district: string;
  /** IANA name */
  readonly timeZone: string;
  readonly communities: readonly { readonly id: number; readonly name?: string }[];
  readonly registry: Registry;
  readonly persons: Pick<
    Persons,
    'search' | 'reveal' | 'view' | 'add' | 'amend' | 'changeDocument' | 'today'
  >;
  readonly applications: Pick<
    Applications,
    | 'submitRegistration'
    | 'submitPhoto'
    | 'submitAppeal'
    | 'line'
    | 'list'
    | 'counts'
    | 'content'
    | 'wordsFor'
    | 'picture'
    | 'concerned'
    | 'reveal'
    | 'accept'
    | 'refuse'
    | 'apply'
    | 'withdraw'
    | 'photoRules'
  >;
  readonly photos: Pick<GuardPhotos, 'remove'>;
  readonly applicationLimits: Pick<ApplicationLimits, 'send'>;
  readonly imports: Pick<Imports, 'run'>;
  readonly lists: KeptLists;
  readonly issuing: Issuing;
  readonly issuingLimits: Pick<IssuingLimits, 'take'>;
  readonly keeping: { readonly checks: Pick<ChainChecks, 'start' | 'last' | 'running'> };
  readonly issuers: Pick<Issuers, 'states' | 'names'>;
  readonly orders: Pick<Orders, 'give'>;
  readonly releases: Pick<Releases, 'register' | 'isConfigured'>;
  readonly updates: Pick<Updates, 'view' | 'begin' | 'looked' | 'stop'>;
  readonly enrolments: Pick<Enrolments, 'open' | 'confirm'>;
  readonly life: Pick<GateLife, 'end' | 'states'>;
  readonly publisher: Pick<Publisher, 'bundle' | 'statusChanged' | 'registryChanged'>;
  readonly accounts: Pick<Accounts, 'open' | 'invite' | 'disable' | 'list' | 'signIn' | 'redeem'>;
  readonly approvals: Approvals;
  readonly audit: Pick<Audit, 'note' | 'page'>;
  readonly warnings: Pick<Warnings, 'list'>;
  readonly uptake: Pick<ListUptake, 'of' | 'recent'>;
  readonly feed: Pick<Feed, 'watch'>;
  readonly rows: Rows;
  readonly access: Access;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Who is signed in on a request. */
export interface Access {
  principal(context: Context): Principal | undefined;
  /** What a form token is bound to; undefined: nobody is signed in. */
  session(context: Context): string | undefined;
  /** Where the request came from, for counting tries. */
  address(context: Context): string | undefined;
  token(context: Context): string | undefined;
  /** Sets the cookie. */
  begin(context: Context, signedIn: { readonly token: string }): void;
  end(context: Context): Promise<void>;
}

/** What gates have sent, as the district stores it. */
export interface Rows {
  find(query: EntryQuery): Promise<Result<EntryPage, 'bad-cursor'>>;
  story(place: RowPlace): Promise<readonly StoredEntry[]>;
  /** Newest decision about a code, by gate. */
  lastVerdicts(gates?: readonly string[]): Promise<ReadonlyMap<string, ChainedRow>>;
  /** How far each journal is stored without a gap. */
  streams(gates?: readonly string[]): Promise<readonly StoredStream[]>;
  alarms(query: AlarmQuery): Promise<readonly StoredAlarm[]>;
  acknowledge(gate: string, id: string, by: string): Promise<Result<unknown, 'no-such-alarm'>>;
  /** How many alarms of each gate stand: neither acknowledged nor cleared. */
  standingAlarms(gates?: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Visitors' passes in the name of a resident, newest first. */
  passes(host: number, limit: number): Promise<readonly StoredPass[]>;
  documents(): Promise<readonly StoredDocument[]>;
  /** For plots; at most a minute old. */
  history(gate: string, days: 1 | 7): Promise<GateHistory>;
  /** Troubles that were rehearsed at a gate, newest first. */
  drills(gate: string): Promise<readonly DrillRow[]>;
  /** What guards did by hand and looked up in the last days; at most a minute old. */
  guardDays(days: number): Promise<readonly GuardDay[]>;
}

export interface RowPlace {
  readonly gate: string;
  readonly journal: string;
  readonly seq: number;
}
