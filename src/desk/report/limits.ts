/** Limits of a shift's report, which fits one printed page. */
export const REASONS_MAX = 40;
export const ALARMS_REPORTED_MAX = 40;
