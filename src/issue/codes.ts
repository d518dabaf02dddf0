import { assert } from '../base/index.ts';
import {
  bytesToSign,
  type CardFields,
  type Claim,
  type CodeFields,
  type CredentialFields,
  encodeCode,
  encodeCredential,
  type PassFields,
  type Suite,
  signedMessage,
  type TokenFields,
} from '../code/index.ts';

/**
 * The district's side of a code: signs kinds 1, 4, 5 and the credential of kind 2 with an issuer key. It decides nothing about
 * who gets one, and values out of range are the caller's bugs and throw.
 */

/** A key of the signed key set, ready to sign for one district. */
export interface Issuer {
  readonly district: string;
  /** 0..255, as the key set names it. */
  readonly kid: number;
  readonly suite: Suite;
  /** @returns 64 bytes */
  sign(message: Uint8Array): Uint8Array;
}

type Given<Fields> = Omit<Fields, 'kind' | 'suite' | 'kid'>;

/** Kind 1, for a phone that is online. */
export function issueToken(issuer: Issuer, fields: Given<TokenFields>): Claim {
  return issue(issuer, { ...fields, kind: 1, suite: issuer.suite, kid: issuer.kid });
}

/** The district's part of kind 2: 105 bytes, to which the phone adds the present second and its own signature. */
export function issueCredential(issuer: Issuer, fields: Omit<Given<CredentialFields>, 'ts'>): Uint8Array {
  assert(issuer.suite === 1, 'a credential is signed with Ed25519');
  const whole: CredentialFields = { ...fields, kind: 2, suite: 1, kid: issuer.kid, ts: 0 };
  const { ts: _, ...signed } = whole;
  return encodeCredential({ fields: signed, issuerSignature: signatureOver(issuer, whole) });
}

/** Kind 4, for a visitor. */
export function issuePass(issuer: Issuer, fields: Given<PassFields>): Claim {
  return issue(issuer, { ...fields, kind: 4, suite: issuer.suite, kid: issuer.kid });
}

/** Kind 5, to be printed. */
export function issueCard(issuer: Issuer, fields: Given<CardFields>): Claim {
  return issue(issuer, { ...fields, kind: 5, suite: issuer.suite, kid: issuer.kid });
}

/** The upper-case URL that any phone's camera opens. Its host has 23 characters at most, which keeps kind 1 at 41 modules. */
export function linkForm(host: string, claim: Claim): string {
  assert(/^[A-Z0-9.-]{1,23}$/i.test(host), 'a link has a host of 1 to 23 letters, digits, dots and hyphens');
  return `HTTPS://${host.toUpperCase()}/${claim.canonical}`;
}

function issue(issuer: Issuer, fields: CodeFields): Claim {
  return encodeCode(fields, { issuer: signatureOver(issuer, fields) });
}

function signatureOver(issuer: Issuer, fields: CodeFields): Uint8Array {
  return issuer.sign(signedMessage('issuer', issuer.district, bytesToSign(fields, 'issuer')));
}
