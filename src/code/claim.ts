/** What a code says, before anybody has checked that it may say so. Times are Unix seconds; days count from 2020-01-01. */

export type Kind = 1 | 2 | 3 | 4 | 5;

/** 1 = Ed25519, 2 = SM2 with SM3. */
export type Suite = 1 | 2;

/** 0 unstated, 1 real-name checked, 2 face or in-person checked. */
export type Assurance = 0 | 1 | 2;

/** Issuer token: the district signed it for a phone that is online. */
export interface TokenFields {
  readonly kind: 1;
  readonly suite: Suite;
  readonly kid: number;
  readonly index: number;
  readonly iat: number;
  /** 1..63 */
  readonly ttlMinutes: number;
  readonly assurance: Assurance;
}

/** Credential and holder proof: the district signed the phone's key for days, the phone signs the present second. */
export interface CredentialFields {
  readonly kind: 2;
  readonly suite: 1;
  readonly kid: number;
  readonly index: number;
  /** UTC day */
  readonly lastDay: number;
  readonly assurance: Assurance;
  /** 32 bytes, Ed25519 */
  readonly holderPublicKey: Uint8Array;
  readonly ts: number;
}

/** Holder proof alone: the gate knows the phone's key from its roster. */
export interface ProofFields {
  readonly kind: 3;
  readonly suite: 1;
  readonly slot: number;
  readonly index: number;
  readonly ts: number;
  /** Family code: bit i set means that the member with `order` i comes along. */
  readonly party: number;
}

/** Visitor pass: one community, one span of time, so many entries. */
export interface PassFields {
  readonly kind: 4;
  readonly suite: Suite;
  readonly kid: number;
  readonly passId: number;
  readonly hostIndex: number;
  readonly community: number;
  readonly from: number;
  /** 1..65535 */
  readonly minutes: number;
  /** 1..255 */
  readonly uses: number;
}

/** Printed card, for people without a phone. Days are local to the district. */
export interface CardFields {
  readonly kind: 5;
  readonly suite: Suite;
  readonly kid: number;
  readonly index: number;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly assurance: Assurance;
}

export type CodeFields = TokenFields | CredentialFields | ProofFields | PassFields | CardFields;

/** A parsed code: its fields, and the bytes that were signed. */
export interface Claim {
  readonly fields: CodeFields;
  /** The whole code, signatures included. */
  readonly bytes: Uint8Array;
  /** `X…` in upper case, without the frame that a reader or a link put around it. */
  readonly canonical: string;
}
