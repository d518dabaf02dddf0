import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mosquitto, mosquitto, mosquittoPath } from '../../test/twins/mosquitto.ts';
import { type Postgres, startPostgres } from '../../test/twins/postgres.ts';

/** One real mosquitto and one real PostgreSQL that syncs, on free ports, with a fresh district for each measurement. */
export interface Engines {
  readonly folder: string;
  readonly mqttPort: number;
  /** An empty database of its own. */
  newDatabase(): string;
  /** A district's configuration. @returns the file */
  newDistrict(communities: number): string;
  close(): Promise<void>;
}

export function enginesMissing(): string | undefined {
  return mosquittoPath === undefined ? 'mosquitto is not installed' : undefined;
}

export async function startEngines(): Promise<Engines> {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-scale-'));
  const postgres = await startPostgres({ durable: true });
  const broker = await mosquitto(folder, [
    'allow_anonymous true',
    'max_queued_messages 0',
    'set_tcp_nodelay true',
  ]);
  let districts = 0;
  return {
    folder,
    mqttPort: broker.port,
    newDatabase: () => postgres.newDatabase(),
    newDistrict: (communities) => {
      districts += 1;
      return writeDistrict(folder, { name: `d-${districts}`, communities, broker, postgres });
    },
    close: async () => {
      await broker.kill();
      await postgres.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Its name is its own, and so are its topics: what a broker has retained of another district is not heard. */
function writeDistrict(
  folder: string,
  of: { name: string; communities: number; broker: Mosquitto; postgres: Postgres },
): string {
  const file = join(folder, `${of.name}.yaml`);
  const config = {
    district: of.name,
    dataDir: of.name,
    communities: Array.from({ length: of.communities }, (_, at) => ({ id: at + 1 })),
    http: { port: 0 },
    broker: { type: 'server', url: `mqtt://127.0.0.1:${of.broker.port}`, protocolVersion: 5 },
    database: { url: of.postgres.newDatabase() },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
