import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { enrolmentFile } from '../../../config/load.ts';
import type { GateConfig, LaneConfig } from '../../../config/schema.ts';
import { synchronisation, systemClock } from '../../../device/clock/index.ts';
import { toHex, wallMs } from '../../base/index.ts';
import { nodeEngine, sha256 } from '../../crypto/index.ts';
import { DoorKeeper, Gate, type GateParts, Housekeeping, type Lane } from '../../gate/index.ts';
import { type Journal, openJournal } from '../../journal/index.ts';
import type { Clock, DoorItem, Log } from '../../ports/index.ts';
import type { JournalSource, Report, TrustPort } from '../../report/index.ts';
import type { ClockFloor } from '../../time/index.ts';
import type { BundleOutcome, TrustKeeper } from '../../trust/index.ts';
import { createVerifier } from '../../verify/index.ts';
import { CHECKPOINT_TYPE, UPDATE_REASON, updateDetail } from '../../wire/index.ts';
import { brokerSettings } from '../broker/broker-settings.ts';
import { keptCertificate } from '../broker/certificate-keeper.ts';
import { BUILD } from '../build.ts';
import { hasBatteryClock, memoryBytes, power, storageOf, temperatureC } from '../machine.ts';
import { proxyInUse } from '../proxy.ts';
import { GateUpdates } from '../update/gate-updates.ts';
import { UPDATER_FOLDER } from '../update/updater-files.ts';
import { signatureVerifier } from '../verify-signature.ts';
import { type BundleFolder, bundleFolder } from './bundle-folder.ts';
import { doorOf, readerOf, supervisionOf } from './devices.ts';
import { fingerprintOf } from './enrol-gate.ts';
import { type GateKeys, gateKeys } from './gate-keys.ts';
import { openGateTrust } from './gate-trust.ts';
import { journalSource, lastSureTime } from './journal-source.ts';
import { startOrStop } from './start-or-stop.ts';
import { believedPhoto, hearOfTime, trustPort } from './trust-port.ts';

/** Puts a gate together from its configuration: the only place that makes its clock, its randomness, its files and its devices. */
export interface RunningGate {
  readonly id: string;
  readonly gate: Gate;
  readonly journal: Journal;
  readonly trust: TrustKeeper;
  readonly keys: GateKeys;
  readonly clock: Clock;
  /** The journal's reading side. */
  readonly journalReading: JournalSource;
  /** Absent: the gate stands alone. */
  readonly report: Report | undefined;
  /** Other gates of the community that cannot be told of a code used here. */
  sistersOutOfReach(): number;
  stop(): Promise<void>;
}

export const JOURNAL_FILE = 'journal.sqlite';

/** @throws with a sentence for the installer when the root, the keys or the data folder cannot be used */
export async function startGate(
  config: GateConfig,
  log: Log,
  { firstAccount }: Pick<GateParts, 'firstAccount'> = {},
): Promise<RunningGate> {
  const ground = await openGround(config, log);
  const { journal, trust, keys, clock } = ground;
  const lanes = await Promise.all(config.lanes.map((lane) => openLane(lane, clock)));
  let report: Report | undefined;
  const sistersOutOfReach = () => report?.state().sistersOutOfReach ?? sistersOf(ground);
  const announceUsed: GateParts['announceUsed'] = ({ codeHash, direction, expiresAt }) => {
    const at = gate.clock.now().seconds;
    report?.announceUsed({ code: codeHash, direction, at, expiresAt }).catch((cause: unknown) => {
      log.warn({ detail: String(cause) }, 'sister gates could not be told of a used code');
    });
  };
  const updates: GateUpdates = updatesOf(ground, () => gate);
  const parts = gateParts(ground, lanes, announceUsed);
  const gate = new Gate({
    ...parts,
    machine: { ...parts.machine, update: (order) => updates.order(order) },
    ...(firstAccount === undefined ? {} : { firstAccount }),
    standsAlone: () => sistersOutOfReach() > 0,
  });
  report = await reportOf(ground, gate, updates);
  const chores = new Housekeeping({
    journal,
    clock,
    log,
    now: () => gate.clock.now(),
    policy: () => gate.policy(),
    acknowledgedUpTo: () => report?.state().acked ?? 0,
  });
  const bundles = bundleFolder(config.dataDir, { clock, log }, (json) => takeBundle(ground, gate, json));
  const stop = () => stopAll({ gate, journal, report, chores, bundles, updates });
  await startOrStop(
    [
      () => gate.start(),
      () => report?.start(),
      () => chores.start(),
      () => bundles.start(),
      () => updates.start(),
    ],
    stop,
  );
  void journal.verifyRest().then((verified) => log.info({ journal: verified.state }, 'journal verified'));
  return {
    id: config.gate,
    gate,
    journal,
    trust,
    keys,
    clock,
    journalReading: journalSource(journal, ground.journalFile, () => gate.doubtJournal()).journal,
    report,
    sistersOutOfReach,
    stop,
  };
}

