import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateConfig } from '../../../config/schema.ts';
import { nodeEngine } from '../../crypto/index.ts';
import { nodeDisk, openTrust, type TrustKeeper } from '../../trust/index.ts';
import { gateKeys } from './gate-keys.ts';

/** The trust cache of a gate as its configuration names it, for commands that look at it or bring it a bundle. */

/** Makes no keys: a gate that has never run has none, and then no sealed roster either. */
export async function openGateTrust(config: GateConfig): Promise<TrustKeeper> {
  const enrolled = existsSync(join(config.dataDir, 'keys', 'roster.jwk'));
  return openTrust({
    directory: join(config.dataDir, 'trust'),
    disk: nodeDisk(),
    district: config.district,
    community: config.community,
    gate: config.gate,
    root: { document: readRoot(config.trust.root) },
    engine: nodeEngine(),
    plainRoster: config.trust.plainRoster,
    timeZone: config.timeZone,
    ...(enrolled ? { gateKey: gateKeys(config.dataDir).rosterKey } : {}),
  });
}

function readRoot(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`trust.root: ${file} cannot be read; it is the root file that was pinned at set-up`, {
      cause,
    });
  }
}
