/** Limits and periods of the district centre. */

/** Largest message that is taken from a gate, bytes. */
export const MESSAGE_BYTES_MAX = 131_072;
/** Rows read at once while the stored chain is followed past a filled hole. */
export const FOLLOW_ROWS = 500;
/** The first row that differs is looked for so many rows back, then twice as far. */
export const RESEND_STEP_ROWS = 200;
/** Rows in one answer of the console. */
export const LISTED_ROWS_MAX = 200;
/** Residents in one answer. */
export const LISTED_RESIDENTS_MAX = 1_000;
/** Browsers that follow the live feed at once, and events that wait for a slow one. */
export const FEED_LISTENERS_MAX = 64;
export const FEED_WAITING_MAX = 256;
/** Parts of the district that watch its feed themselves. */
export const FEED_WATCHERS_MAX = 4;
/** Rows of one stored batch that are told to screens; a backlog is looked up instead. */
export const FEED_ROWS_MAX = 50;
/** A silent live line says so often that it is alive. */
export const FEED_BEAT_MS = 10_000;
/** Largest body of a request, bytes. */
export const BODY_BYTES_MAX = 16_384;
/** Codes that one account may have made, and one resident may be given, in each minute; beyond, the answer is 429. */
export const CODES_BY_ACCOUNT_MAX = 1_200;
export const CODES_FOR_RESIDENT_MAX = 30;
export const CODES_WITHIN_MS = 60_000;
/** Accounts and residents whose share is remembered. */
export const LIMITED_CALLERS_MAX = 10_000;
/** Phones of one resident (docs/trust-documents.md). */
export const HOLDER_KEYS_MAX = 2;
/** Members of a household: `order` is 0..7. */
export const HOUSEHOLD_MEMBERS_MAX = 8;
/** Draws of a random index before the list counts as full. */
export const INDEX_DRAWS_MAX = 1_000;
/** Rows of one INSERT, and values of one `in (…)`: a statement may have 32,766 parameters in SQLite. */
export const INSERTED_ROWS_MAX = 500;
export const LOOKED_UP_MAX = 1_000;
/** What leads from an ended index to a person stays for so long: appeals and look-ups refer to it (policy: 183 days). */
export const LEFT_KEPT_MS = 183 * 24 * 3_600_000;
/** Records that are written under a new key in one transaction. */
export const RECORDS_RENEWED_MAX = 1_000;
/** Residents of a test district that are entered in one transaction. */
export const SEEDED_STEP = 5_000;
/** Persons in one answer to a search. */
export const FOUND_PERSONS_MAX = 50;

/** A gate's symbol holds so long, so many are open at once, and so often one may be tried from one address. */
export const ENROL_TOKEN_MS = 600_000;
export const ENROL_TOKENS_MAX = 256;
export const ENROL_ATTEMPTS_MAX = 30;
export const ENROL_ATTEMPTS_WITHIN_MS = 60_000;
/** Certificates of the district's own authority: how long each holds, and how far back it reaches for clocks that lag. */
export const AUTHORITY_MS = 3_652 * 86_400_000;
/** A new authority stands beside the old one for so long before the old one ends. */
export const AUTHORITY_OVERLAP_MS = 730 * 86_400_000;
/** A gate's certificate, unless the configuration says less; it reaches back a third of its life at most. */
export const GATE_CERTIFICATE_MS = 90 * 86_400_000;
export const SERVER_CERTIFICATE_MS = 397 * 86_400_000;
export const CERTIFICATE_BACKDATED_MS = 30 * 86_400_000;
/** Root versions that an enrolment may have been made under. */
export const ENROL_ROOTS_MAX = 8;
/** Certificates that one gate may be given within a day, and for each life of one: a renewal needs one. */
export const CERTIFICATES_A_DAY_MAX = 8;
export const CERTIFICATES_A_LIFE_MAX = 4;
/** Connections and re-reads that throw a gate out of a broker of its own may take so long. */
export const THROW_OUT_WITHIN_MS = 5_000;
export const RELOAD_SETTLES_MS = 500;
/** Connections to a PostgreSQL server, and how long one may take to come about. */
export const DATABASE_CONNECTIONS_MAX = 10;
export const DATABASE_CONNECT_WITHIN_MS = 10_000;
/** SQLite: a writer of another process, an import for example, is waited for so long, and looked for so often. */
export const WRITER_WITHIN_MS = 120_000;
export const WRITER_LOOK_EVERY_MS = 25;
/** A transaction that others disturbed is tried so often. */
export const TRANSACTION_ATTEMPTS_MAX = 32;

/** Certificates and files of the broker are looked over so often. */
export const BROKER_EVERY_MS = 3_600_000;
export const TIME_EVERY_MS = 60_000;
export const TIME_LIFE_SECONDS = 600;
/** Documents are looked over so often, and signed again when half of their life is over. */
export const REFRESH_EVERY_MS = 600_000;
/** A whole list is signed again after so many changes; before, deltas carry them. */
export const DELTA_CHANGES_MAX = 5_000;

const DAY_SECONDS = 86_400;
/** Lives of documents (docs/trust-documents.md). */
export const LIFE_SECONDS = {
  root: 365 * DAY_SECONDS,
  keyset: 90 * DAY_SECONDS,
  status: 3 * DAY_SECONDS,
  policy: 30 * DAY_SECONDS,
  roster: 7 * DAY_SECONDS,
  operators: 30 * DAY_SECONDS,
} as const;

