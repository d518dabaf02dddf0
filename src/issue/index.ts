/** The district's pen: signs codes (and, beside them, trust documents). It keeps no key and decides nothing. */
export { type Issuer, issueCard, issueCredential, issuePass, issueToken, linkForm } from './codes.ts';
export { type DocumentSigner, documentSigner } from './document-keys.ts';
export {
  type PlaceStatus,
  statusChanges,
  statusListClaim,
  statusListHash,
  statusListOf,
} from './document-status.ts';
export {
  type GateSealKey,
  sealPhoto,
  sealRoster,
  signAck,
  signCertificate,
  signPhoto,
  signCommand,
  signKeyset,
  signOperators,
  signPolicy,
  signRoot,
  signRoster,
  signStatusDelta,
  signStatusList,
  signTime,
} from './documents.ts';
