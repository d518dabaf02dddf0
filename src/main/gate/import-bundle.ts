import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GateConfig } from '../../../config/schema.ts';
import { synchronisation } from '../../../device/clock/index.ts';
import { wallMs } from '../../base/index.ts';
import { lockJournal } from '../../journal/index.ts';
import type { Clock } from '../../ports/index.ts';
import { readClock, startClock } from '../../time/index.ts';
import { describeRefused, type TrustKeeper, type TrustNow } from '../../trust/index.ts';
import { BUILD } from '../build.ts';
import { hasBatteryClock } from '../machine.ts';
import { writeSecret } from './gate-keys.ts';
import { openGateTrust } from './gate-trust.ts';
import { lastSureTime } from './journal-source.ts';

/**
 * Brings a bundle to a gate. A running gate is the only one that touches its cache, so the bundle is laid into its folder and
 * the answer awaited; otherwise it is taken in here, under the same rules and by the same clock.
 */
export interface ImportReport {
  readonly accepted: readonly {
    readonly document: string;
    readonly version: number;
    readonly changed: boolean;
  }[];
  readonly refused: readonly string[];
}

const ANSWER_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** @throws when a running gate gives no answer, or the root or the gate's keys cannot be read */
export async function importBundle(config: GateConfig, json: string, clock: Clock): Promise<ImportReport> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const release = lockUnlessRunning(config.dataDir);
  if (release === undefined) return handOver(config.dataDir, json, clock);
  try {
    const trust = await openGateTrust(config);
    const outcome = await trust.importBundle(json, timeOf(config, trust, clock));
    return { accepted: outcome.accepted, refused: outcome.refused.map(describeRefused) };
  } finally {
    release();
  }
}

/** What the gate would say that time it is. */
export function timeOf(config: GateConfig, trust: TrustKeeper, clock: Clock): TrustNow {
  const issuedAt = trust.snapshot().versions.get('time')?.issuedAt;
  const state = startClock({
    buildMs: wallMs(Date.parse(BUILD.at)),
    ...lastSureTime(join(config.dataDir, 'journal.sqlite')),
    ...(issuedAt === undefined ? {} : { signedMs: wallMs(issuedAt * 1_000) }),
  });
  return readClock(state, {
    wall: clock.wall(),
    monotonic: clock.monotonic(),
    systemSynced: config.clock.trustSystemTime && synchronisation().synchronised,
    batteryClock: config.clock.battery === 'auto' ? hasBatteryClock(clock.wall()) : config.clock.battery,
  }).now;
}

/** Undefined: a gate is running on this folder. */
function lockUnlessRunning(dataDir: string): (() => void) | undefined {
  try {
    return lockJournal(join(dataDir, 'journal.sqlite'));
  } catch {
    return undefined;
  }
}

async function handOver(dataDir: string, json: string, clock: Clock): Promise<ImportReport> {
  const folder = join(dataDir, 'bundles');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `import-${clock.wall()}-${process.pid}.json`);
  writeSecret(file, json);
  const until = clock.monotonic() + ANSWER_WITHIN_MS;
  while (clock.monotonic() < until) {
    if (existsSync(`${file}.result`))
      return JSON.parse(readFileSync(`${file}.result`, 'utf8')) as ImportReport;
    await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve));
  }
  rmSync(file, { force: true });
  throw new Error('a gate runs on this data folder but does not answer; look at its log');
}