/** Accounts of the desk. */
export const ACCOUNTS_MAX = 1_000;
/**
 * Accounts that may be operators: each has a command key, and two while the next one waits for gates. The list of
 * operators has 1,024 places (src/wire/documents-operators.ts) and stays below half a megabyte.
 */
export const OPERATORS_MAX = 500;
/** A password is set with an invitation; it holds so long. */
export const INVITATION_MS = 24 * 3_600_000;
/** A session ends after so long without a request, and after so long in any case. */
export const SESSION_IDLE_MS = 15 * 60_000;
export const SESSION_MS = 12 * 3_600_000;
/** That a session is used is written down at most so often. */
export const SESSION_TOUCH_MS = 30_000;
/** Of one account; the oldest ends when one more begins. */
export const SESSIONS_OF_ACCOUNT_MAX = 8;
/** A lock is looked up again after so long: an invitation lifts it. */
export const SIGN_IN_LOCK_BELIEVED_MS = 2_000;
/** Accounts and addresses whose tries are counted; beyond, the ones that end first are forgotten. */
export const SIGN_IN_KEYS_MAX = 20_000;
/** The audit log is kept for at least so long (Cybersecurity Law of the PRC, article 21: six months). */
export const AUDIT_KEPT_MS = 183 * 24 * 3_600_000;
export const AUDIT_PURGED_EVERY_MS = 24 * 3_600_000;
/** Entries of the audit log in one answer. */
export const AUDIT_PAGE_MAX = 200;
/** A second person has so long; so many requests wait at once, and closed ones are listed so long. */
export const APPROVAL_MS = 15 * 60_000;
export const APPROVALS_OPEN_MAX = 64;
export const APPROVALS_LISTED_MAX = 200;
/** Two accounts that one person opened, one of them since so long, may be one person: it is said to who approves. */
export const SAME_OPENER_MS = 30 * 24 * 3_600_000;

/** States looked up by one query. */
export const STATES_READ_MAX = 500;
/** Between two rounds of rosters there is a rest as long as the last round took, and at most this. */
export const ROUND_REST_MS_MAX = 2_000;
/** Commands beside the district that changed its registry are looked for so often. */
export const NEWS_LOOKED_OVER_EVERY_MS = 2_000;
/** A whole list is made beside the changes that go on; after so many of them have overtaken it, they wait for it. */
export const WHOLE_LIST_ATTEMPTS = 3;
/** What a code can name (docs/code-format.md): one byte. A number rests so long after its last code before it is given again. */
export const KIDS = 256;
export const KID_REST_SECONDS = 90 * 86_400;
/** An issuer's or operator's next key is made so long before the present one signs its last. */
export const ROTATE_BEFORE_SECONDS = 14 * 86_400;
export const OPERATOR_KEY_DAYS = 365;
/** An order waits so long until its gate has said that it knows the key, and asks so often. */
export const KEY_KNOWN_WITHIN_MS = 5_000;
export const KEY_KNOWN_EVERY_MS = 200;
/** A root that a ceremony made, and keys that wait for gates, are looked for so often. */
export const KEYS_LOOKED_OVER_EVERY_MS = 2_000;
/** What ends soon is written into the log so often. */
export const WARNINGS_SAID_EVERY_MS = 24 * 3_600_000;
/** Statements of SQLite that are kept ready, and passes that go to the disk together. */
export const STATEMENTS_READY_MAX = 256;
export const PASSES_TOGETHER_MAX = 256;
/** Changes of lists whose way to the gates is followed, and how long a change says how quickly lists are taken now. */
export const UPTAKES_KEPT_MAX = 256;
export const UPTAKE_RECENT_MS = 600_000;
/** Gates take a changed list within a second; later than this is told. */
export const UPTAKE_WARN_MS = 2_000;
/** Which version carries a change is kept for so long, and not for each place of a change of very many. */
export const LIST_CHANGE_KEPT_MS = 30 * 24 * 3_600_000;
export const LIST_CHANGE_PLACES_MAX = 1_000;
/** A district is to be saved so often. */
export const BACKUP_OLD_MS = 7 * 24 * 3_600_000;
/** Rehearsals of one gate that are listed. */
export const DRILLS_LISTED_MAX = 20;
/** Releases that are listed with their gates, and orders that go out in one round. */
export const RELEASES_LISTED_MAX = 10;
export const UPDATES_SENT_TOGETHER = 20;
/** Gates under way are looked at, and orders that wait are sent, so often. */
export const UPDATES_LOOKED_OVER_EVERY_MS = 2_000;
/** A gate fetches, installs, restarts and is watched by its own machine within this; later is told. */
export const UPDATE_ANSWER_MS = 45 * 60_000;
/** With its new version it stays in order for so long before it counts; and may be away for so long. */
export const UPDATE_STEADY_MS = 10 * 60_000;
export const UPDATE_AWAY_MS = 15 * 60_000;
/** A gate that has not been heard for so long is not there: health comes every 30 s. */
export const GATE_HEARD_WITHIN_MS = 180_000;
