import { entriesPayload } from '../../wire/index.ts';
import { checkBatch, type Sender, type VerifySignature } from '../ingest/batch-check.ts';

/** Whether a payload of `entries` holds together and was signed by that key in that gate's name. Total. */
export function isBatchOf(payload: Uint8Array, sender: Sender, verifySignature: VerifySignature): boolean {
  try {
    const batch = entriesPayload.safeParse(JSON.parse(Buffer.from(payload).toString('utf8'))).data;
    return batch !== undefined && checkBatch(batch, sender, verifySignature).ok;
  } catch {
    return false;
  }
}
