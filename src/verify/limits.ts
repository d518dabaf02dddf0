/** Phones off the roster whose checked keys are kept, so that their next code costs one signature less. About 1 KB each. */
export const HOLDER_KEYS_MAX = 1_024;

/** Longest stretch of a code that is signed: kind 2 up to its holder signature. */
export const SIGNED_BYTES_MAX = 109;
