/** Limits of one MQTT connection. */

/** First wait after a lost connection is drawn from 0 to this; it doubles with every failed try. */
export const BACKOFF_BASE_MS = 1_000;
export const BACKOFF_MAX_MS = 60_000;
/** A connection that lived so long was a good one: the next wait starts small again. */
export const STEADY_AFTER_MS = 10_000;
export const CONNECT_TIMEOUT_MS = 10_000;
/** A dead peer is noticed within one and a half of these (MQTT 5, 3.1.2.10). */
export const KEEP_ALIVE_SECONDS = 20;
/** Messages with QoS 1 that wait for the broker's PUBACK, unless it asks for fewer. */
export const WINDOW_MAX = 16;
/** Messages with QoS 1 that wait for a place in the window. */
export const WAITING_MAX = 256;
/** A message with QoS 0 is dropped while so many bytes wait to be written. */
export const UNWRITTEN_BYTES_MAX = 1_048_576;
/** How long a clean stop waits for its farewell. */
export const FAREWELL_MS = 2_000;
/**
 * Topics in one SUBSCRIBE or UNSUBSCRIBE. A NATS node in trouble takes up to 4 s for each topic and answers no ping
 * meanwhile: six end before a missing answer counts as a dead peer.
 */
export const TOPICS_AT_ONCE = 6;
/** Pause before refused subscriptions are asked for again. */
export const SUBSCRIBE_AGAIN_MS = 1_000;
/** Tries in a row that were granted nothing more, until the connection is dropped for another one. */
export const SUBSCRIBE_TRIES_MAX = 3;
