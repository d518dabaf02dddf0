import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../base/index.ts';
import type { Clock, Log, Random } from '../../ports/index.ts';
import { Audit } from '../accounts/audit.ts';
import { MACHINE } from '../accounts/roles.ts';
import { openDatabase } from '../database/database.ts';
import { noteNews } from '../publishing/registry-news.ts';
import { type ImportOptions, type ImportReport, importTable } from './import/import.ts';
import type { FileProblem } from './import/table.ts';
import { readTable } from './import/table-file.ts';
import { openRegistry } from './open-registry.ts';
import { type Seeded, type SeedOptions, type SeedProblem, seedDistrict } from './seed.ts';

/**
 * The registry without the district around it, for a command on its machine; a district that is running finds
 * out within seconds. What is done is in the audit log.
 */
export interface RegistryAlone {
  importList(bytes: Uint8Array, asked: ImportAsked): Promise<Result<ImportReport, FileProblem>>;
  seed(asked: SeedAsked): Promise<Result<Seeded, SeedProblem>>;
  close(): Promise<void>;
}

export type ImportAsked = Pick<ImportOptions, 'community' | 'dryRun' | 'skipBad' | 'progress'>;
export type SeedAsked = Omit<SeedOptions, 'database' | 'registry' | 'clock' | 'parts' | 'today'>;

export interface RegistryAlonePlace {
  readonly dataDir: string;
  readonly database?: string;
  readonly personKeys?: string;
  readonly timeZone: string;
  readonly places: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export async function openRegistryAlone(place: RegistryAlonePlace): Promise<RegistryAlone> {
  const { dataDir, clock, log } = place;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const database = await openDatabase(place.database ?? join(dataDir, 'district.sqlite'), log);
  const { registry, persons } = await openRegistry({ ...place, database }).catch(async (fault: unknown) => {
    await database.destroy();
    throw fault;
  });
  const audit = new Audit({ ...place, database });
  const shared = { database, clock, parts: registry.parts(), today: persons.today() };
  return {
    importList: async (bytes, asked) => {
      const table = await readTable(bytes);
      if (!table.ok) return table;
      const done = await importTable(table.value, { ...shared, ...asked }).catch(async (fault: unknown) => {
        // What was entered before it is there all the same.
        await noteNews(database, [asked.community]).catch(() => undefined);
        throw fault;
      });
      if (done.ok && done.value.applied) {
        await noteNews(database, [asked.community]);
        const [subject, outcome] = [String(asked.community), `entered ${done.value.entered}`];
        await audit.note({ account: MACHINE, action: 'import persons', subject, outcome });
      }
      return done;
    },
    seed: async (asked) => {
      const done = await seedDistrict({ ...shared, ...asked, registry });
      if (done.ok) {
        await noteNews(database, asked.communities);
        const outcome = `entered ${done.value.residents}`;
        await audit.note({ account: MACHINE, action: 'seed a test district', subject: 'district', outcome });
      }
      return done;
    },
    close: () => database.destroy(),
  };
}
