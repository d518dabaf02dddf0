/** For tests of whole scenarios: the storing half of a district, to stand behind documents of a test's own. */
export { type Database, type Gate, openDatabase } from './database/database.ts';
export { insertAlarms } from './ingest/alarms.ts';
export { createIngest } from './ingest/ingest.ts';
/** The half that keeps keys and publishes documents, without network. */
export { Issuing } from './issuing/issuing.ts';
export { KeyFolder } from './keys/key-folder.ts';
export { type Keys, type OpenKeysOptions, openKeys } from './keys/open-keys.ts';
export { KeyDesk } from './publishing/key-desk.ts';
export { Publisher } from './publishing/publisher.ts';
export type { PublisherOptions } from './publishing/publisher-options.ts';
export { generatedPerson } from './registry/generated-people.ts';
export { Registry } from './registry/registry.ts';
export { testJpeg } from './reviews/pictures/testing.ts';
