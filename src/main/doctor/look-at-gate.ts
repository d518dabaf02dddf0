import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GateConfig, GateFile } from '../../../config/schema.ts';
import { synchronisation, systemClock } from '../../../device/clock/index.ts';
import { countAccounts } from '../../desk/index.ts';
import { lockJournal } from '../../journal/index.ts';
import { Damage, listSetAside, openJournalReader } from '../../journal/reading.ts';
import type {
  ClockFacts,
  DistrictFacts,
  FolderFacts,
  JournalFacts,
  Looked,
  RunningFacts,
  TrustFacts,
} from '../../setup/index.ts';
import type { TrustKeeper, TrustNow } from '../../trust/index.ts';
import { BUILD } from '../build.ts';
import { askState } from '../control/client.ts';
import type { ControlState } from '../control/protocol.ts';
import { DESK_FILE } from '../gate/gate-desk.ts';
import { openGateTrust } from '../gate/gate-trust.ts';
import { timeOf } from '../gate/import-bundle.ts';
import { hasBatteryClock } from '../machine.ts';
import { codeOf, diskOf, type MachineView } from './machine-view.ts';

/** What lies in a gate's data folder and what a running gate says of itself. Nothing is written, nothing repaired. */

export const journalFileIn = (dataDir: string): string => join(dataDir, 'journal.sqlite');

export interface AskedGate {
  readonly facts: Looked<RunningFacts>;
  readonly isRunning: boolean;
  readonly told: ControlState | undefined;
}

export async function askGate(dataDir: string): Promise<AskedGate> {
  const lock = `${journalFileIn(dataDir)}.lock`;
  if (!existsSync(lock)) return { facts: { seen: { is: false } }, isRunning: false, told: undefined };
  const holder = lockState(journalFileIn(dataDir));
  if (holder === 'unseen') return { facts: { unseen: 'EACCES' }, isRunning: false, told: undefined };
  if (holder === 'free') return { facts: { seen: { is: false } }, isRunning: false, told: undefined };
  const told = await askState(dataDir).catch(() => undefined);
  if (told === undefined)
    return {
      facts: { seen: { is: true, problems: { unseen: 'no answer' } } },
      isRunning: true,
      told,
    };
  return {
    facts: { seen: { is: true, problems: { seen: told.problems }, ready: told.ready } },
    isRunning: true,
    told,
  };
}

function lockState(file: string): 'held' | 'free' | 'unseen' {
  try {
    lockJournal(file)();
    return 'free';
  } catch (cause) {
    return /lock|busy/i.test((cause as Error).message) ? 'held' : 'unseen';
  }
}

export function folderFacts(path: string, { look }: Pick<MachineView, 'look'>): FolderFacts {
  const seen = look(path);
  if (seen === undefined) return { path, state: 'missing', writable: false, disk: { unseen: 'ENOENT' } };
  if (seen.kind !== 'folder' || !seen.readable)
    return { path, state: 'unreadable', writable: false, disk: { unseen: 'EACCES' } };
  const own = process.getuid?.() ?? seen.owner;
  return {
    path,
    state: 'there',
    writable: seen.writable,
    ...(own === seen.owner ? {} : { foreign: true }),
    ...((seen.mode & 0o077) === 0 ? {} : { openTo: seen.mode.toString(8).padStart(3, '0') }),
    disk: diskOf(path),
  };
}

/** @param now what the gate would say of its time; absent: it cannot be known */
export function clockFacts(
  config: Pick<GateFile, 'clock'>,
  now: { readonly quality: string; readonly errorSeconds?: number } | undefined,
): ClockFacts {
  const { synchronised, source } = synchronisation();
  const wall = systemClock().wall();
  const battery = config.clock.battery === 'auto' ? hasBatteryClock(wall) : config.clock.battery;
  return {
    battery,
    synchronised,
    source,
    quality: now?.quality ?? (battery ? 'battery' : 'unsure'),
    ...(now?.errorSeconds === undefined ? {} : { errorSeconds: now.errorSeconds }),
    behindBuildMs: Math.max(0, Date.parse(BUILD.at) - wall),
  };
}

