/** Limits and periods of storing what gates send, and of keeping it. */

/** Batches that one transaction takes, and rows; with SQLite the event loop stands still for as long. */
export const GROUP_BATCHES_MAX = 32;
export const GROUP_ROWS_MAX = 1_000;
/** Such transactions beside each other on PostgreSQL: while one is at the disk, the next is made. */
export const GROUPS_AT_ONCE = 2;
/** A hole is asked for when it has been one for so long: another worker may be storing what fills it. */
export const HOLE_PROVES_MS = 1_000;
/** A gate that named a newer row, and sent nothing, is asked for it after so long: more than its own wait for an answer. */
export const BEHIND_PROVES_MS = 20_000;
/** A gate is asked again for missing rows at most so often. */
export const RESEND_PAUSE_MS = 5_000;
/** What is due to be asked is looked up so often, and so many gates are asked at once. */
export const ASK_EVERY_MS = 500;
export const ASK_GATES_MAX = 100;

/** Gates that one process works for at once: those that wait for the database go there together. */
export const WORK_AT_ONCE = 64;
/** Gates that one statement looks up or notes as seen, and such look-ups beside each other. */
export const GATES_TOGETHER_MAX = 64;
export const LOOKUPS_AT_ONCE = 2;
/** Messages of gates that wait, and their bytes; beyond, nothing more is read from the broker for a moment. */
export const WAITING_MAX = 1_000;
export const WAITING_BYTES_MAX = 33_554_432;
/** After that moment a message is dropped and counted; the gate sends it again. */
export const PRESSURE_MS = 2_000;
/** Acknowledgements that wait for the broker's receipt: half of the connection's window, commands have the other. */
export const ACKS_AT_ONCE = 8;
/** A process that ends waits so long for those it has begun to send. */
export const STOP_WITHIN_MS = 2_000;
/** While the database does not answer, it is asked so often whether it does. */
export const PROBE_EVERY_MS = 1_000;
/** Of one gate; it has one batch of entries under way at a time. */
export const GATE_WAITING_MAX = 64;
export const GATE_WAITING_BYTES_MAX = 2_097_152;
/**
 * A gate's messages beyond these rates are taken later. One that was away for five days drains at some 600 rows a second,
 * in a minute; it could send ten times as fast, and everybody else's rows would wait for the processor.
 */
export const GATE_MESSAGES_PER_SECOND = 200;
export const GATE_BYTES_PER_SECOND = 262_144;
export const GATE_BURST_MS = 1_000;
/** A lease is renewed so often, and free when it was not for so long. */
export const LEASE_EVERY_MS = 1_000;
export const LEASE_MS = 5_000;
/** A worker looks so often which key signs acknowledgements. */
export const WORKER_KEYS_EVERY_MS = 60_000;

/** Days that entries, and look-ups and everything else, keep their content (docs/reliability.md; Cybersecurity Law, article 21). */
export const ENTRY_DAYS = 90;
export const SECURITY_DAYS = 183;
/** Rows that one transaction empties, the pause after it, and how often overdue rows are looked for. */
export const PURGE_ROWS = 200;
export const PURGE_PAUSE_MS = 50;
export const PURGE_EVERY_MS = 6 * 3_600_000;
export const KEEPING_BEGINS_MS = 120_000;
/** Rows of a stored chain that are checked at once, the pause after them, and how often all chains are. */
export const CHECK_ROWS = 500;
export const CHECK_PAUSE_MS = 20;
export const CHECK_EVERY_MS = 24 * 3_600_000;

/** Health reports of a gate are put together for so long, and kept for so long. */
export const HEALTH_STEP_MS = 900_000;
export const HEALTH_KEPT_MS = 8 * 24 * 3_600_000;
/** They are written down so often; so many gates and quarters of an hour wait for it. */
export const HEALTH_WRITTEN_EVERY_MS = 60_000;
export const HEALTH_WAITING_MAX = 20_000;
