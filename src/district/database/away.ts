/** Whether a fault says that the database is not there at the moment, and nothing about what was asked of it. */
export function isDatabaseAway(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false;
  const code = 'code' in fault ? String(fault.code) : '';
  return AWAY_CODES.has(code) || AWAY_CLASSES.test(code) || AWAY_WORDS.test(fault.message);
}

/** Of the connection, and of PostgreSQL 13 (appendix A): administrator's shutdown, crash shutdown, cannot connect now. */
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '57P01', '57P02', '57P03']);
/** Connection exceptions. */
const AWAY_CLASSES = /^08[0-9A-Z]{3}$/;
/** The driver's own words where it has no code. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;
