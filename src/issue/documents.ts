import { CompactEncrypt } from 'jose';
import { utf8 } from '../base/index.ts';
import {
  ACK_TYPE,
  ackClaims,
  CERTIFICATE_TYPE,
  certificateClaims,
  COMMAND_TYPE,
  commandPayload,
  KEYSET_TYPE,
  keysetPayload,
  OPERATORS_TYPE,
  operatorsPayload,
  PHOTO_TYPE,
  POLICY_TYPE,
  photoClaims,
  policyPayload,
  ROOT_TYPE,
  ROSTER_TYPE,
  rootPayload,
  rosterPayload,
  STATUS_DELTA_TYPE,
  STATUS_LIST_TYPE,
  statusDeltaPayload,
  statusListPayload,
  TIME_TYPE,
  timePayload,
} from '../wire/index.ts';
import { type DocumentSigner, signGeneral } from './document-keys.ts';

/**
 * Signs the documents of docs/trust-documents.md. A payload that its own schema would refuse is never signed: the schema's
 * error is thrown. Defaults are written out, so that a gate of another version reads what was meant.
 */

/** Public X25519 key of a gate, RFC 8037 §2. */
export interface GateSealKey {
  readonly kty: 'OKP';
  readonly crv: 'X25519';
  readonly x: string;
}

interface Schema {
  readonly _input: unknown;
  parse(value: unknown): object;
}

function signedAs<Shape extends Schema>(typ: string, schema: Shape) {
  return (signer: DocumentSigner, payload: Shape['_input']): Promise<string> =>
    signer.sign(typ, schema.parse(payload));
}

export const signKeyset = signedAs(KEYSET_TYPE, keysetPayload);
export const signStatusList = signedAs(STATUS_LIST_TYPE, statusListPayload);
export const signStatusDelta = signedAs(STATUS_DELTA_TYPE, statusDeltaPayload);
export const signTime = signedAs(TIME_TYPE, timePayload);
export const signPolicy = signedAs(POLICY_TYPE, policyPayload);
export const signRoster = signedAs(ROSTER_TYPE, rosterPayload);
export const signOperators = signedAs(OPERATORS_TYPE, operatorsPayload);
export const signCommand = signedAs(COMMAND_TYPE, commandPayload);
export const signAck = signedAs(ACK_TYPE, ackClaims);
export const signCertificate = signedAs(CERTIFICATE_TYPE, certificateClaims);
export const signPhoto = signedAs(PHOTO_TYPE, photoClaims);

/** @param signers the threshold of this version's root keys and of the version before */
export function signRoot(
  signers: readonly DocumentSigner[],
  payload: (typeof rootPayload)['_input'],
): Promise<string> {
  return signGeneral(ROOT_TYPE, rootPayload.parse(payload), signers);
}

/** Seals a signed roster to one gate. */
export const sealRoster = sealedAs(ROSTER_TYPE);
/** Seals the answer to one gate's question for a photo. */
export const sealPhoto = sealedAs(PHOTO_TYPE);

/** Never compressed: the length of compressed text tells of what is in it. */
function sealedAs(cty: string) {
  return (signed: string, gateKey: GateSealKey): Promise<string> =>
    new CompactEncrypt(utf8(signed))
      .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty })
      .encrypt({ ...gateKey });
}
