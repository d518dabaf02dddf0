import { isIP } from 'node:net';
import { webcrypto } from 'node:crypto';

/** A certificate that a gate makes for itself, so that no password or code crosses the network in the clear. */

export interface ServerCertificate {
  /** PEM */
  readonly certificate: string;
  /** PEM, PKCS #8: for the owner's eyes alone */
  readonly key: string;
}

/** CA/Browser Forum's bound for server certificates, which browsers hold private ones to as well. */
export const CERTIFICATE_DAYS_MAX = 398;
const MS_PER_DAY = 86_400_000;

/** @param names host names and addresses under which browsers reach the server */
export async function selfSignedCertificate(
  names: readonly string[],
  from: Date,
): Promise<ServerCertificate> {
  // Loaded only here: most starts find the certificate made.
  await import('reflect-metadata');
  const { KeyUsageFlags, KeyUsagesExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } =
    await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${names[0] ?? 'menwei'}`,
      notBefore: new Date(from.getTime() - MS_PER_DAY),
      notAfter: new Date(from.getTime() + (CERTIFICATE_DAYS_MAX - 1) * MS_PER_DAY),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
        ),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ],
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g)?.join('\n') ?? '';
  return {
    certificate: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
  };
}
