/** Limits of photos for guards. */

/** Photos that one gate may be shown in a minute: some desks look up every other second, none for long. */
export const PHOTOS_PER_MINUTE_MAX = 30;
export const PHOTOS_WITHIN_MS = 60_000;
/** A gate that asks for more is told of so often. */
export const TOO_OFTEN_TOLD_MS = 60_000;
/** Gates whose share is remembered. */
export const GATES_LIMITED_MAX = 10_000;
/** Written under a new key in one step; what is left is done at the next. */
export const PHOTOS_STEP = 200;