/** What a gate stands on: everything real that it is handed. */
interface Ground {
  readonly config: GateConfig;
  readonly clock: Clock;
  readonly keys: GateKeys;
  readonly trust: TrustKeeper;
  readonly journal: Journal;
  readonly journalFile: string;
  readonly floor: ClockFloor;
  readonly log: Log;
}

/** The journal first: it is locked by whoever runs this gate, so that nobody brings a bundle to its cache meanwhile. */
async function openGround(config: GateConfig, log: Log): Promise<Ground> {
  makeFolder(config.dataDir);
  const clock = systemClock();
  const keys = gateKeys(config.dataDir);
  const journalFile = join(config.dataDir, JOURNAL_FILE);
  const lastRow = lastSureTime(journalFile);
  const buildMs = wallMs(Date.parse(BUILD.at));
  const open = () =>
    openJournal({
      file: journalFile,
      opened: { at: wallMs(Math.max(clock.wall(), buildMs)), clock: 'unsure' },
      random,
      reserveBytes: RESERVE_BYTES,
      sign: (claims) =>
        keys.signer.signJwt(CHECKPOINT_TYPE, { iss: config.district, aud: config.gate, ...claims }),
    });
  const journal = await openAlone(open, { clock, dataDir: config.dataDir });
  try {
    const trust = await openGateTrust(config);
    for (const { document, what } of trust.problems()) log.warn({ document, problem: what }, 'trust cache');
    return {
      config,
      clock,
      keys,
      trust,
      journal,
      journalFile,
      floor: { buildMs, ...lastRow, ...signedTime(trust) },
      log,
    };
  } catch (problem) {
    journal.close();
    throw problem;
  }
}

export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Error(`dataDir: ${folder} cannot be made (${why}); name a folder that this user may write`, {
      cause,
    });
  }
}

const BUSY_AGAIN_MS = 250;
/** A command that brings a bundle needs no longer. */
const BUSY_MS_MAX = 5_000;

/** Two gates on one folder would both believe that a code is unused: the second never starts. */
async function openAlone(
  open: () => Journal,
  { clock, dataDir }: { readonly clock: Clock; readonly dataDir: string },
): Promise<Journal> {
  const until = clock.monotonic() + BUSY_MS_MAX;
  for (;;) {
    const journal = open();
    if (journal.health().fault?.code !== 'busy') return journal;
    journal.close();
    if (clock.monotonic() > until)
      throw new Error(`dataDir: another gate is running on ${dataDir}; stop it, or give this one its own`);
    await new Promise<void>((resolve) => void clock.after(BUSY_AGAIN_MS, resolve));
  }
}

function gateParts(
  ground: Ground,
  lanes: readonly OpenLane[],
  announceUsed: GateParts['announceUsed'],
): GateParts {
  const { config, clock, trust, journal, floor, log } = ground;
  return {
    gate: config.gate,
    journal,
    trust,
    verify: createVerifier(nodeEngine()),
    hash: (bytes) => toHex(sha256(bytes)),
    clock,
    witness: {
      systemSynced: () => config.clock.trustSystemTime && synchronisation().synchronised,
      batteryClock: config.clock.battery === 'auto' ? hasBatteryClock(clock.wall()) : config.clock.battery,
    },
    floor,
    lastSureTime: () => lastSureTime(ground.journalFile).lastRowMs,
    lanes: (tell) => lanes.map((open) => open(tell)),
    machine: {
      software: BUILD.version,
      uptimeSeconds: () => process.uptime(),
      memoryBytes,
      storage: () => storageOf(config.dataDir),
      sample: () => ({ temperatureC: temperatureC(), power: power() }),
    },
    announceUsed,
    unconfirmed: unconfirmedOf(ground),
    log,
  };
}

/** The signed policy names the device keys that somebody has confirmed. A gate that was set up from files asks nobody. */
function unconfirmedOf({ config, trust, keys }: Ground): () => string | undefined {
  const isEnrolled = existsSync(enrolmentFile(config.dataDir));
  const own = toHex(keys.signer.publicKey);
  return () =>
    isEnrolled && trust.snapshot().policy.gates[config.gate] !== own ? fingerprintOf(keys) : undefined;
}

