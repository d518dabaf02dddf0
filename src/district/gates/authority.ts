import { mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import type {
  Extension,
  Pkcs10CertificateRequest,
  X509Certificate,
  X509CertificateCreateCommonParams,
} from '@peculiar/x509';
import { z } from 'zod';
import { assert, err, ok, type Result, toHex } from '../../base/index.ts';
import type { ServerCertificate } from '../../http/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import {
  AUTHORITY_MS,
  AUTHORITY_OVERLAP_MS,
  CERTIFICATE_BACKDATED_MS,
  GATE_CERTIFICATE_MS,
  SERVER_CERTIFICATE_MS,
} from '../limits.ts';
import { writeWhole } from './whole-file.ts';

/**
 * The district's own small certificate authority: it names brokers, gates and the district itself to each other, and nobody
 * else. Its key never leaves the keys folder; a gate's private key never comes here.
 */
export interface Authority {
  /** All that hold, newest first, PEM: what a gate or a broker trusts. */
  chain(): Promise<readonly string[]>;
  /** @param request PKCS #10, PEM; of it only the key is used */
  gate(gate: string, request: string): Promise<Result<IssuedCertificate, 'bad-certificate-request'>>;
  /** Of a broker under these names and addresses. */
  server(names: readonly string[]): Promise<ServerCertificate>;
  /** Of the district's own client. */
  own(): Promise<ServerCertificate>;
  /** Lists of every authority, PEM, one after the other. */
  revoked(certificates: readonly Revoked[]): Promise<string>;
}

export interface IssuedCertificate {
  /** PEM */
  readonly certificate: string;
  /** hex, upper case, as Node tells it of a connection */
  readonly serial: string;
  readonly notAfter: number;
}

export interface Revoked {
  readonly serial: string;
  readonly at: number;
}

export interface AuthorityOptions {
  readonly folder: string;
  readonly district: string;
  /** Life of a gate's certificate; 90 days when left out. */
  readonly gateCertificateMs?: number;
  readonly clock: Clock;
  readonly random: Random;
}

/** Name of the district's own client at its broker; a gate can not take it, its names have no capitals. */
export const DISTRICT_USER = 'DISTRICT';

