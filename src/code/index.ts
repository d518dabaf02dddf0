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
export { REFUSALS, type Refusal } from './refusal.ts';
