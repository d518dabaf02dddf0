import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describeProblems, loadGateConfig } from '../../../config/load.ts';
import { systemClock } from '../../../device/clock/index.ts';
import { type District, startDistrict } from '../../district/index.ts';
import { readStaticFiles, servePage, serveStaticFiles } from '../../http/index.ts';
import type { Log } from '../../ports/index.ts';
import { toHex } from '../../base/index.ts';
import { districtCrypto } from '../district-service.ts';
import { gateKeys, writeSecret } from '../gate-keys.ts';
import { type GateService, startGateService } from '../gate-service.ts';
import { DEMO_COMMUNITY, demoResidents } from './residents.ts';

/**
 * A small town on one machine: a district with its broker and database, a community with generated residents, and a gate
 * that was enrolled like any other. Only the door and the people are simulated, unless real devices are named.
 */
export interface Town {
  readonly district: District;
  readonly gate: GateService;
  /** Where pictures of codes are read from. */
  readonly pictures: string;
  stop(): Promise<void>;
}

export interface TownOptions {
  readonly dataDir: string;
  /** 0: any free one. */
  readonly districtPort: number;
  readonly gatePort: number;
  /** Lanes of a gate configuration in place of the simulated one. */
  readonly lanes?: unknown;
  readonly log: Log;
}

const DISTRICT = 'demo';
const GATE = 'north-1';
const TIME_ZONE = 'Asia/Shanghai';
const LOOPBACK = '127.0.0.1';
const PAGES = join(import.meta.dirname, '../../../dist/ui');

export async function startTown(options: TownOptions): Promise<Town> {
  const { dataDir, log } = options;
  const displays: { gate: string; lane: string; url: string }[] = [];
  const district = await startDistrict({
    dataDir: join(dataDir, 'district'),
    district: DISTRICT,
    timeZone: TIME_ZONE,
    communities: [{ id: DEMO_COMMUNITY }],
    http: { host: LOOPBACK, port: options.districtPort },
    broker: { host: LOOPBACK, port: 0 },
    crypto: districtCrypto(),
    clock: systemClock(),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log,
    demo: () => ({ district: DISTRICT, timeZone: TIME_ZONE, displays }),
    pages: (app) => {
      const files = readStaticFiles(PAGES);
      app.use('/ui/*', serveStaticFiles(files, '/ui'));
      app.get('/', servePage(files, 'demo/index.html'));
    },
  });
  try {
    if ((await district.residents()).length === 0) {
      for (const resident of demoResidents()) await district.addResident(resident);
    }
    const gate = await startDemoGate(options, district);
    for (const lane of gate.gate.lanes.keys())
      displays.push({ gate: GATE, lane, url: `${gate.http.url}/display/${lane}` });
    const stop = async (): Promise<void> => {
      await gate.stop();
      await district.stop();
    };
    return { district, gate, pictures: join(dataDir, 'pictures'), stop };
  } catch (problem) {
    await district.stop();
    throw problem;
  }
}

async function startDemoGate(options: TownOptions, district: District): Promise<GateService> {
  const home = join(options.dataDir, 'gate');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync(join(options.dataDir, 'pictures'), { recursive: true });
  writeFileSync(join(home, 'root.json'), await district.rootDocument());
  const file = join(home, 'gate.yaml');
  const config = {
    gate: GATE,
    district: DISTRICT,
    community: DEMO_COMMUNITY,
    dataDir: 'data',
    timeZone: TIME_ZONE,
    trust: { root: 'root.json' },
    http: { host: LOOPBACK, port: options.gatePort },
    mqtt: {
      url: district.brokerUrl,
      username: GATE,
      password: await passwordOf(home, district),
      protocolVersion: district.protocolVersion,
    },
    lanes: options.lanes ?? [demoLane()],
    log: 'warn',
  };
  writeSecret(
    file,
    `# Written by scripts/start at every start; a gate of your own begins with config/gate.example.yaml.\n${stringify(config)}`,
  );
  const loaded = loadGateConfig(file, {});
  if (!loaded.ok) throw new Error(describeProblems(loaded.error));
  return startGateService(loaded.value.config, options.log);
}

function demoLane() {
  return {
    id: 'main',
    direction: 'in',
    readers: [
      { id: 'page', type: 'display' },
      { id: 'pictures', type: 'directory', path: '../pictures' },
    ],
    door: { driver: 'simulated' },
  };
}

/** The district tells a gate's password once; enrolling again would make a new one and is not needed. */
async function passwordOf(home: string, district: District): Promise<string> {
  const file = join(home, 'broker-password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const keys = gateKeys(join(home, 'data'));
  const password = await district.enrolGate({
    gate: GATE,
    community: DEMO_COMMUNITY,
    deviceKey: toHex(keys.signer.publicKey),
    sealKey: keys.rosterKey.x,
  });
  writeSecret(file, `${password}\n`);
  return password;
}
