import { join } from 'node:path';
import { type Listening, listen } from '../http/index.ts';
import type { NewGate, NewResident, ResidentView } from '../wire/index.ts';
import { type Desk, openDesk } from './accounts/desk.ts';
import { assemble, type Running, stopAll } from './assemble.ts';
import { openBrokerSide } from './broker-side.ts';
import { sharedGroup } from './centre/shared-group.ts';
import { addConsole } from './console/add-console.ts';
import { type Database, openDatabase } from './database/database.ts';
import type { KeyRing } from './keys/key-ring.ts';
import { openKeys } from './keys/open-keys.ts';
import type { DistrictOptions } from './options.ts';
import { openOwnFolder } from './own-folder.ts';
import type { KeyDesk } from './publishing/key-desk.ts';
import { openRegistry, PLACES } from './registry/open-registry.ts';
import { districtApi } from './server/server.ts';
import { startTimers } from './timers.ts';
import { type Trial, trialOf } from './trial.ts';

/**
 * The district centre on one machine: registry, issuing desk, documents, ingest, its broker and its `/api`. It opens no
 * door to another machine unless it is told to.
 */
export interface District {
  readonly httpUrl: string;
  /** Where gates connect: `mqtt://127.0.0.1:1883` */
  readonly brokerUrl: string;
  /** Version 4 for the embedded broker. */
  readonly protocolVersion: 4 | 5;
  readonly connected: boolean;
  /** The newest root document, to be pinned at a gate. */
  rootDocument(): Promise<string>;
  bundle(): Promise<string>;
  /** @returns the gate's broker password, told once */
  enrolGate(gate: NewGate): Promise<string>;
  addResident(resident: NewResident): Promise<ResidentView | undefined>;
  residents(): Promise<readonly ResidentView[]>;
  readonly keys: KeyDesk;
  /** For a simulation in this process. */
  readonly trial: Trial;
  /** Accounts, approvals and the audit log. */
  readonly desk: Desk;
  stop(): Promise<void>;
}

export async function startDistrict(options: DistrictOptions): Promise<District> {
  const { dataDir, log } = options;
  refuseStrangers(options);
  await openOwnFolder(dataDir, log);
  const database = await openDatabase(options.database ?? join(dataDir, 'district.sqlite'), log);
  const desk = openDesk({ ...options, database });
  const ring: { keys?: KeyRing } = {};
  const lookupKey = () => ring.keys?.lookupKey;
  const { registry, persons } = await openRegistry({ ...options, database, lookupKey });
  const keys = await openKeys({ ...options, database, registry, folder: join(dataDir, 'keys') });
  ring.keys = keys.keys;
  const broker = await openBrokerSide(options, { database, ...keys, registry });
  const { settings, url } = broker;
  const listening = { desk: '' };
  const addresses = () => ({
    desk: options.publicUrls?.desk ?? listening.desk,
    broker: broker.gateBroker(),
  });
  const running = assemble(options, {
    database,
    desk,
    ...keys,
    registry,
    persons,
    settings,
    addresses,
    broker,
    group: await sharedGroup(database, options.random),
  });
  // One that stands by publishes nothing, and takes over when the other is gone.
  if (await running.lead.start()) await running.publisher.refresh();
  running.centre.start();
  running.keeping.start();
  const api = await serve(options, running).catch(async (fault: unknown) => {
    await stopAll(running, undefined);
    throw fault;
  });
  listening.desk = api.url;
  const endTimers = startTimers(options, running);
  log.info({ district: options.district, address: api.url, broker: url }, 'the district is there');
  return {
    httpUrl: api.url,
    brokerUrl: url,
    protocolVersion: settings.protocolVersion,
    get connected() {
      return running.centre.connected;
    },
    rootDocument: () => newestRoot(database),
    bundle: async () => JSON.stringify(await running.publisher.bundle()),
    enrolGate: async (gate) => {
      const password = await registry.enrolGate(gate);
      await running.publisher.registryChanged({ what: 'gates' });
      return password;
    },
    addResident: async (resident) => {
      const added = await persons.add(resident);
      if (!added.ok) return undefined;
      await running.publisher.registryChanged({ what: 'people', communities: [resident.community] });
      return added.value;
    },
    desk,
    residents: () => registry.residents(options.places ?? PLACES),
    keys: running.keyDesk,
    trial: trialOf(running),
    stop: async () => {
      endTimers();
      await stopAll(running, api);
    },
  };
}

const THIS_MACHINE = new Set(['127.0.0.1', '::1', 'localhost']);

/** Passwords and sessions cross no network in plain text, and a demonstration, which asks nobody who they are, no network at all. */
function refuseStrangers({ http, demo }: DistrictOptions): void {
  const isHere = THIS_MACHINE.has(http.host);
  if (demo !== undefined && (!isHere || (http.hosts ?? []).length > 0))
    throw new Error(
      'http.host: a demonstration serves its own machine alone; use 127.0.0.1 and no other names',
    );
  if (!isHere && http.certificate === undefined)
    throw new Error(
      'http.host: passwords would cross the network in plain text; name http.tls, or use 127.0.0.1',
    );
}

function serve(options: DistrictOptions, running: Running): Promise<Listening> {
  const { http, pages } = options;
  const hosts = ['127.0.0.1', 'localhost', '[::1]', ...(http.hosts ?? [])];
  const app = districtApi({
    ...options,
    ...http,
    ...running,
    hosts,
    connected: () => running.centre.connected,
    leads: () => running.lead.leads,
  });
  addConsole(app, { ...options, ...running });
  pages?.(app);
  return listen(app, http);
}

async function newestRoot(database: Database): Promise<string> {
  const root = await database
    .selectFrom('root_version')
    .select('text')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return root.text;
}
