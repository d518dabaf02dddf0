import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { enrolledFiles, readEnrolment } from '../../../config/load.ts';
import type { GateConfig } from '../../../config/schema.ts';
import { toHex, utf8 } from '../../base/index.ts';
import { sha256 } from '../../crypto/index.ts';
import type { LinkTls } from '../../link/index.ts';
import type { Clock, Log, Signer } from '../../ports/index.ts';
import type { CertificateKeeper } from '../../report/index.ts';
import type { TrustKeeper } from '../../trust/index.ts';
import { renewalMessage } from '../../wire/index.ts';
import { writeSecret } from '../gate/gate-keys.ts';
import { newCertificateRequest, readCertificate } from './broker-certificate.ts';

/**
 * The gate's certificate at its broker over time, in files: the one in use, and beside it the next one until a connection has
 * stood with it. A private key lies in one file with its certificate, so that they change together.
 */
export interface KeptCertificate {
  readonly keeper: CertificateKeeper;
  /** For each connection; the next certificate and the one in use take turns until one has worked. */
  readonly tls: () => LinkTls;
}

const ANSWER_WITHIN_MS = 30_000;
/** The span reaches 30 days back for clocks that lag: a quarter of its 120 days is a third of the 90 that it is used. */
const DUE_SHARE = 1 / 4;

interface Parts {
  readonly config: GateConfig;
  readonly signer: Signer;
  readonly trust: Pick<TrustKeeper, 'verifyCertificate'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** @returns undefined for a gate that has no certificate of its district */
export function keptCertificate(parts: Parts): KeptCertificate | undefined {
  const { config, clock } = parts;
  const files = enrolledFiles(config.dataDir);
  if (config.mqtt?.tls.certificate !== files.certificate) return undefined;
  let asked: { readonly request: string; readonly key: string } | undefined;
  let turn = 0;
  let shown = files.certificate;
  const take = async (token: string): Promise<boolean> => {
    const claims = await parts.trust.verifyCertificate(token);
    if (!claims.ok || asked === undefined || !isFor(claims.value.certificate, asked.key)) return false;
    writeSecret(files.authorities, claims.value.authorities.join(''));
    writeSecret(files.next, `${claims.value.certificate}${asked.key}`);
    [asked, turn] = [undefined, 0];
    return true;
  };
  const request = async (): Promise<string> => {
    asked = await newCertificateRequest();
    return asked.request;
  };
  return {
    tls: () => {
      const isNext = existsSync(files.next) && turn % 2 === 0;
      turn += 1;
      shown = isNext ? files.next : files.certificate;
      const both = readFileSync(shown, 'utf8');
      const authority = existsSync(files.authorities) ? readFileSync(files.authorities, 'utf8') : undefined;
      return { certificate: both, key: both, ...(authority === undefined ? {} : { authority }) };
    },
    keeper: {
      state: () => stateOf(readCertificate(files.certificate), clock.wall()),
      spanMs: () => spanOf(readCertificate(files.certificate)),
      request,
      take,
      askDesk: async () => take(await askDesk(parts, await request())),
      worked: () => {
        if (shown === files.next && existsSync(files.next)) renameSync(files.next, files.certificate);
        shown = files.certificate;
      },
    },
  };
}

function stateOf(certificate: X509Certificate | undefined, now: number): 'good' | 'due' | 'expired' {
  if (certificate === undefined) return 'expired';
  const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (now >= until) return 'expired';
  return now >= until - (until - from) * DUE_SHARE ? 'due' : 'good';
}

function spanOf(certificate: X509Certificate | undefined): number | undefined {
  return certificate && Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
}

function isFor(certificate: string, key: string): boolean {
  try {
    const own = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
    return own.equals(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }));
  } catch {
    return false;
  }
}

/** What the desk says is believed by its signature alone, whoever answers there. */
async function askDesk({ config, signer }: Parts, request: string): Promise<string> {
  const desk = readEnrolment(config.dataDir)?.desk;
  if (desk === undefined) throw new Error('the address of the desk is not known');
  const { district, gate } = config;
  const requestHash = toHex(sha256(utf8(request)));
  const proof = toHex(signer.sign(renewalMessage({ district, gate, requestHash })));
  const answer = await fetch(`${desk}/api/enrol/certificate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ gate, request, proof }),
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const said = (await answer.json()) as { token?: unknown };
  if (!answer.ok || typeof said.token !== 'string') throw new Error(`the desk answered ${answer.status}`);
  return said.token;
}