export interface SeenTrust {
  readonly facts: Looked<TrustFacts>;
  readonly keeper: TrustKeeper | undefined;
  /** What the gate would say of its clock. */
  readonly now?: TrustNow;
}

/** @param config of an enrolled gate */
export async function trustFacts(config: GateConfig): Promise<SeenTrust> {
  if (!existsSync(join(config.dataDir, 'trust'))) {
    const none = { documents: [], best: 'none' as const, reasons: [], expiring: [], damaged: [] };
    return { facts: { seen: none }, keeper: undefined };
  }
  try {
    const keeper = await openGateTrust(config);
    const now = timeOf(config, keeper, systemClock());
    const snapshot = keeper.snapshot();
    const { kinds, reasons } = snapshot.freshness(now);
    const order = ['normal', 'flagged', 'guard', 'none'] as const;
    return {
      keeper,
      now,
      facts: {
        seen: {
          documents: [...snapshot.versions].map(([document, held]) => ({
            document,
            version: held.version,
            ageSeconds: Math.max(0, now.seconds - (held.freshAt ?? held.issuedAt)),
          })),
          best: order.find((standing) => Object.values(kinds).includes(standing)) ?? 'none',
          reasons: reasons.map(({ document, state }) => ({ document, state })),
          expiring: snapshot.warnings(now).map(({ document, step, unit }) => ({ document, step, unit })),
          damaged: keeper.problems().map(({ document, what }) => ({ document: document ?? 'cache', what })),
        },
      },
    };
  } catch (cause) {
    return {
      facts: { unseen: cause instanceof Error && 'code' in cause ? codeOf(cause) : 'root' },
      keeper: undefined,
    };
  }
}

export function journalFacts(dataDir: string): Looked<JournalFacts> {
  const file = journalFileIn(dataDir);
  if (!existsSync(file)) return { seen: { state: 'none' } };
  try {
    const setAside = listSetAside(file).length;
    try {
      const reader = openJournalReader(file);
      try {
        return { seen: { state: 'whole', rows: reader.verify().seq, setAside } };
      } finally {
        reader.close();
      }
    } catch (cause) {
      if (!(cause instanceof Damage)) throw cause;
      const where = cause.seq === undefined ? '' : `row ${cause.seq}: `;
      return { seen: { state: 'damaged', detail: `${where}${cause.message}`, setAside } };
    }
  } catch (cause) {
    return { unseen: codeOf(cause) };
  }
}

/** @param trust whose signed time tells when the district was last heard */
export function districtFacts(
  dataDir: string,
  told: ControlState | undefined,
  trust: TrustKeeper | undefined,
): Looked<DistrictFacts> {
  if (told?.uplink !== undefined) {
    const { connected, unsent, heardMsAgo } = told.uplink;
    return { seen: { connected, unsent, ...(heardMsAgo === undefined ? {} : { heardMsAgo }) } };
  }
  const heardAt = trust?.snapshot().versions.get('time')?.issuedAt;
  const heard = heardAt === undefined ? {} : { heardMsAgo: Math.max(0, Date.now() - heardAt * 1_000) };
  try {
    return { seen: { connected: false, unsent: unsentIn(journalFileIn(dataDir)), ...heard } };
  } catch (cause) {
    return { unseen: codeOf(cause) };
  }
}

function unsentIn(file: string): number {
  if (!existsSync(file)) return 0;
  const reader = openJournalReader(file);
  try {
    return reader.head().seq - (reader.cursor('district') ?? 0);
  } finally {
    reader.close();
  }
}

export function guardFacts(dataDir: string): Looked<'some' | 'none'> {
  try {
    return { seen: countAccounts(join(dataDir, DESK_FILE)) === 0 ? 'none' : 'some' };
  } catch (cause) {
    return { unseen: codeOf(cause) };
  }
}
