import { equalBytes, err, ok, type Result } from '../base/index.ts';
import {
  bytesToSign,
  type Claim,
  type CodeFields,
  encodeCode,
  type ProofFields,
  readCredential,
  type Signatures,
  signedMessage,
} from '../code/index.ts';
import type { HolderKey } from './key.ts';

/**
 * What a phone shows: kind 2 (the district's credential and a proof of the present second) and kind 3 (the proof alone).
 * It signs nothing but those two, and never for a key that is not its own.
 */

/** Kind 2. The credential is what the district issued for this key, 105 bytes. */
export async function showCredential(
  key: HolderKey,
  { district, credential, seconds }: { district: string; credential: Uint8Array; seconds: number },
): Promise<Result<Claim, 'not-a-credential' | 'for-another-key'>> {
  const read = readCredential(credential);
  if (read === undefined) return err('not-a-credential');
  if (!equalBytes(read.fields.holderPublicKey, key.publicKey)) return err('for-another-key');
  const fields: CodeFields = { ...read.fields, ts: seconds };
  return ok(await signed(key, district, { fields, signatures: { issuer: read.issuerSignature } }));
}

/** Kind 3. `party` 0 means alone; bit i takes the member of the household with `order` i along. */
export async function showProof(
  key: HolderKey,
  {
    district,
    seconds,
    ...fields
  }: { district: string; seconds: number } & Pick<ProofFields, 'index' | 'slot' | 'party'>,
): Promise<Claim> {
  return signed(key, district, { fields: { ...fields, kind: 3, suite: 1, ts: seconds }, signatures: {} });
}

async function signed(
  key: HolderKey,
  district: string,
  { fields, signatures }: { fields: CodeFields; signatures: Signatures },
): Promise<Claim> {
  const message = signedMessage('holder', district, bytesToSign(fields, 'holder', signatures));
  return encodeCode(fields, { ...signatures, holder: await key.sign(message) });
}
