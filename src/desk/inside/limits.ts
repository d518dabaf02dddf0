/** How far back those who came in are looked for: nobody stays inside without coming or going for longer, as far as a list for a fire goes. */
export const INSIDE_MS = 24 * 3_600_000;
/** Passages between two turns of the event loop. */
export const PASSAGES_PER_SLICE = 2_000;
