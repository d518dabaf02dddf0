/** The dynamic code: text ⇄ bytes ⇄ fields. Pure and browser-safe; knows no cryptography and no clock. */
export type {
  Assurance,
  CardFields,
  Claim,
  CodeFields,
  CredentialFields,
  Kind,
  PassFields,
  ProofFields,
  Suite,
  TokenFields,
} from './claim.ts';
export {
  bytesToSign,
  CREDENTIAL_BYTES,
  type Credential,
  encodeCode,
  encodeCredential,
  messagePrefix,
  readCredential,
  type Signatures,
  type SignedPart,
  signedMessage,
  signedParts,
} from './encode.ts';
export type { SignedBy } from './layout.ts';
export { codeTextLength, parseCode, type Unreadable } from './parse.ts';
export { REFUSALS, type Refusal } from './refusal.ts';
export { CODE_TEXT_MAX } from './text.ts';
export {
  acceptedSteps,
  readShortCode,
  SHORT_CODE_DIGITS,
  SHORT_CODE_SECRET_BYTES,
  SHORT_CODE_STEP_SECONDS,
  SHORT_CODE_WIDENING_MAX_SECONDS,
  shortCodeGroups,
  shortCodeMessage,
  shortCodeSecretMessage,
  shortCodeStep,
  shortCodeText,
  truncated,
} from './short-code.ts';
