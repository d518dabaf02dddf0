import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log } from '../ports/index.ts';
import { type BundleOutcome, describeRefused } from '../trust/index.ts';
import { BUNDLE_TEXT_MAX } from '../wire/index.ts';

/**
 * Bundles that were laid into `<dataDir>/bundles` while the gate runs: a USB stick, or `menwei trust import`.
 * Each is taken in under the same rules as over the network; what became of it lies beside it as `<name>.result`.
 */

const LOOK_EVERY_MS = 500;
const RESULTS_KEPT = 20;

export interface BundleFolder {
  start(): void;
  stop(): void;
}

export function bundleFolder(
  dataDir: string,
  deps: { readonly clock: Clock; readonly log: Log },
  importBundle: (json: string) => Promise<BundleOutcome>,
): BundleFolder {
  const folder = join(dataDir, 'bundles');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let cancel: (() => void) | undefined;
  const look = async (): Promise<void> => {
    for (const name of bundlesIn(folder)) {
      const outcome = await importBundle(readFileSync(join(folder, name), 'utf8'));
      deps.log.info(
        { bundle: name, accepted: outcome.accepted.length, refused: outcome.refused.length },
        'bundle taken in',
      );
      report(folder, name, outcome);
    }
  };
  const start = (): void => {
    cancel = deps.clock.after(LOOK_EVERY_MS, () => {
      look()
        .catch((cause: unknown) => deps.log.error({ detail: String(cause) }, 'a bundle could not be read'))
        .finally(() => cancel && start());
    });
  };
  return {
    start,
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}

function bundlesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && statSync(join(folder, name)).size <= BUNDLE_TEXT_MAX * 2)
    .sort();
}

function report(folder: string, name: string, outcome: BundleOutcome): void {
  const result = {
    accepted: outcome.accepted.map(({ document, version, changed }) => ({ document, version, changed })),
    refused: outcome.refused.map(describeRefused),
  };
  const file = join(folder, `${name}.result`);
  writeFileSync(`${file}.new`, JSON.stringify(result));
  renameSync(`${file}.new`, file);
  rmSync(join(folder, name));
  const results = readdirSync(folder).filter((each) => each.endsWith('.result'));
  for (const old of results.sort().slice(0, Math.max(0, results.length - RESULTS_KEPT)))
    rmSync(join(folder, old));
}
