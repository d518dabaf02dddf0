import { nodeEngine } from '../../src/crypto/index.ts';
import { nodeDisk, openTrust, type TrustKeeper } from '../../src/trust/index.ts';
import { COMMUNITY, DISTRICT } from './district.ts';
import type { Documents } from './documents.ts';

/** A gate's trust, opened in a folder as at a real start, with these documents taken in. */
export async function trustOf(
  directory: string,
  documents: Documents,
  nowSeconds: number,
): Promise<TrustKeeper> {
  const keeper = await openTrust({
    directory,
    disk: nodeDisk(),
    district: DISTRICT,
    community: COMMUNITY,
    gate: 'bench-gate',
    root: { document: documents.root },
    engine: nodeEngine(),
  });
  const { policy, keyset, residents, time } = documents;
  const bundle = JSON.stringify({ type: 'menwei-bundle', documents: [policy, keyset, residents, time] });
  const { refused } = await keeper.importBundle(bundle, { seconds: nowSeconds, quality: 'synced' });
  if (refused[0] !== undefined)
    throw new Error(`the gate refuses ${refused[0].document}: ${refused[0].reason}`);
  return keeper;
}
