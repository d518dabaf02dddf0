import { unixSeconds } from '../../src/base/index.ts';
import { documentSigner } from '../../src/issue/index.ts';
import type { Clock } from '../../src/ports/index.ts';
import { type PublicRootKey, RELEASE_TYPE, type ReleaseManifest } from '../../src/wire/index.ts';

/** Makers of releases, and what they sign. */
export interface TrialMaker {
  readonly key: PublicRootKey;
  readonly sign: (payload: object) => Promise<string>;
}

export async function trialMaker(seed: number): Promise<TrialMaker> {
  const signer = await documentSigner(new Uint8Array(32).fill(seed));
  return {
    key: { kid: signer.kid, key: signer.publicJwk },
    sign: (payload) => signer.sign(RELEASE_TYPE, payload),
  };
}

/** A release of two packages, signed now and good for ninety days. */
export function releaseText(
  maker: TrialMaker,
  clock: Pick<Clock, 'wall'>,
  more: Partial<ReleaseManifest> = {},
): Promise<string> {
  const iat = unixSeconds(clock.wall());
  const packages = (['amd64', 'arm64'] as const).map((architecture) => ({
    architecture,
    file: `menwei_1.2.0-1_${architecture}.deb`,
    bytes: 1_000,
    sha256: 'a'.repeat(64),
  }));
  return maker.sign({ number: 7, version: '1.2.0-1', iat, exp: iat + 90 * 86_400, packages, ...more });
}
