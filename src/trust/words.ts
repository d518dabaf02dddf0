import {
  ACK_TYPE,
  type AckClaims,
  ackClaims,
  CERTIFICATE_TYPE,
  type CertificateClaims,
  certificateClaims,
  PHOTO_TYPE,
  type PhotoClaims,
  photoClaims,
} from '../wire/index.ts';
import type { WordKind } from './word.ts';

/** Rows are stored. Whether journal id and hash are those of the gate's own row is judged by whoever moves the cursor. */
export const ACK: WordKind<AckClaims> = { typ: ACK_TYPE, name: 'ack', sealed: false, claims: ackClaims };

/**
 * The gate's next certificate, and the authorities of its broker. Whether it is for a key of the gate is judged by whoever
 * keeps that key.
 */
export const CERTIFICATE: WordKind<CertificateClaims> = {
  typ: CERTIFICATE_TYPE,
  name: 'certificate',
  sealed: false,
  claims: certificateClaims,
};

/** A resident's face. Whether this gate has asked for it is judged by whoever asked. */
export const PHOTO: WordKind<PhotoClaims> = {
  typ: PHOTO_TYPE,
  name: 'photo',
  sealed: true,
  claims: photoClaims,
};
