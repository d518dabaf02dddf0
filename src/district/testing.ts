/** For tests of whole scenarios: the storing half of a district, to stand behind documents of a test's own. */
export { type Database, type Gate, openDatabase } from './database/database.ts';
export { createIngest } from './ingest/ingest.ts';
