/** Limits of a gate's alarms at the guard's desk. */

/** Alarms that wait for somebody; of more, the oldest goes, and is in the journal. */
export const ALARMS_OPEN_MAX = 100;
/** Alarms that were acknowledged, for a page that comes back and still shows them as open. */
export const ALARMS_SEEN_MAX = 20;
