import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateConfig, LaneConfig } from '../../config/schema.ts';
import { synchronisation, systemClock } from '../../device/clock/index.ts';
import { toHex, wallMs } from '../base/index.ts';
import { nodeEngine, sha256 } from '../crypto/index.ts';
import { DoorKeeper, Gate, Housekeeping, type Lane } from '../gate/index.ts';
import { type Journal, openJournal } from '../journal/index.ts';
import type { Clock, InboxItem, Log } from '../ports/index.ts';
import { createReport, type Report } from '../report/index.ts';
import { nodeDisk, openTrust, type TrustKeeper } from '../trust/index.ts';
import { createVerifier } from '../verify/index.ts';
import { CHECKPOINT_TYPE } from '../wire/index.ts';
import { BUILD } from './build.ts';
import { type BundleFolder, bundleFolder } from './bundle-folder.ts';
import { brokerSettings } from './broker-settings.ts';
import { doorOf, readerOf, supervisionOf } from './devices.ts';
import { type GateKeys, gateKeys } from './gate-keys.ts';
import { journalSource, lastSureTime } from './journal-source.ts';
import { hasBatteryClock, memoryBytes, storageOf, temperatureC } from './machine.ts';
import { hearOfTime, trustPort } from './trust-port.ts';

/** Puts a gate together from its configuration: the only place that makes its clock, its randomness, its files and its devices. */
export interface RunningGate {
  readonly gate: Gate;
  readonly journal: Journal;
  readonly trust: TrustKeeper;
  readonly keys: GateKeys;
  /** Absent: the gate stands alone. */
  readonly report: Report | undefined;
  stop(): Promise<void>;
}

export const JOURNAL_FILE = 'journal.sqlite';

/** @throws with a sentence for the installer when the root, the keys or the data folder cannot be used */
export async function startGate(config: GateConfig, log: Log): Promise<RunningGate> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const clock = systemClock();
  const keys = gateKeys(config.dataDir);
  const trust = await openGateTrust(config, keys);
  for (const problem of trust.problems())
    log.warn({ document: problem.document, problem: problem.what }, 'trust cache');
  const file = join(config.dataDir, JOURNAL_FILE);
  const floor = { buildMs: wallMs(Date.parse(BUILD.at)), ...lastSureTime(file), ...signedTime(trust) };
  const journal = openJournal({
    file,
    opened: { at: clock.wall(), clock: 'unsure' },
    random: (length) => new Uint8Array(randomBytes(length)),
    reserveBytes: RESERVE_BYTES,
    sign: (claims) =>
      keys.signer.signJwt(CHECKPOINT_TYPE, { iss: config.district, aud: config.gate, ...claims }),
  });
  let report: Report | undefined;
  const gate = new Gate({
    gate: config.gate,
    journal,
    trust,
    verify: createVerifier(nodeEngine()),
    hash: (bytes) => toHex(sha256(bytes)),
    clock,
    witness: {
      systemSynced: () => config.clock.trustSystemTime && synchronisation().synchronised,
      batteryClock: config.clock.battery === 'auto' ? hasBatteryClock() : config.clock.battery,
    },
    floor,
    lanes: (tell) => config.lanes.map((lane) => laneOf(lane, clock, tell)),
    machine: {
      software: BUILD.version,
      uptimeSeconds: () => process.uptime(),
      memoryBytes,
      storage: () => storageOf(config.dataDir),
      temperatureC,
    },
    announceUsed: ({ codeHash, direction, expiresAt }) => {
      const at = gate.clock.now().seconds;
      report?.announceUsed({ code: codeHash, direction, at, expiresAt }).catch((cause: unknown) => {
        log.warn({ detail: String(cause) }, 'sister gates could not be told of a used code');
      });
    },
    log,
  });
  report = reportOf(config, { gate, journal, file, trust, keys, clock, log });
  const chores = new Housekeeping({
    journal,
    clock,
    log,
    now: () => gate.clock.now(),
    policy: () => gate.policy(),
    acknowledgedUpTo: () => report?.state().acked ?? 0,
  });
  const bundles = bundleFolder(config.dataDir, { clock, log }, async (json) => {
    const outcome = await trust.importBundle(json, gate.clock.now());
    for (const accepted of outcome.accepted) {
      hearOfTime(accepted, { clock: gate.clock, answeredAt: clock.monotonic() });
    }
    return outcome;
  });
  await gate.start();
  report?.start();
  chores.start();
  bundles.start();
  void journal.verifyRest().then((verified) => log.info({ journal: verified.state }, 'journal verified'));
  return {
    gate,
    journal,
    trust,
    keys,
    report,
    stop: () => stopAll({ gate, journal, report, chores, bundles }),
  };
}