/** P-256, because TLS 1.2 clients and hardware brokers know it too; Ed25519 certificates are TLS 1.3's alone in practice. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const SERIAL_BYTES = 16;

const file = z.strictObject({
  version: z.literal(1),
  authorities: z.array(z.strictObject({ certificate: z.string(), key: z.string() })).max(8),
});

interface Holder {
  readonly certificate: X509Certificate;
  readonly key: CryptoKey;
  readonly kept: { readonly certificate: string; readonly key: string };
}

export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const authority = new DistrictAuthority(options, await read(options.folder));
  await authority.chain();
  return authority;
}

class DistrictAuthority implements Authority {
  readonly #options: AuthorityOptions;
  #holders: readonly Holder[];
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: AuthorityOptions, holders: readonly Holder[]) {
    this.#options = options;
    this.#holders = holders;
  }

  async chain(): Promise<readonly string[]> {
    return (await this.#living()).map(({ certificate }) => pem(certificate));
  }

  async gate(gate: string, request: string): Promise<Result<IssuedCertificate, 'bad-certificate-request'>> {
    const asked = await readRequest(request);
    if (asked === undefined) return err('bad-certificate-request');
    const { X509CertificateGenerator, ExtendedKeyUsage } = await library();
    const [issuer] = await this.#living();
    const { gateCertificateMs: life = GATE_CERTIFICATE_MS } = this.#options;
    const { serialNumber, notAfter, ...rest } = await this.#params(issuer, life, []);
    const made = await X509CertificateGenerator.create(
      {
        ...rest,
        serialNumber,
        notAfter,
        subject: `CN=${gate}`,
        issuer: issuer.certificate.subject,
        publicKey: asked.publicKey,
        signingKey: issuer.key,
        extensions: await leafExtensions(ExtendedKeyUsage.clientAuth),
      },
      webcrypto,
    );
    return ok({ certificate: pem(made), serial: serialNumber.toUpperCase(), notAfter: notAfter.getTime() });
  }

  async server(names: readonly string[]): Promise<ServerCertificate> {
    const { ExtendedKeyUsage, SubjectAlternativeNameExtension } = await library();
    const alternatives = names.map((value) => ({
      type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
      value,
    }));
    return this.#withKey(names[0] ?? 'broker', [
      ...(await leafExtensions(ExtendedKeyUsage.serverAuth)),
      new SubjectAlternativeNameExtension(alternatives),
    ]);
  }

  async own(): Promise<ServerCertificate> {
    const { ExtendedKeyUsage } = await library();
    return this.#withKey(DISTRICT_USER, await leafExtensions(ExtendedKeyUsage.clientAuth));
  }

  async revoked(certificates: readonly Revoked[]): Promise<string> {
    const { X509CrlGenerator } = await library();
    const entries = certificates.map(({ serial, at }) => ({
      serialNumber: serial,
      revocationDate: new Date(at),
    }));
    const lists = (await this.#living()).map(({ certificate, key }) =>
      X509CrlGenerator.create(
        {
          issuer: certificate.subject,
          thisUpdate: new Date(this.#options.clock.wall() - CERTIFICATE_BACKDATED_MS),
          // A list that ran out would shut every gate out (OpenSSL, X509_V_ERR_CRL_HAS_EXPIRED).
          nextUpdate: certificate.notAfter,
          entries,
          signingAlgorithm: ALGORITHM,
          signingKey: key,
        },
        webcrypto,
      ),
    );
    // RFC 7468, 5: OpenSSL knows the label `X509 CRL` alone.
    return (await Promise.all(lists)).map((list) => pemOf('X509 CRL', Buffer.from(list.rawData))).join('');
  }

  async #withKey(name: string, extensions: readonly Extension[]): Promise<ServerCertificate> {
    const { X509CertificateGenerator } = await library();
    const [issuer] = await this.#living();
    const keys = await newKeys();
    const made = await X509CertificateGenerator.create(
      {
        ...(await this.#params(issuer, SERVER_CERTIFICATE_MS, extensions)),
        subject: `CN=${name}`,
        issuer: issuer.certificate.subject,
        publicKey: keys.publicKey,
        signingKey: issuer.key,
      },
      webcrypto,
    );
    return { certificate: pem(made), key: await privatePem(keys.privateKey) };
  }

  async #params(
    issuer: Holder | undefined,
    lifeMs: number,
    extensions: readonly Extension[],
  ): Promise<
    Required<Omit<X509CertificateCreateCommonParams, 'subject' | 'issuer'>> & { serialNumber: string }
  > {
    const { AuthorityKeyIdentifierExtension } = await library();
    const now = this.#options.clock.wall();
    const until = Math.min(now + lifeMs, issuer?.certificate.notAfter.getTime() ?? Number.POSITIVE_INFINITY);
    const by =
      issuer === undefined
        ? []
        : [await AuthorityKeyIdentifierExtension.create(issuer.certificate, false, webcrypto)];
    return {
      serialNumber: this.#serial(),
      // What is short-lived reaches back less: a gate renews by the share of the span that is left.
      notBefore: new Date(now - Math.min(CERTIFICATE_BACKDATED_MS, lifeMs / 3)),
      notAfter: new Date(until),
      signingAlgorithm: ALGORITHM,
      extensions: [...extensions, ...by],
    };
  }

  /** RFC 5280, 4.1.2.2: a positive number without a leading zero byte. */
  #serial(): string {
    const bytes = this.#options.random.bytes(SERIAL_BYTES);
    bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
    return toHex(bytes);
  }

  /** The newest signs. A new one is made long before it ends, and until then both are trusted. */
  #living(): Promise<readonly [Holder, ...Holder[]]> {
    const done = this.#tail.then(() => this.#renew());
    this.#tail = done.catch(() => undefined);
    return done;
  }

  async #renew(): Promise<readonly [Holder, ...Holder[]]> {
    const now = this.#options.clock.wall();
    const holders = this.#holders.filter(({ certificate }) => certificate.notAfter.getTime() > now);
    const [newest, ...older] = holders;
    if (newest !== undefined && newest.certificate.notAfter.getTime() > now + AUTHORITY_OVERLAP_MS)
      return [newest, ...older];
    const made = await this.#make();
    const kept = { version: 1, authorities: [made, ...holders].map((holder) => holder.kept) };
    await writeWhole(fileIn(this.#options.folder), `${JSON.stringify(kept, null, 2)}\n`, 0o600);
    this.#holders = [made, ...holders];
    return [made, ...holders];
  }

  async #make(): Promise<Holder> {
    const {
      BasicConstraintsExtension,
      KeyUsageFlags,
      KeyUsagesExtension,
      SubjectKeyIdentifierExtension,
      X509CertificateGenerator,
    } = await library();
    const keys = await newKeys();
    const params = await this.#params(undefined, AUTHORITY_MS, [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
    ]);
    // Each has a name of its own, so that a list of revoked ones belongs to one authority alone.
    const name = `CN=Menwei ${this.#options.district} ${params.serialNumber.slice(0, 8)}`;
    const certificate = await X509CertificateGenerator.createSelfSigned({ ...params, name, keys }, webcrypto);
    const kept = { certificate: pem(certificate), key: await privatePem(keys.privateKey) };
    return { certificate, key: keys.privateKey, kept };
  }
}

async function read(folder: string): Promise<readonly Holder[]> {
  const text = await readFile(fileIn(folder), 'utf8').catch((fault: unknown) => {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw fault;
  });
  if (text === undefined) return [];
  const { X509Certificate } = await library();
  return Promise.all(
    file.parse(JSON.parse(text)).authorities.map(async (kept) => ({
      certificate: new X509Certificate(kept.certificate),
      key: await webcrypto.subtle.importKey('pkcs8', derOf(kept.key), ALGORITHM, false, ['sign']),
      kept,
    })),
  );
}

/** @returns undefined unless it is signed by its own key on P-256 (proof that the sender has it) */
async function readRequest(text: string): Promise<Pkcs10CertificateRequest | undefined> {
  const { Pkcs10CertificateRequest } = await library();
  try {
    const request = new Pkcs10CertificateRequest(text);
    const algorithm = request.publicKey.algorithm as { name: string; namedCurve?: string };
    const isOurs = algorithm.name === 'ECDSA' && algorithm.namedCurve === 'P-256';
    return isOurs && (await request.verify(webcrypto)) ? request : undefined;
  } catch {
    return undefined;
  }
}

async function leafExtensions(usage: string): Promise<Extension[]> {
  const { BasicConstraintsExtension, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension } =
    await library();
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([usage]),
  ];
}

/** Loaded when it is needed: it asks for reflect-metadata first. */
async function library() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function privatePem(key: CryptoKey): Promise<string> {
  return pemOf('PRIVATE KEY', Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)));
}

function pemOf(label: string, der: Buffer): string {
  const lines =
    der
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n') ?? '';
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

function derOf(text: string): Buffer<ArrayBuffer> {
  const base64 = /-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----/.exec(text)?.[1];
  assert(base64 !== undefined, 'the authority’s key file holds keys');
  return Buffer.from(base64, 'base64');
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

const fileIn = (folder: string): string => join(folder, 'broker-authority.json');
