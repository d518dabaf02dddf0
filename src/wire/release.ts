import { z } from 'zod';
import { decodeBase64url, err, ok, type Result } from '../base/index.ts';
import { parseClaims, parseSigned, type TextSignature } from './jws.ts';
import type { PublicRootKey } from './root-ceremony.ts';

/**
 * A release as its makers sign it: which packages there are, and what they are made of. It is believed by its signature and
 * its dates alone; whether it is newer than what is known is for whoever reads it.
 */

export const RELEASE_TYPE = 'menwei-release+jwt';
export const RELEASE_FILE = 'release.jws';
export const RELEASE_TEXT_MAX = 16_384;
export const PACKAGE_BYTES_MAX: number = 256 * 1024 * 1024;
const ARCHITECTURES = ['amd64', 'arm64'] as const;
/** A maker's clock and a reader's may differ so far. */
const AHEAD_SECONDS_MAX = 86_400;

const seconds = z.int().min(0).max(253_402_300_799);

export const releaseNumber = z.int().min(1).max(1_000_000_000);

const releasePackage = z.strictObject({
  architecture: z.enum(ARCHITECTURES),
  file: z.string().regex(/^menwei_[a-z0-9.+~-]{1,60}_(?:amd64|arm64)\.deb$/),
  bytes: z.int().min(1).max(PACKAGE_BYTES_MAX),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const releaseManifest = z.strictObject({
  /** Of the release; it only rises. */
  number: releaseNumber,
  /** As Debian writes it: 1.2.0-1 */
  version: z.string().regex(/^[0-9][a-z0-9.+~-]{0,60}$/),
  iat: seconds,
  exp: seconds,
  packages: z.array(releasePackage).min(1).max(ARCHITECTURES.length),
});

export type ReleaseManifest = z.infer<typeof releaseManifest>;
export type ReleasePackage = z.infer<typeof releasePackage>;

/** Where a release lies: nobody on the way may change or read who asks, so https, without a name or password in it. */
export const releaseAddress = z
  .string()
  .max(200)
  .regex(
    /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~-]+)*\/?$/,
    'use https://HOST/FOLDER/ without a query',
  );

export const RELEASE_PROBLEMS = [
  'no-makers',
  'no-release',
  'unknown-maker',
  'other-document',
  'bad-release',
  'release-ahead',
  'release-expired',
] as const;
export type ReleaseProblem = (typeof RELEASE_PROBLEMS)[number];

export interface ReleaseReading {
  /** The makers', by whose word alone a release counts. */
  readonly keys: readonly PublicRootKey[];
  /** Under the strict rules of docs/code-format.md. */
  readonly verify: (publicKey: Uint8Array, signed: TextSignature) => boolean;
  readonly nowSeconds: number;
}

export function readRelease(text: string, reading: ReleaseReading): Result<ReleaseManifest, ReleaseProblem> {
  const payload = believed(text, reading);
  if (!payload.ok) return payload;
  const manifest = releaseManifest.safeParse(parseClaims(payload.value));
  if (!manifest.success) return err('bad-release');
  const { iat, exp } = manifest.data;
  if (iat > reading.nowSeconds + AHEAD_SECONDS_MAX) return err('release-ahead');
  return exp <= reading.nowSeconds ? err('release-expired') : ok(manifest.data);
}

function believed(text: string, { keys, verify }: ReleaseReading): Result<Uint8Array, ReleaseProblem> {
  if (keys.length === 0) return err('no-makers');
  const signed = text.length > RELEASE_TEXT_MAX ? undefined : parseSigned(text.trim());
  if (signed?.ok !== true) return err('no-release');
  const isGood = signed.value.signatures.some((signature) => {
    const key = keys.find(({ kid }) => kid === signature.kid);
    const raw = key === undefined ? undefined : decodeBase64url(key.key.x);
    return raw !== undefined && verify(raw, signature);
  });
  if (!isGood) return err('unknown-maker');
  return signed.value.typ === RELEASE_TYPE ? ok(signed.value.payload) : err('other-document');
}