/** Kept back on the disk for manual openings. */
const RESERVE_BYTES = 4 * 1024 * 1024;

async function openGateTrust(config: GateConfig, keys: GateKeys): Promise<TrustKeeper> {
  return openTrust({
    directory: join(config.dataDir, 'trust'),
    disk: nodeDisk(),
    district: config.district,
    community: config.community,
    gate: config.gate,
    root: { document: readRoot(config.trust.root) },
    engine: nodeEngine(),
    gateKey: keys.rosterKey,
    plainRoster: config.trust.plainRoster,
    timeZone: config.timeZone,
  });
}

function readRoot(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why =
      'the district’s root document cannot be read; export it from the district, or make one with "menwei trust bundle"';
    throw new Error(`trust.root: ${file}: ${why}`, { cause });
  }
}

function signedTime(trust: TrustKeeper): { signedMs?: ReturnType<typeof wallMs> } {
  const issuedAt = trust.snapshot().versions.get('time')?.issuedAt;
  return issuedAt === undefined ? {} : { signedMs: wallMs(issuedAt * 1000) };
}

function laneOf(config: LaneConfig, clock: Clock, tell: (item: InboxItem) => void): Lane {
  const keyboards = new Set(
    config.readers.filter((reader) => reader.type === 'keyboard').map((reader) => reader.id),
  );
  return {
    id: config.id,
    direction: config.direction,
    readers: config.readers.map((reader) => readerOf(reader, clock)),
    door: new DoorKeeper({ door: doorOf(config, clock), clock, settings: supervisionOf(config) }, tell),
    isKeyboard: (reader) => keyboards.has(reader),
    rulesName: config.policy ?? config.id,
  };
}

interface ReportNeeds {
  readonly gate: Gate;
  readonly journal: Journal;
  readonly file: string;
  readonly trust: TrustKeeper;
  readonly keys: GateKeys;
  readonly clock: Clock;
  readonly log: Log;
}

function reportOf(config: GateConfig, needs: ReportNeeds): Report | undefined {
  if (config.mqtt === undefined) {
    needs.log.warn({}, 'no mqtt.url: this gate stands alone, nothing is reported and no used code is shared');
    return undefined;
  }
  const { gate, journal, file, trust, keys, clock, log } = needs;
  return createReport({
    settings: brokerSettings(config.mqtt),
    district: config.district,
    gate: config.gate,
    community: config.community,
    ...journalSource(journal, file),
    trust: trustPort(trust, gate.clock, clock),
    inbox: gate,
    vitals: gate.vitals,
    signer: keys.signer,
    verifySignature: (publicKey, { message, signature }) =>
      nodeEngine().importKey(1, publicKey)?.verify(message, signature) === true,
    clock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log,
  });
}

interface Running {
  readonly gate: Gate;
  readonly journal: Journal;
  readonly report: Report | undefined;
  readonly chores: Housekeeping;
  readonly bundles: BundleFolder;
}

/** The gate first, so that its last row is still sent. */
async function stopAll({ gate, journal, report, chores, bundles }: Running): Promise<void> {
  bundles.stop();
  chores.stop();
  await gate.stop();
  await report?.stop();
  journal.close();
}
