import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log } from '../../ports/index.ts';
import { type BundleOutcome, describeRefused } from '../../trust/index.ts';
import { BUNDLE_TEXT_MAX } from '../../wire/index.ts';

/**
 * Bundles that were laid into `<dataDir>/bundles` while the gate runs: a USB stick, or `menwei trust import`.
 * Each is taken in under the same rules as over the network; what became of it lies beside it as `<name>.result`.
 */

const LOOK_EVERY_MS = 500;
const RESULTS_KEPT = 20;
/** Bundles that are remembered as not to be taken in; beyond, they are tried, and said, once more. */
const PASSED_OVER_MAX = 64;

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
  let seen = new Map<string, string>();
  const passedOver = new Set<string>();
  const take = async (name: string): Promise<void> => {
    const outcome = await importBundle(readFileSync(join(folder, name), 'utf8'));
    deps.log.info(
      { bundle: name, accepted: outcome.accepted.length, refused: outcome.refused.length },
      'bundle taken in',
    );
    report(folder, name, outcome);
  };
  const look = async (): Promise<void> => {
    const before = seen;
    seen = filesIn(folder);
    for (const [name, stamp] of seen) {
      const isStill = before.get(name) === stamp;
      if (!isStill || passedOver.has(`${name} ${stamp}`)) continue;
      try {
        await take(name);
      } catch (cause) {
        if (passedOver.size >= PASSED_OVER_MAX) passedOver.clear();
        passedOver.add(`${name} ${stamp}`);
        deps.log.error({ bundle: name, detail: String(cause) }, 'a bundle could not be taken in');
      }
    }
  };
  const start = (): void => {
    cancel = deps.clock.after(LOOK_EVERY_MS, () => {
      look()
        .catch((cause: unknown) =>
          deps.log.error({ detail: String(cause) }, 'the bundles could not be looked at'),
        )
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

/**
 * Names of the files, in order, and how each stands: one that still changes is being written. Links, pipes and folders are
 * no bundles; reading them could lead elsewhere, or never end.
 */
function filesIn(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder).sort()) {
    const stats = name.endsWith('.json')
      ? lstatSync(join(folder, name), { throwIfNoEntry: false })
      : undefined;
    if (stats?.isFile() === true && stats.size <= BUNDLE_TEXT_MAX * 2)
      found.set(name, `${stats.ino} ${stats.size} ${stats.mtimeMs}`);
  }
  return found;
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
