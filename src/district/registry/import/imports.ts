import { err, type Result } from '../../../base/index.ts';
import type { Clock } from '../../../ports/index.ts';
import type { Database } from '../../database/database.ts';
import type { Publisher } from '../../publishing/publisher.ts';
import type { Persons } from '../persons.ts';
import type { Registry } from '../registry.ts';
import { type ImportReport, importTable } from './import.ts';
import type { FileProblem } from './table.ts';
import { readTable } from './table-file.ts';

/**
 * Lists of communities, one at a time in the whole district, as each is held in memory whole. Gates hear of those who were
 * entered; nothing here keeps the list, and no problem repeats what stands in it.
 */
export interface ImportsOptions {
  readonly database: Database;
  readonly registry: Registry;
  readonly persons: Pick<Persons, 'today'>;
  readonly publisher: Pick<Publisher, 'registryChanged'>;
  readonly clock: Clock;
}

export interface AskedImport {
  readonly community: number;
  readonly dryRun: boolean;
  readonly skipBad: boolean;
}

export class Imports {
  readonly #options: ImportsOptions;
  #isRunning = false;

  constructor(options: ImportsOptions) {
    this.#options = options;
  }

  /** @param read brings the bytes of the file; it is called only when no other list is being entered */
  async run(
    read: () => Promise<Uint8Array>,
    asked: AskedImport,
  ): Promise<Result<ImportReport, FileProblem | 'import-runs'>> {
    if (this.#isRunning) return err('import-runs');
    this.#isRunning = true;
    try {
      return await this.#enter(await read(), asked);
    } finally {
      this.#isRunning = false;
    }
  }

  async #enter(bytes: Uint8Array, asked: AskedImport): Promise<Result<ImportReport, FileProblem>> {
    const { database, registry, persons, publisher, clock } = this.#options;
    const table = await readTable(bytes);
    if (!table.ok) return table;
    const options = { database, parts: registry.parts(), clock, today: persons.today(), ...asked };
    const tell = () => publisher.registryChanged({ what: 'people', communities: [asked.community] });
    const done = await importTable(table.value, options).catch(async (fault: unknown) => {
      // What was entered before it is there all the same.
      await tell().catch(() => undefined);
      throw fault;
    });
    if (done.ok && done.value.applied) await tell();
    return done;
  }
}
