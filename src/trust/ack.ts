import { ok, type Result } from '../base/index.ts';
import { ACK_TYPE, type AckClaims, ackClaims, parseClaims } from '../wire/index.ts';
import type { GateIdentity } from './case.ts';
import { openEnvelope } from './envelope.ts';
import { type DocumentRefused, refuse } from './refused.ts';
import { backedBy, type HeldRoot } from './root.ts';

/**
 * The district's acknowledgement that it has stored rows: signature, district, gate, shape. Whether journal id and hash are
 * those of the gate's own row is judged by whoever moves the cursor.
 */
export async function verifyAck(
  text: string,
  by: { readonly root: HeldRoot | undefined; readonly identity: GateIdentity },
): Promise<Result<AckClaims, DocumentRefused>> {
  const at = { document: 'ack' };
  const opened = await openEnvelope(text, undefined);
  if (!opened.ok) return opened;
  if (opened.value.typ !== ACK_TYPE) return refuse('bad-typ', { ...at, field: 'typ' });
  if (by.root === undefined) return refuse('no-root', at);
  const backed = backedBy(by.root, 'ack', { signed: opened.value, document: 'ack' });
  if (!backed.ok) return backed;
  const parsed = ackClaims.safeParse(parseClaims(opened.value.payload));
  if (!parsed.success) {
    return refuse('malformed', { ...at, field: parsed.error.issues[0]?.path.join('.') ?? '' });
  }
  if (parsed.data.iss !== by.identity.district) return refuse('wrong-district', { ...at, field: 'iss' });
  if (parsed.data.aud !== by.identity.gate) return refuse('wrong-audience', { ...at, field: 'aud' });
  return ok(parsed.data);
}
