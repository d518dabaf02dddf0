/** Limits of photos for guards. */

/**
 * Photos that one gate may ask for in a minute, and in an hour: more than any desk looks people up, and too few for a gate
 * in wrong hands to have everybody's face before it is missed.
 */
export const PHOTOS_PER_MINUTE_MAX = 30;
export const PHOTOS_PER_HOUR_MAX = 240;
/** A gate that asks for more is told of so often. */
export const TOO_OFTEN_TOLD_MS = 60_000;
/** Gates whose share is remembered. */
export const GATES_LIMITED_MAX = 10_000;
/** Written under a new key in one step; what is left is done at the next. */
export const PHOTOS_STEP = 200;
