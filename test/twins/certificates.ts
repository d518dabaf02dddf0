import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A small authority for tests, and what it signs: PEM texts. */
export interface Pem {
  readonly certificate: string;
  readonly key: string;
}

export interface TestAuthority {
  readonly certificate: string;
  server(name: string): Promise<Pem>;
  client(name: string): Promise<Pem>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const crypto: Crypto = webcrypto;
const DAY_MS = 86_400_000;
const span = () => ({ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) });

export async function testAuthority(): Promise<TestAuthority> {
  const keys = await newKeys();
  const root = await X509CertificateGenerator.createSelfSigned(
    {
      ...span(),
      name: 'CN=Test authority',
      serialNumber: '01',
      signingAlgorithm: algorithm,
      keys,
      extensions: [new BasicConstraintsExtension(true, 0, true)],
    },
    crypto,
  );
  let serial = 1;
  const issue = async (name: string, usage: ExtendedKeyUsage): Promise<Pem> => {
    serial += 1;
    const own = await newKeys();
    const certificate: X509Certificate = await X509CertificateGenerator.create(
      {
        ...span(),
        subject: `CN=${name}`,
        issuer: root.subject,
        serialNumber: String(serial).padStart(2, '0'),
        signingAlgorithm: algorithm,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new ExtendedKeyUsageExtension([usage]),
          new SubjectAlternativeNameExtension([
            { type: 'dns', value: name },
            { type: 'ip', value: '127.0.0.1' },
          ]),
        ],
      },
      crypto,
    );
    return { certificate: certificate.toString('pem'), key: await privatePem(own.privateKey) };
  };
  return {
    certificate: root.toString('pem'),
    server: (name) => issue(name, ExtendedKeyUsage.serverAuth),
    client: (name) => issue(name, ExtendedKeyUsage.clientAuth),
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function privatePem(key: CryptoKey): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${base64.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END PRIVATE KEY-----\n`;
}
