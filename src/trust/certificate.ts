import { ok, type Result } from '../base/index.ts';
import { CERTIFICATE_TYPE, type CertificateClaims, certificateClaims, parseClaims } from '../wire/index.ts';
import type { GateIdentity } from './case.ts';
import { openEnvelope } from './envelope.ts';
import { type DocumentRefused, refuse } from './refused.ts';
import { backedBy, type HeldRoot } from './root.ts';

/**
 * The district's word on this gate's next certificate and on the authorities of its broker: signature, district, gate, shape.
 * Whether the certificate is for a key of the gate is judged by whoever keeps that key.
 */
export async function verifyCertificate(
  text: string,
  by: { readonly root: HeldRoot | undefined; readonly identity: GateIdentity },
): Promise<Result<CertificateClaims, DocumentRefused>> {
  const at = { document: 'certificate' };
  const opened = await openEnvelope(text, undefined);
  if (!opened.ok) return opened;
  if (opened.value.typ !== CERTIFICATE_TYPE) return refuse('bad-typ', { ...at, field: 'typ' });
  if (by.root === undefined) return refuse('no-root', at);
  const backed = backedBy(by.root, 'ack', { signed: opened.value, document: 'certificate' });
  if (!backed.ok) return backed;
  const parsed = certificateClaims.safeParse(parseClaims(opened.value.payload));
  if (!parsed.success)
    return refuse('malformed', { ...at, field: parsed.error.issues[0]?.path.join('.') ?? '' });
  if (parsed.data.iss !== by.identity.district) return refuse('wrong-district', { ...at, field: 'iss' });
  if (parsed.data.aud !== by.identity.gate) return refuse('wrong-audience', { ...at, field: 'aud' });
  return ok(parsed.data);
}
