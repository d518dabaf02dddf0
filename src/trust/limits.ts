/** Every limit of the room. */

/** Documents waiting to be judged. */
export const ACCEPT_QUEUE_MAX = 64;

/** The stored index: a few lines a document. */
export const INDEX_BYTES_MAX = 262_144;

/** A stored time document is replaced when it is this much older: cards wear out. */
export const TIME_STORED_EVERY_MS = 600_000;

/** Root versions that one text may carry, and one chain may have: sixty years. */
export const ROOT_CHAIN_MAX = 64;

export const LISTENERS_MAX = 16;
