/** One schema per MQTT topic, HTTP body, trust document and journal row. Pure and browser-safe. */
export * from './accounts.ts';
export * from './alarm.ts';
export { asyncapiChannels, asyncapiDocument } from './asyncapi.ts';
export * from './context.ts';
export * from './demo-api.ts';
export * from './desk-answers.ts';
export * from './desk-http.ts';
export * from './desk-live.ts';
export * from './desk-look-up.ts';
export * from './display.ts';
export * from './district-http.ts';
export {
  BUNDLE_DOCUMENTS_MAX,
  BUNDLE_TEXT_MAX,
  type BundleFile,
  bundleFile,
  DOCUMENT_NAMES,
  DOCUMENT_TEXT_MAX,
  type DocumentName,
  type Ed25519Jwk,
  KEYSET_TYPE,
  type NamedVersion,
  OPERATORS_TYPE,
  POLICY_TYPE,
  ROLES,
  type Role,
  ROOT_TYPE,
  ROSTER_TEXT_MAX,
  ROSTER_TYPE,
  STATUS_DELTA_TYPE,
  STATUS_LIST_TYPE,
  STATUS_SUBJECTS,
  STATUS_TEXT_MAX,
  type StatusSubject,
  TIME_TYPE,
  type TimePayload,
  timePayload,
} from './documents.ts';
export { type IssuerJwk, type KeysetPayload, keysetPayload } from './documents-keyset.ts';
export {
  COMMAND_LIFE_MAX_SECONDS,
  type CommandPayload,
  commandPayload,
  type Operator,
  type OperatorsPayload,
  operatorsPayload,
} from './documents-operators.ts';
export { type RootPayload, rootPayload } from './documents-root.ts';
export {
  ROSTER_ENTRIES_MAX,
  type RosterMember,
  type RosterPayload,
  rosterPayload,
} from './documents-roster.ts';
export {
  STATUS_BYTES_MAX,
  STATUS_CHANGES_MAX,
  STATUS_PLACES_MAX,
  type StatusDeltaPayload,
  type StatusListPayload,
  statusDeltaPayload,
  statusListPayload,
} from './documents-status.ts';
export * from './draft.ts';
export * from './enrolment.ts';
export * from './fields.ts';
export * from './guard-photo.ts';
export * from './identity-documents.ts';
export * from './identity-numbers.ts';
export * from './inbox.ts';
export {
  parseClaims,
  parseSigned,
  SIGNATURES_MAX,
  type SignedText,
  type TextProblem,
  type TextSignature,
} from './jws.ts';
export * from './memory.ts';
export * from './mqtt.ts';
export * from './person-check.ts';
export * from './person-fields.ts';
export * from './person-lookups.ts';
export * from './person-masks.ts';
export * from './persons-http.ts';
export * from './policy.ts';
export * from './receipt-number.ts';
export * from './proxy.ts';
export * from './release.ts';
export * from './reviews-http.ts';
export * from './root-ceremony.ts';
export * from './row.ts';
export * from './row-alarm.ts';
export * from './row-digest.ts';
export * from './row-people.ts';
export * from './setup-http.ts';
export * from './trust-http.ts';
export * from './update-outcome.ts';
export * from './updates-http.ts';
export { type StatusBits, setStatus, statusAt, statusBytes } from './status-bits.ts';
export * from './words/index.ts';
