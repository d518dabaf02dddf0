import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { systemClock } from '../../../device/clock/index.ts';
import { type District, startDistrict } from '../../district/index.ts';
import { assert } from '../../base/index.ts';
import { readStaticFiles, servePage, serveStaticFiles } from '../../http/index.ts';
import type { Log } from '../../ports/index.ts';
import { districtCrypto } from '../district/district-service.ts';
import { writeSecret } from '../gate/gate-keys.ts';
import { type GateService, startGateService } from '../gate/gate-service.ts';
import { type Colleague, colleaguesOf } from './colleagues.ts';
import type { DemoGuard } from './demo-guard.ts';
import { guardsOf } from './guards.ts';
import { installGate } from './installer.ts';
import { givePhotos } from './photos.ts';
import { DEMO_COMMUNITY, DEMO_GATE, DEMO_ROOM, demoResidents } from './residents.ts';

/**
 * A small town on one machine: a district with its broker and database, a community with generated residents, and a gate
 * that is enrolled like any other, by the symbol that its reader reads. Only the door and the people are simulated, unless real devices are named.
 */
export interface Town {
  readonly district: District;
  readonly gate: GateService;
  /** The gate's fingerprint, when it was enrolled at this start. */
  readonly enrolledNow?: string;
  /** Who may sign in to the console. */
  readonly colleagues: readonly Colleague[];
  /** Who may sign in to the gate's desk. */
  readonly guards: readonly DemoGuard[];
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
    communities: [{ id: DEMO_COMMUNITY, rules: { guardPhotos: true } }],
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
    const isFirst = (await district.residents()).length === 0;
    if (isFirst) await settle(district);
    const colleagues = await colleaguesOf(district, dataDir);
    if (isFirst) await photographFamily(district, colleagues);
    const { gate, ...installed } = await startDemoGate(options, district);
    for (const lane of gate.gate.lanes.keys())
      displays.push({ gate: DEMO_GATE, lane, url: `${gate.http.url}/display/${lane}` });
    const guards = await guardsOf(gate, dataDir);
    const stop = async (): Promise<void> => {
      await gate.stop();
      await district.stop();
    };
    return { district, gate, ...installed, colleagues, guards, pictures: join(dataDir, 'pictures'), stop };
  } catch (problem) {
    await district.stop();
    throw problem;
  }
}

async function settle(district: District): Promise<void> {
  for (const resident of demoResidents()) {
    if ((await district.addResident(resident)) === undefined)
      throw new Error('a resident of the demonstration was not taken');
  }
}

async function photographFamily(district: District, colleagues: readonly Colleague[]): Promise<void> {
  const family = (await district.residents()).filter(({ room }) => room === DEMO_ROOM);
  const reviewer = colleagues.at(-1);
  assert(reviewer !== undefined, 'the demonstration has colleagues');
  await givePhotos(district.httpUrl, family, reviewer);
}

async function startDemoGate(
  options: TownOptions,
  district: District,
): Promise<{ gate: GateService; enrolledNow?: string }> {
  const home = join(options.dataDir, 'gate');
  const pictures = join(options.dataDir, 'pictures');
  for (const folder of [home, pictures]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(home, 'gate.yaml');
  const config = {
    gate: DEMO_GATE,
    dataDir: 'data',
    http: { host: LOOPBACK, port: options.gatePort },
    // The embedded broker takes another free port at every start.
    mqtt: { url: district.brokerUrl },
    lanes: options.lanes ?? [demoLane()],
    log: 'warn',
  };
  writeSecret(
    file,
    `# Written by scripts/start at every start; a gate of your own begins with config/gate.example.yaml.\n${stringify(config)}`,
  );
  const { config: whole, ...installed } = await installGate({
    districtUrl: district.httpUrl,
    gate: DEMO_GATE,
    community: DEMO_COMMUNITY,
    file,
    ...(options.lanes === undefined ? { pictures } : {}),
    log: options.log,
  });
  return { gate: await startGateService(whole, options.log), ...installed };
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