function sistersOf({ config, trust }: Ground): number {
  return Object.keys(trust.snapshot().policy.gates).filter((gate) => gate !== config.gate).length;
}

async function takeBundle({ trust, clock }: Ground, gate: Gate, json: string): Promise<BundleOutcome> {
  const outcome = await trust.importBundle(json, gate.clock.now());
  for (const accepted of outcome.accepted) {
    hearOfTime(accepted, { clock: gate.clock, answeredAt: clock.monotonic() });
  }
  return outcome;
}

function random(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

/** Kept back on the disk for manual openings. */
const RESERVE_BYTES = 4 * 1024 * 1024;

function signedTime(trust: TrustKeeper): { signedMs?: ReturnType<typeof wallMs> } {
  const issuedAt = trust.snapshot().versions.get('time')?.issuedAt;
  return issuedAt === undefined ? {} : { signedMs: wallMs(issuedAt * 1000) };
}

type OpenLane = (tell: (item: DoorItem) => void) => Lane;

async function openLane(config: LaneConfig, clock: Clock): Promise<OpenLane> {
  const keyboards = new Set(config.readers.filter(({ type }) => type === 'keyboard').map(({ id }) => id));
  const readers = await Promise.all(config.readers.map((reader) => readerOf(reader, clock)));
  const door = await doorOf(config, clock);
  return (tell) => ({
    id: config.id,
    direction: config.direction,
    readers,
    door: new DoorKeeper({ door, clock, settings: supervisionOf(config) }, tell),
    isKeyboard: (reader) => keyboards.has(reader),
    rulesName: config.policy ?? config.id,
    pulseMs: config.door.relay.pulseMs,
  });
}

async function reportOf(ground: Ground, gate: Gate, updates: GateUpdates): Promise<Report | undefined> {
  const { config, journal, journalFile, trust, keys, clock, log } = ground;
  if (config.mqtt === undefined) {
    log.warn({}, 'no mqtt.url: this gate stands alone, nothing is reported and no used code is shared');
    return undefined;
  }
  const { createReport } = await import('../../report/index.ts');
  const certificate = keptCertificate({ config, signer: keys.signer, trust, clock, log });
  const settings = brokerSettings(config.mqtt, config.dataDir);
  return createReport({
    settings: certificate === undefined ? settings : { ...settings, tls: certificate.tls },
    ...(certificate === undefined ? {} : { certificate: certificate.keeper }),
    district: config.district,
    gate: config.gate,
    community: config.community,
    ...journalSource(journal, journalFile, () => gate.doubtJournal()),
    trust: withRelease(trustPort(trust, gate.clock, clock), updates),
    inbox: gate,
    vitals: gate.vitals,
    signer: keys.signer,
    verifySignature: signatureVerifier(),
    verifyPhoto: (token) => believedPhoto(trust, token),
    clock,
    random: { bytes: random },
    log,
  });
}

/** The release that runs is told beside the versions of documents: it is a signed text, too, and its number only rises. */
function withRelease(port: TrustPort, updates: GateUpdates): TrustPort {
  return {
    ...port,
    versions: () => {
      const { release } = updates;
      return { ...port.versions(), ...(release === undefined ? {} : { release }) };
    },
  };
}

function updatesOf({ config, clock, log, journal }: Ground, gate: () => Gate): GateUpdates {
  return new GateUpdates({
    folder: join(config.dataDir, 'update'),
    updater: UPDATER_FOLDER,
    from: config.update?.from,
    proxy: () => proxyInUse()?.proxy,
    tell: (told) => {
      const before = journal.head?.seq ?? 0;
      gate().take({ type: 'system', event: UPDATE_REASON, detail: updateDetail(told) });
      return (journal.head?.seq ?? 0) > before;
    },
    changed: () => gate().vitals.changed(),
    clock,
    log,
  });
}

interface Running {
  readonly gate: Gate;
  readonly journal: Journal;
  readonly report: Report | undefined;
  readonly chores: Housekeeping;
  readonly bundles: BundleFolder;
  readonly updates: GateUpdates;
}

/** The gate first, so that its last row is still sent. */
async function stopAll({ gate, journal, report, chores, bundles, updates }: Running): Promise<void> {
  updates.stop();
  bundles.stop();
  chores.stop();
  await gate.stop();
  await report?.stop();
  journal.close();
}
