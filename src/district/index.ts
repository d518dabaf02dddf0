/** The district centre: registry, issuing desk, documents, ingest, broker and `/api`. */

export type { AccountProblem } from './accounts/accounts.ts';
export { type Desk, openDeskAlone } from './accounts/desk.ts';
export { MACHINE } from './accounts/roles.ts';
export { writeBrokerFiles } from './broker-side.ts';
export { type District, startDistrict } from './district.ts';
export { openAuthority } from './gates/authority.ts';
export { type EnrolmentPicture, enrolmentPicture } from './gates/enrolment-picture.ts';
export { type ExpectedJournal, type StoredJournal, storedChains } from './ingest/stored-chains.ts';
export { type IngestWorker, startIngestWorker } from './ingest-worker.ts';
export type { IssuerSettings } from './keys/issuer-key.ts';
export type { IssuerState } from './keys/issuers.ts';
export type { DistrictCrypto } from './keys/key-ring.ts';
export { SIGNING_ROLES, type SigningRole } from './keys/key-ring.ts';
export {
  type BundleProblem,
  type OfflineDistrict,
  type OfflineOptions,
  openOffline,
} from './offline.ts';
export type { DistrictOptions, EmbeddedBroker, ServerBroker } from './options.ts';
export type { Community } from './publishing/publisher.ts';
export { openRegistryAlone, type RegistryAlone } from './registry/alone.ts';
export { headingOf as importHeading } from './registry/import/columns.ts';
export type { ImportReport } from './registry/import/import.ts';
export { IMPORT_BYTES_MAX } from './registry/import/limits.ts';
export { TOO_LARGE as LIST_TOO_LARGE } from './registry/import/table-file.ts';
export type { SeedProblem } from './registry/seed.ts';
export { markRestored } from './restored.ts';
export type { FeedEvent } from './server/feed.ts';
export type { Trial, TrialResident } from './trial.ts';
