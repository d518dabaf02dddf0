import { hash } from 'node:crypto';
import { err, fromHex, ok, type Result } from '../../base/index.ts';
import {
  CHECKPOINT_TYPE,
  type CheckpointClaims,
  checkpointClaims,
  type EntriesPayload,
  GENESIS_HASH,
  parseClaims,
  parseSigned,
  type SentRow,
  rowContentBytes,
} from '../../wire/index.ts';

/** Whether a batch of rows is in itself what a gate may have written: its chain, and the checkpoint of its last row. */
export type BatchProblem = 'order' | 'digest' | 'chain' | 'checkpoint';

export interface Sender {
  readonly district: string;
  readonly gate: string;
  /** Hex */
  readonly deviceKey: string;
}

/** Ed25519 under the strict rules of docs/code-format.md. Total: false for a key or a signature that is not one. */
export type VerifySignature = (
  publicKey: Uint8Array,
  signed: { readonly message: Uint8Array; readonly signature: Uint8Array },
) => boolean;

export function checkBatch(
  batch: EntriesPayload,
  sender: Sender,
  verifySignature: VerifySignature,
): Result<CheckpointClaims, BatchProblem> {
  let before: SentRow | undefined;
  for (const row of batch.rows) {
    const problem = checkRow(row, before);
    if (problem !== undefined) return err(problem);
    before = row;
  }
  const claims = checkpointOf(batch.checkpoint, sender, verifySignature);
  const fits = claims?.journal === batch.journal && claims.seq === before?.seq && claims.hash === before.hash;
  return claims !== undefined && fits ? ok(claims) : err('checkpoint');
}

/** SHA-256(previous hash ‖ digest), on raw bytes. */
export function chainHash(previousHash: string, digest: string): string {
  return hash('sha256', Buffer.from(previousHash + digest, 'hex'), 'hex');
}

function checkRow(row: SentRow, before: SentRow | undefined): BatchProblem | undefined {
  if (before !== undefined && row.seq !== before.seq + 1) return 'order';
  if (row.seq === 1 && row.previousHash !== GENESIS_HASH) return 'chain';
  if (before !== undefined && row.previousHash !== before.hash) return 'chain';
  if (!('purged' in row)) {
    const { previousHash: _previous, digest, hash: _hash, ...content } = row;
    if (hash('sha256', rowContentBytes(content), 'hex') !== digest) return 'digest';
  }
  return chainHash(row.previousHash, row.digest) === row.hash ? undefined : 'chain';
}

/** @returns undefined unless the gate’s device key has signed it, for this district */
export function checkpointOf(
  token: string,
  sender: Sender,
  verifySignature: VerifySignature,
): CheckpointClaims | undefined {
  const signed = parseSigned(token);
  const [signature, ...more] = signed.ok ? signed.value.signatures : [];
  if (!signed.ok || signed.value.typ !== CHECKPOINT_TYPE || signature === undefined || more.length > 0)
    return undefined;
  const key = fromHex(sender.deviceKey);
  if (key === undefined || !verifySignature(key, signature)) return undefined;
  const claims = checkpointClaims.safeParse(parseClaims(signed.value.payload)).data;
  return claims?.iss === sender.district && claims.aud === sender.gate ? claims : undefined;
}
