import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDistrictConfig } from '../../../config/district.ts';
import { describeProblems } from '../../../config/load.ts';
import { systemClock } from '../../../device/clock/index.ts';
import {
  type District,
  type ExpectedJournal,
  startDistrict,
  type StoredJournal,
  storedChains,
  type Trial,
} from '../../district/index.ts';
import type { LinkSettings } from '../../link/index.ts';
import type { Log } from '../../ports/index.ts';
import { clientSettings } from '../broker-settings.ts';
import { districtCrypto, startDistrictService } from '../district-service.ts';
import type { Asked } from './arguments.ts';

/**
 * The district that is simulated against: one of the simulation's own, or the one of a configuration, which this process
 * then runs. It never touches a district that has gates of its own.
 */
export interface Ground {
  readonly district: string;
  readonly timeZone: string;
  readonly communities: readonly number[];
  readonly broker: Omit<LinkSettings, 'clientId' | 'username' | 'password'>;
  readonly root: string;
  readonly trial: Trial;
  /** Looks into the database by a connection of its own. */
  check(journals: readonly ExpectedJournal[]): Promise<readonly StoredJournal[]>;
  stop(): Promise<void>;
}

/** Gates' names here; a district with others is somebody's. */
export const SIM_PREFIX = 'sim-';
/** The embedded broker takes 512 connections; the district's own is one of them. */
const EMBEDDED_GATES_MAX = 500;
const OWN_DISTRICT = 'simulated';
const OWN_TIME_ZONE = 'Asia/Shanghai';
const LOOPBACK = '127.0.0.1';

/** @throws with a sentence for whoever asked */
export function openGround(asked: Asked, log: Log): Promise<Ground> {
  return asked.config === undefined ? ownGround(asked, log) : configuredGround(asked.config, asked, log);
}

async function ownGround(asked: Asked, log: Log): Promise<Ground> {
  refuseTooMany(asked.gates);
  const folder = mkdtempSync(join(tmpdir(), 'menwei-simulate-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const communities = Array.from({ length: Math.ceil(asked.gates / asked.communitySize) }, (_, at) => at + 1);
  try {
    const district = await startDistrict({
      dataDir: folder,
      district: OWN_DISTRICT,
      timeZone: OWN_TIME_ZONE,
      communities: communities.map((id) => ({ id })),
      http: { host: LOOPBACK, port: 0 },
      broker: { host: LOOPBACK, port: 0 },
      crypto: districtCrypto(),
      clock: systemClock(),
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      log,
    });
    return await groundOf(district, {
      district: OWN_DISTRICT,
      timeZone: OWN_TIME_ZONE,
      communities,
      broker: { url: district.brokerUrl, protocolVersion: district.protocolVersion },
      database: join(folder, 'district.sqlite'),
      stop: async () => {
        await district.stop();
        remove();
      },
    });
  } catch (problem) {
    remove();
    throw problem;
  }
}

async function configuredGround(file: string, asked: Asked, log: Log): Promise<Ground> {
  const loaded = loadDistrictConfig(file, process.env);
  if (!loaded.ok) throw new Error(describeProblems(loaded.error));
  const { config } = loaded.value;
  if (config.broker.type === 'embedded') refuseTooMany(asked.gates);
  const service = await startDistrictService(config, log);
  const { district } = service;
  const gates = await district.trial.gates();
  if (gates.some((gate) => !gate.startsWith(SIM_PREFIX))) {
    await service.stop();
    throw new Error(`--config: this district has gates of its own; simulate against one made for it`);
  }
  const ofDistrict =
    config.broker.type === 'server' ? clientSettings('broker', config.broker).tls : undefined;
  const tls = { ...ofDistrict, ...readTls(asked.tls) };
  return groundOf(district, {
    district: config.district,
    timeZone: config.timeZone,
    communities: config.communities.map(({ id }) => id),
    broker: {
      url: config.broker.publicUrl ?? district.brokerUrl,
      otherUrls: config.broker.type === 'server' ? config.broker.otherUrls : [],
      protocolVersion: district.protocolVersion,
      tls,
    },
    database: config.database.url ?? join(config.dataDir, 'district.sqlite'),
    stop: () => service.stop(),
  });
}

async function groundOf(
  district: District,
  parts: Pick<Ground, 'district' | 'timeZone' | 'communities' | 'broker' | 'stop'> & {
    readonly database: string;
  },
): Promise<Ground> {
  return {
    ...parts,
    root: await district.rootDocument(),
    trial: district.trial,
    check: (journals) => storedChains(parts.database, journals),
  };
}

function refuseTooMany(gates: number): void {
  if (gates > EMBEDDED_GATES_MAX)
    throw new Error(
      `--gates: the embedded broker takes ${EMBEDDED_GATES_MAX}; name a district with a broker of its own by --config`,
    );
}

function readTls(files: Asked['tls']): NonNullable<LinkSettings['tls']> {
  const read = (name: keyof Asked['tls']) => {
    const file = files[name];
    if (file === undefined) return {};
    try {
      return { [name]: readFileSync(file, 'utf8') };
    } catch (cause) {
      throw new Error(`--${name}: the file cannot be read; name a PEM file`, { cause });
    }
  };
  return { ...read('authority'), ...read('certificate'), ...read('key') };
}
