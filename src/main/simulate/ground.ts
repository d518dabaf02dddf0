import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DistrictConfig, loadDistrictConfig } from '../../../config/district.ts';
import { describeProblems } from '../../../config/load.ts';
import { systemClock } from '../../../device/clock/index.ts';
import {
  type District,
  type ExpectedJournal,
  type StoredJournal,
  startDistrict,
  storedChains,
} from '../../district/index.ts';
import type { LinkSettings } from '../../link/index.ts';
import type { Log } from '../../ports/index.ts';
import { livePayload } from '../../wire/index.ts';
import { clientSettings } from '../broker/broker-settings.ts';
import { districtCrypto, startDistrictService } from '../district/district-service.ts';
import type { Asked, RunningDistrict } from './arguments.ts';
import { openRunningDesk } from './running-desk.ts';
import type { SimulatedDesk } from './simulated-desk.ts';

/**
 * The district that is simulated against: one of the simulation's own, the one of a configuration, which this process then
 * runs, or one that runs already. It never touches a district that has gates of its own.
 */
export interface Ground {
  readonly district: string;
  readonly timeZone: string;
  readonly communities: readonly number[];
  readonly broker: Omit<LinkSettings, 'clientId' | 'username' | 'password'>;
  readonly root: string;
  readonly desk: SimulatedDesk;
  /** The district runs in this process: what the process takes is what the district takes. */
  readonly isHere: boolean;
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
  const { config, running } = asked;
  if (config === undefined) return ownGround(asked, log);
  return running === undefined ? configuredGround(config, asked, log) : runningGround(config, asked, running);
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
  const config = configOf(file, asked);
  const service = await startDistrictService(config, log);
  const { district } = service;
  try {
    await refuseSomebodys(district.trial, '--config');
    return await groundOf(district, {
      ...partsOf(config),
      broker: brokerOf(config, asked, district),
      stop: () => service.stop(),
    });
  } catch (problem) {
    await service.stop();
    throw problem;
  }
}

/** Nothing is started: the desk is asked over HTTP as an operator would, the rows are counted in the database. */
async function runningGround(file: string, asked: Asked, running: RunningDistrict): Promise<Ground> {
  const config = configOf(file, asked);
  const parts = partsOf(config);
  if (config.database.url === undefined && !existsSync(parts.database))
    throw new Error(
      '--config: its database is not on this machine, so that nothing could be counted; name database.url, or simulate where it is',
    );
  const desk = await openRunningDesk(running, config.district);
  try {
    await refuseSomebodys(desk, '--district');
    return {
      ...parts,
      broker: brokerOf(config, asked, addressOf(config)),
      root: await desk.root(),
      desk,
      isHere: false,
      check: (journals) => storedChains(parts.database, journals),
      stop: () => desk.leave(),
    };
  } catch (problem) {
    await desk.leave();
    throw problem;
  }
}

function configOf(file: string, asked: Asked): DistrictConfig {
  const loaded = loadDistrictConfig(file, process.env);
  if (!loaded.ok) throw new Error(describeProblems(loaded.error));
  const { config } = loaded.value;
  if (config.broker.type === 'embedded') refuseTooMany(asked.gates);
  return config;
}

function partsOf({ district, timeZone, communities, database, dataDir }: DistrictConfig) {
  return {
    district,
    timeZone,
    communities: communities.map(({ id }) => id),
    database: database.url ?? join(dataDir, 'district.sqlite'),
  };
}

async function refuseSomebodys(desk: Pick<SimulatedDesk, 'gates'>, option: string): Promise<void> {
  const gates = await desk.gates();
  if (gates.some((gate) => !gate.startsWith(SIM_PREFIX)))
    throw new Error(`${option}: this district has gates of its own; simulate against one made for it`);
}

function brokerOf(
  { broker }: DistrictConfig,
  asked: Asked,
  at: Pick<District, 'brokerUrl' | 'protocolVersion'>,
): Ground['broker'] {
  const ofDistrict = broker.type === 'server' ? clientSettings('broker', broker).tls : undefined;
  return {
    url: broker.publicUrl ?? at.brokerUrl,
    otherUrls: broker.type === 'server' ? broker.otherUrls : [],
    protocolVersion: at.protocolVersion,
    tls: { ...ofDistrict, ...readTls(asked.tls) },
  };
}

/** Where a district that runs elsewhere has its broker. */
function addressOf({ broker }: DistrictConfig): Pick<District, 'brokerUrl' | 'protocolVersion'> {
  if (broker.type === 'server') return { brokerUrl: broker.url, protocolVersion: broker.protocolVersion };
  const { host, port, tls, publicUrl } = broker;
  if (port === 0 && publicUrl === undefined)
    throw new Error('--config: broker.port is 0, so nobody knows which it was given; name broker.publicUrl');
  return { brokerUrl: `${tls === undefined ? 'mqtt' : 'mqtts'}://${host}:${port}`, protocolVersion: 4 };
}

async function groundOf(
  district: District,
  parts: Pick<Ground, 'district' | 'timeZone' | 'communities' | 'broker' | 'stop'> & {
    readonly database: string;
  },
): Promise<Ground> {
  const { trial } = district;
  return {
    ...parts,
    root: await district.rootDocument(),
    desk: {
      enrolGates: (gates) => trial.enrolGates(gates),
      addResidents: (residents) => trial.addResidents(residents),
      setState: (index, state) => trial.setState(index, state),
      gates: () => trial.gates(),
      followRows: (heard) =>
        trial.follow(({ type, data }) => {
          if (type === 'live') heard(Date.parse(livePayload.parse(data).row.at));
        }),
    },
    isHere: true,
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
