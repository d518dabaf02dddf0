/** Limits and periods of the district centre. */

/** Entries, statuses and alarms that wait to be stored; beyond, a gate sends again later. */
export const INCOMING_WAITING_MAX = 1_000;
/** Largest message that is taken from a gate, bytes. */
export const MESSAGE_BYTES_MAX = 131_072;
/** Rows read at once while the stored chain is followed past a filled hole. */
export const FOLLOW_ROWS = 500;
/** The first row that differs is looked for so many rows back, then twice as far. */
export const RESEND_STEP_ROWS = 200;
/** A gate is asked again for missing rows at most so often. */
export const RESEND_PAUSE_MS = 5_000;
/** Rows in one answer of the console. */
export const LISTED_ROWS_MAX = 200;
/** Residents in one answer. */
export const LISTED_RESIDENTS_MAX = 1_000;
/** Browsers that follow the live feed at once, and events that wait for a slow one. */
export const FEED_LISTENERS_MAX = 64;
export const FEED_WAITING_MAX = 256;
/** Rows of one stored batch that are told to screens; a backlog is looked up instead. */
export const FEED_ROWS_MAX = 50;
/** A silent live line says so often that it is alive. */
export const FEED_BEAT_MS = 10_000;
/** Largest body of a request, bytes. */
export const BODY_BYTES_MAX = 16_384;
/** Phones of one resident (docs/trust-documents.md). */
export const HOLDER_KEYS_MAX = 2;
/** Members of a household: `order` is 0..7. */
export const HOUSEHOLD_MEMBERS_MAX = 8;
/** Draws of a random index before the list counts as full. */
export const INDEX_DRAWS_MAX = 1_000;

/** A gate's symbol holds so long, so many are open at once, and so often one may be tried by whoever reaches the desk. */
export const ENROL_TOKEN_MS = 600_000;
export const ENROL_TOKENS_MAX = 256;
export const ENROL_ATTEMPTS_MAX = 30;
export const ENROL_ATTEMPTS_WITHIN_MS = 60_000;
/** Connections to a PostgreSQL server, and how long one may take to come about. */
export const DATABASE_CONNECTIONS_MAX = 10;
export const DATABASE_CONNECT_WITHIN_MS = 10_000;
/** A transaction that others disturbed is tried so often. */
export const TRANSACTION_ATTEMPTS_MAX = 32;

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
