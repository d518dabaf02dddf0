import { err, ok, type Result } from '../../base/index.ts';
import type { DocumentSigner } from '../../issue/index.ts';
import {
  RELEASE_TYPE,
  type ReleaseManifest,
  releaseManifest,
  type ReleasePackage,
  type ReleaseProblem,
  type ReleaseReading,
  readRelease,
} from '../../wire/index.ts';
import { signatureVerifier } from '../verify-signature.ts';

/**
 * A release as a machine judges it, before anything of it is fetched: nothing that is not named in it is ever installed.
 * Numbers only rise, and an old one expires.
 */

export function signRelease(signer: DocumentSigner, manifest: ReleaseManifest): Promise<string> {
  return signer.sign(RELEASE_TYPE, releaseManifest.parse(manifest));
}

/** What this machine knows beside the text. */
export interface Known extends Pick<ReleaseReading, 'keys' | 'nowSeconds'> {
  /** Of the release that runs, 0 for none. */
  readonly number: number;
  /** Those that were not healthy here. */
  readonly failed: readonly number[];
  readonly architecture: string;
  /** The one that was ordered; absent: whichever is there. */
  readonly ordered?: number;
}

export interface Judged {
  readonly manifest: ReleaseManifest;
  readonly own: ReleasePackage;
}

export type Misfit =
  | ReleaseProblem
  | 'older'
  | 'runs-already'
  | 'failed-before'
  | 'architecture'
  | 'other-release';

export function judgeRelease(text: string, known: Known): Result<Judged, Misfit> {
  const read = readRelease(text, { ...known, verify: signatureVerifier() });
  if (!read.ok) return read;
  const manifest = read.value;
  const { number } = manifest;
  if (known.ordered !== undefined && number !== known.ordered) return err('other-release');
  if (number < known.number) return err('older');
  if (number === known.number) return err('runs-already');
  if (known.failed.includes(number)) return err('failed-before');
  const own = manifest.packages.find(({ architecture }) => architecture === known.architecture);
  return own === undefined ? err('architecture') : ok({ manifest, own });
}

/** `FIELD: what is wrong; what to do`, for whoever updates by hand. */
export const MISFITS: Readonly<Record<Misfit, string>> = {
  'no-makers': 'keys: no maker of releases is trusted here; put a maker’s public key into the keys’ folder',
  'no-release': 'release: is no signed text; fetch it again from its makers',
  'unknown-maker': 'signature: is of nobody who is trusted here; fetch the release from its makers',
  'other-document': 'release: is another document; name a release',
  'bad-release': 'release: is not what a release says; fetch it again from its makers',
  'release-ahead': 'clock: this machine’s clock is behind the release; let it be set first',
  'release-expired': 'release: is out of date; fetch the newest one',
  older: 'release: is older than what runs here; fetch the newest one',
  'runs-already': 'release: runs here already; nothing is to be done',
  'failed-before': 'release: was not healthy on this machine; wait for the next one, or say --again',
  architecture: 'release: has no package for this machine’s processor; ask its makers for one',
  'other-release': 'release: is another one than was ordered; put the ordered one there, or order this one',
};
