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
