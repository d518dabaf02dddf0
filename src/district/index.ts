/** The district centre: registry, issuing desk, documents, ingest, broker and `/api`. */
export { type District, type DistrictOptions, type EmbeddedBroker, startDistrict } from './district.ts';
export type { DistrictCrypto } from './keys/key-ring.ts';
export type { Community } from './publishing/publisher.ts';
