/** Limits of the gate's reporting. */

/** First wait for the district's acknowledgement of a batch; it doubles with each repetition. */
export const ACK_WAIT_MS = 10_000;
/** The same wait once the district is heard again; it doubles too. */
export const HEARD_WAIT_MS = 500;
export const ACK_WAIT_MAX_MS = 300_000;
/** Pause between two batches of a backlog, so that a scan never waits for more than one of them. */
export const BATCH_PAUSE_MS = 5;
export const HEALTH_EVERY_MS = 30_000;
/** The status is published at most this often, whatever changes. */
export const STATUS_PAUSE_MS = 1_000;
/** Alarms and replies kept while the broker is away; the oldest is dropped first, the journal has them all. */
export const NOTICES_MAX = 200;
/** Commands and answers that wait to be judged. */
export const COMMANDS_WAITING_MAX = 128;
/** Largest command, acknowledgement or used message, bytes. */
export const SMALL_MESSAGE_BYTES_MAX = 8_192;
/** Largest trust document or list of documents, and answer, bytes: one status list, or the rosters and policies of a city. */
export const DOCUMENT_BYTES_MAX = 33_554_432;
/** Rejected commands that become rows in one minute; a flood beyond them is counted in the log. */
export const REJECTED_PER_MINUTE_MAX = 600;
/** Commands `resend-from` that wait for their row. */
export const RESENDS_WAITING_MAX = 16;
/** How often the gate asks for signed time while its clock is in order, and at the least while it is not. */
export const TIME_EVERY_MS = 3_600_000;
export const TIME_UNSURE_EVERY_MS = 60_000;
/** An answer to a time request counts only so long after the question. */
export const TIME_ANSWER_MAX_MS = 10_000;
/** A guard waits no longer for a photo; the answer to the look-up itself has long been there. */
export const PHOTO_ANSWER_MAX_MS = 5_000;
/** Questions for photos that are open at once: two guards with a full list each. */
export const PHOTOS_ASKED_MAX = 16;
/** The gate stands alone, or does so no more, when that has lasted so long. */
export const ALONE_AFTER_MS = 2_000;
/** Whether the certificate is to be renewed is looked at so often. */
export const CERTIFICATE_LOOK_EVERY_MS = 600_000;
/** And of one that lives for hours more often: the last quarter of its span has four looks. */
export const CERTIFICATE_LOOKS_A_SPAN = 16;
