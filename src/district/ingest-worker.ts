import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../base/index.ts';
import type { LinkSettings } from '../link/index.ts';
import type { Clock, Log, Random } from '../ports/index.ts';
import { parseClaims, parseSigned, rootPayload } from '../wire/index.ts';
import { type Database, openDatabase } from './database/database.ts';
import { isBatchOf } from './gates/batch-of.ts';
import { Centre } from './centre/centre.ts';
import { GateLife } from './gates/life.ts';
import { sharedGroup } from './centre/shared-group.ts';
import { insertAlarms } from './ingest/alarms.ts';
import { createIngest } from './ingest/ingest.ts';
import { type DistrictCrypto, KeyRing } from './keys/key-ring.ts';
import { WORKER_KEYS_EVERY_MS } from './ingest/limits.ts';
import { Feed } from './server/feed.ts';

/**
 * A process that only stores what gates send, beside others on the same database and broker. It signs acknowledgements,
 * and nothing else; it makes no keys, publishes no document, gives no command and opens no port.
 */
export interface IngestWorkerOptions {
  readonly dataDir: string;
  readonly district: string;
  /** Places of the residents' status list. */
  readonly places: number;
  readonly broker: Omit<LinkSettings, 'clientId'>;
  readonly shared: 'auto' | boolean;
  /** `postgres://…`; left out, SQLite in `dataDir`. */
  readonly database?: string;
  readonly crypto: DistrictCrypto;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface IngestWorker {
  readonly connected: boolean;
  stop(): Promise<void>;
}

export async function startIngestWorker(options: IngestWorkerOptions): Promise<IngestWorker> {
  const { dataDir, district, crypto, clock, broker, log } = options;
  const folder = join(dataDir, 'keys');
  await requireKeys(folder);
  const database = await openDatabase(options.database ?? join(dataDir, 'district.sqlite'), log);
  const keys = await KeyRing.open({ ...options, folder });
  await followRoot(database, keys);
  const parts = { ...options, database };
  const life = new GateLife({
    ...parts,
    // A worker only asks whether a gate's life has ended; it ends none.
    certificates: undefined as never,
    throwOut: notHere,
    clearRoster: notHere,
    rotateRosterKeys: notHere,
    registryChanged: notHere,
    isSignedBy: (payload, by) => isBatchOf(payload, { ...by, district }, crypto.verifySignature),
    alarm: (gate, data) => insertAlarms(database, { gate, alarms: [data], now: clock.wall() }),
  });
  const centre = new Centre({
    ...parts,
    only: 'ingest',
    group: await sharedGroup(database, options.random),
    settings: broker,
    keys,
    ingest: createIngest({ ...parts, verifySignature: crypto.verifySignature }),
    feed: new Feed(),
    publisher: notHere,
    certificateFor: notHere,
    photoFor: notHere,
    life: () => life,
    askAgain: notHere,
  });
  centre.start();
  const endRounds = rounds(options, () => followRoot(database, keys));
  log.info({ district, broker: broker.url }, 'a worker of the district is there');
  return {
    get connected() {
      return centre.connected;
    },
    stop: async () => {
      endRounds();
      await centre.stop();
      await database.destroy();
    },
  };
}

/** Keys come from the district: one that a worker made would sign what no gate believes. */
async function requireKeys(folder: string): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  if (!files.some((file) => file.startsWith('role-ack-')))
    throw new Error(
      'dataDir: the keys of the district are not there; start the district first, or copy its dataDir/keys to this machine',
    );
}

/** Acknowledgements are signed by the key that the newest root names. */
async function followRoot(database: Database, keys: KeyRing): Promise<void> {
  await keys.reload();
  const root = await database
    .selectFrom('root_version')
    .select('text')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (root === undefined) return;
  const signed = parseSigned(root.text);
  assert(signed.ok, 'what was signed can be read');
  keys.adopt(rootPayload.parse(parseClaims(signed.value.payload)));
}

function rounds({ clock, log }: IngestWorkerOptions, work: () => Promise<void>): () => void {
  let cancel: () => void = () => undefined;
  const next = () => {
    cancel = clock.after(WORKER_KEYS_EVERY_MS, () => {
      next();
      work().catch(() => log.error({ work: 'keys' }, 'work of the clock failed'));
    });
  };
  next();
  return () => cancel();
}

function notHere(): never {
  throw new Error('invariant broken: a worker only stores');
}
