import { webcrypto, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { enrolledFiles, type GateEnrolment } from '../../../config/load.ts';
import { writeSecret } from '../gate/gate-keys.ts';

/**
 * A gate's own key for TLS at its broker and the certificates for it. The key is made here and never leaves; a request
 * carries only its public part.
 */
export interface CertificateRequest {
  /** PKCS #10, PEM */
  readonly request: string;
  /** PKCS #8, PEM */
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export async function newCertificateRequest(): Promise<CertificateRequest> {
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create(
    // The district alone gives names.
    { name: 'CN=gate', keys, signingAlgorithm: ALGORITHM },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g)?.join('\n') ?? '';
  return {
    request: `${request.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
  };
}

/** What the district gave at the enrolment. @returns what of it is there */
export function keepBrokerCredentials(
  dataDir: string,
  given: { readonly authorities?: readonly string[] | undefined; readonly certificate?: string | undefined },
  key: string,
): Pick<GateEnrolment['broker'], 'authorities' | 'certificate'> {
  const files = enrolledFiles(dataDir);
  if (given.authorities !== undefined) writeSecret(files.authorities, given.authorities.join(''));
  if (given.certificate !== undefined) writeSecret(files.certificate, `${given.certificate}${key}`);
  return { authorities: given.authorities !== undefined, certificate: given.certificate !== undefined };
}

/** @returns undefined when it is not there or is none */
export function readCertificate(file: string): X509Certificate | undefined {
  try {
    return existsSync(file) ? new X509Certificate(readFileSync(file)) : undefined;
  } catch {
    return undefined;
  }
}
