import { hash } from 'node:crypto';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { z } from 'zod';
import { fromUtf8, utf8 } from '../base/index.ts';
import type { Disk } from '../ports/index.ts';
import {
  DOCUMENT_NAMES,
  type DocumentName,
  type NamedVersion,
  ROSTER_TEXT_MAX,
  STATUS_TEXT_MAX,
} from '../wire/index.ts';
import { JsonFile, writeFile } from './durable.ts';
import { INDEX_BYTES_MAX } from './limits.ts';

/**
 * The cache on disk: each document a file of its own, named by its content and never changed; beside them one small index
 * (lowdb) that says which count. Writing the index is the one step at which any number of new documents come to hold.
 *
 *     index.json  index.previous.json  keyset-4-0c1d….doc  residents-9-77ab….doc  …
 */

const FILE_NAME = /^([a-z-]+)-(\d{1,16})-([0-9a-f]{32})\.doc$/;
const FILE_BYTES_MAX = Math.max(STATUS_TEXT_MAX, ROSTER_TEXT_MAX) * 2;

const fileName = z.string().regex(FILE_NAME);
const entry = z.strictObject({ file: fileName, previous: fileName.optional() });
const namedVersion = z.strictObject({ version: z.int().min(1), hash: z.string().max(64) });

const indexSchema = z.strictObject({
  format: z.literal(1),
  papers: z.partialRecord(z.enum(DOCUMENT_NAMES), entry),
  ratchets: z.record(z.string().max(40), namedVersion),
});

type Index = z.infer<typeof indexSchema>;

export interface StoreChange {
  readonly writes: readonly {
    readonly name: DocumentName;
    readonly version: number;
    readonly text: string;
  }[];
  readonly drops: readonly DocumentName[];
  readonly ratchets: ReadonlyMap<string, NamedVersion>;
}

/** A stored text, the newest first. */
export interface StoredText {
  readonly text: string | undefined;
  readonly copy: 'current' | 'previous';
}

export class TrustStore {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #low: Low<Index>;
  /** Documents whose current file turned out to be damaged: it must not become the previous one. */
  readonly #damaged = new Set<DocumentName>();

  /** @param problem is told what was found damaged */
  constructor(disk: Disk, folder: string, problem: (what: string) => void) {
    this.#disk = disk;
    this.#folder = folder;
    const check = (value: unknown) => indexSchema.safeParse(value).data;
    const options = { folder, name: 'index', bytesMax: INDEX_BYTES_MAX, check, problem };
    this.#low = new Low<Index>(new JsonFile<Index>(disk, options), emptyIndex());
  }

  /** Never throws: what cannot be read is as if it were not there, and is said. */
  async open(problem: (what: string) => void): Promise<ReadonlyMap<string, NamedVersion>> {
    try {
      await this.#disk.makeFolder(this.#folder);
      const absent = await this.#isNew();
      await this.#low.read();
      await this.#makeDurable(problem);
      if (!absent && Object.keys(this.#low.data.papers).length === 0) await this.#salvage(problem);
    } catch (error) {
      problem(`the trust cache cannot be read (${error instanceof Error ? error.message : 'unknown'})`);
    }
    return new Map(Object.entries(this.#low.data.ratchets));
  }

  /** What the process before put in place and could not sync is found here all the same; a power cut must not take it back. */
  async #makeDurable(problem: (what: string) => void): Promise<void> {
    try {
      await this.#disk.syncFolder(this.#folder);
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown';
      problem(`what was found in the trust cache may be lost with the power (${why})`);
    }
  }

  has(name: DocumentName): boolean {
    return this.#low.data.papers[name] !== undefined;
  }

  /** The current text, then the one before. Each is checked by whoever asks. */
  async *texts(name: DocumentName): AsyncGenerator<StoredText> {
    const stored = this.#low.data.papers[name];
    if (stored === undefined) return;
    yield { text: await this.#readText(stored.file), copy: 'current' };
    this.#damaged.add(name);
    if (stored.previous !== undefined)
      yield { text: await this.#readText(stored.previous), copy: 'previous' };
  }

  /**
   * All of it, durable, or nothing.
   * @throws whatever the disk says; then the old or the new state, never a mix, is found at the next start
   */
  async commit(change: StoreChange): Promise<void> {
    const before = this.#low.data;
    const papers: Index['papers'] = { ...before.papers };
    for (const name of change.drops) delete papers[name];
    for (const { name, version, text } of change.writes) {
      const file = `${name}-${version}-${hash('sha256', text, 'hex').slice(0, 32)}.doc`;
      await writeFile(this.#disk, join(this.#folder, file), utf8(text));
      const old = before.papers[name];
      const previous = this.#damaged.has(name) ? old?.previous : old?.file;
      papers[name] = { file, ...(previous === undefined || previous === file ? {} : { previous }) };
    }
    if (change.writes.length > 0) await this.#disk.syncFolder(this.#folder);
    this.#low.data = { format: 1, papers, ratchets: Object.fromEntries(change.ratchets) };
    try {
      await this.#low.write();
    } catch (error) {
      this.#low.data = before;
      throw error;
    }
    for (const { name } of change.writes) this.#damaged.delete(name);
    await this.#sweep();
  }

  /** Files that neither the index nor its documents' previous copies name. Left-overs do no harm, so faults are let pass. */
  async #sweep(): Promise<void> {
    const kept = new Set(
      Object.values(this.#low.data.papers).flatMap(({ file, previous }) => [file, previous]),
    );
    try {
      for (const file of await this.#disk.list(this.#folder)) {
        const ours = FILE_NAME.test(file.replace(/\.next$/, ''));
        if (ours && !kept.has(file)) await this.#disk.remove(join(this.#folder, file));
      }
    } catch {
      // The next commit sweeps again.
    }
  }

  async #readText(file: string): Promise<string | undefined> {
    try {
      const bytes = await this.#disk.read(join(this.#folder, file), FILE_BYTES_MAX);
      return bytes === undefined ? undefined : fromUtf8(bytes);
    } catch {
      return undefined;
    }
  }

  async #isNew(): Promise<boolean> {
    return !(await this.#disk.list(this.#folder)).some((file) => FILE_NAME.test(file));
  }

  /** Without an index the documents still prove themselves; only the highest versions seen are lost with it. */
  async #salvage(problem: (what: string) => void): Promise<void> {
    const found = new Map<DocumentName, { file: string; version: number }[]>();
    for (const file of await this.#disk.list(this.#folder)) {
      const [, name, version] = FILE_NAME.exec(file) ?? [];
      const known = DOCUMENT_NAMES.find((one) => one === name);
      if (known !== undefined)
        found.set(known, [...(found.get(known) ?? []), { file, version: Number(version) }]);
    }
    const papers: Index['papers'] = {};
    for (const [name, files] of found) {
      const [newest, before] = files.sort((left, right) => right.version - left.version);
      if (newest !== undefined)
        papers[name] = { file: newest.file, ...(before ? { previous: before.file } : {}) };
    }
    problem(
      'the index of the trust cache is lost: documents are read one by one, and older ones can no longer be told',
    );
    this.#low.data = { format: 1, papers, ratchets: {} };
  }
}

function emptyIndex(): Index {
  return { format: 1, papers: {}, ratchets: {} };
}
