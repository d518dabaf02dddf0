import { z } from 'zod';
import { decodeBase64url, err, ok, type Result } from '../../base/index.ts';
import type { DocumentSigner } from '../../issue/index.ts';
import { parseClaims, parseSigned, type PublicRootKey } from '../../wire/index.ts';
import { signatureVerifier } from '../verify-signature.ts';

/**
 * A release as its makers sign it: which packages there are, and what they are made of. It is judged before anything of it is
 * fetched, and nothing that is not named in it is ever installed. Numbers only rise, and an old one expires.
 */

export const RELEASE_TYPE = 'menwei-release+jwt';
export const RELEASE_FILE = 'release.jws';
export const RELEASE_TEXT_MAX = 16_384;
export const PACKAGE_BYTES_MAX = 256 * 1024 * 1024;
const ARCHITECTURES = ['amd64', 'arm64'] as const;
/** A maker's clock and a gate's may differ so far. */
const AHEAD_SECONDS_MAX = 86_400;

const seconds = z.int().min(0).max(253_402_300_799);

const releasePackage = z.strictObject({
  architecture: z.enum(ARCHITECTURES),
  file: z.string().regex(/^menwei_[a-z0-9.+~-]{1,60}_(?:amd64|arm64)\.deb$/),
  bytes: z.int().min(1).max(PACKAGE_BYTES_MAX),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const releaseManifest = z.strictObject({
  /** Of the release; it only rises. */
  number: z.int().min(1).max(1_000_000_000),
  /** As Debian writes it: 1.2.0-1 */
  version: z.string().regex(/^[0-9][a-z0-9.+~-]{0,60}$/),
  iat: seconds,
  exp: seconds,
  packages: z.array(releasePackage).min(1).max(ARCHITECTURES.length),
});

export type ReleaseManifest = z.infer<typeof releaseManifest>;
export type ReleasePackage = z.infer<typeof releasePackage>;

export function signRelease(signer: DocumentSigner, manifest: ReleaseManifest): Promise<string> {
  return signer.sign(RELEASE_TYPE, releaseManifest.parse(manifest));
}

/** What this machine knows beside the text. */
export interface Known {
  readonly keys: readonly PublicRootKey[];
  readonly nowSeconds: number;
  /** Of the release that runs, 0 for none. */
  readonly number: number;
  /** Those that were not healthy here. */
  readonly failed: readonly number[];
  readonly architecture: string;
}

export interface Judged {
  readonly manifest: ReleaseManifest;
  readonly own: ReleasePackage;
}

/** @returns the release, or one sentence: `FIELD: what is wrong; what to do` */
export function judgeRelease(text: string, known: Known): Result<Judged, string> {
  const signed = verified(text, known.keys);
  if (!signed.ok) return signed;
  const manifest = releaseManifest.safeParse(parseClaims(signed.value));
  if (!manifest.success) return err('release: is not what a release says; fetch it again from its makers');
  const { number, iat, exp } = manifest.data;
  if (iat > known.nowSeconds + AHEAD_SECONDS_MAX)
    return err('clock: this machine’s clock is behind the release; let it be set first');
  if (exp <= known.nowSeconds) return err('release: is out of date; fetch the newest one');
  if (number < known.number) return err('release: is older than what runs here; fetch the newest one');
  if (number === known.number) return err('release: runs here already; nothing is to be done');
  if (known.failed.includes(number))
    return err('release: was not healthy on this machine; wait for the next one, or say --again');
  const own = manifest.data.packages.find(({ architecture }) => architecture === known.architecture);
  return own === undefined
    ? err(`release: has no package for ${known.architecture}; ask its makers for one`)
    : ok({ manifest: manifest.data, own });
}

function verified(text: string, keys: readonly PublicRootKey[]): Result<Uint8Array, string> {
  if (keys.length === 0)
    return err('keys: no maker of releases is trusted here; put a maker’s public key into the keys’ folder');
  const signed = text.length > RELEASE_TEXT_MAX ? undefined : parseSigned(text.trim());
  if (signed?.ok !== true) return err('release: is no signed text; fetch it again from its makers');
  const verify = signatureVerifier();
  const isGood = signed.value.signatures.some((signature) => {
    const key = keys.find(({ kid }) => kid === signature.kid);
    const raw = key === undefined ? undefined : decodeBase64url(key.key.x);
    return raw !== undefined && verify(raw, signature);
  });
  if (!isGood) return err('signature: is of nobody who is trusted here; fetch the release from its makers');
  if (signed.value.typ !== RELEASE_TYPE) return err('release: is another document; name a release');
  return ok(signed.value.payload);
}
