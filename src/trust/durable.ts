import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Adapter } from 'lowdb';
import { fromUtf8, utf8 } from '../base/index.ts';
import type { Disk } from '../ports/index.ts';

/**
 * Files that survive a power cut: written beside, made durable, then put in place. Whoever reads sees the old or the new
 * one, whole; and a file that was damaged later is noticed.
 */

/** Written whole and durable under its name. The folder is made durable by the caller, once for all its files. */
export async function writeFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.next`;
  const file = await disk.create(beside);
  try {
    let written = 0;
    while (written < bytes.length) {
      const count = await file.write(bytes.subarray(written));
      // A full disk takes less than it was given and reports nothing until the next call.
      if (count <= 0) throw new Error(`the disk took ${written} of ${bytes.length} bytes`);
      written += count;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(beside, path);
}

export interface JsonFileOptions {
  readonly folder: string;
  readonly name: string;
  readonly bytesMax: number;
  /** @returns undefined for content that is not what it should be */
  readonly check: (value: unknown) => unknown;
  readonly problem: (what: string) => void;
}

/**
 * lowdb's adapter for one JSON file with a checksum, of which the previous copy is kept.
 * lowdb's own writer never syncs, and its reader throws on a cut file.
 */
export class JsonFile<Content> implements Adapter<Content> {
  readonly #disk: Disk;
  readonly #options: JsonFileOptions;
  /** Whether the file in place is whole: a damaged one must not push the good copy out. */
  #whole = false;

  constructor(disk: Disk, options: JsonFileOptions) {
    this.#disk = disk;
    this.#options = options;
  }

  get #path(): string {
    return join(this.#options.folder, `${this.#options.name}.json`);
  }

  get #previous(): string {
    return join(this.#options.folder, `${this.#options.name}.previous.json`);
  }

  /** @returns null when there is nothing that could be read; never throws */
  async read(): Promise<Content | null> {
    const current = await this.#readOne(this.#path);
    if (current.state === 'whole') {
      this.#whole = true;
      return current.content;
    }
    if (current.state === 'damaged')
      this.#options.problem(`the stored ${this.#options.name} is damaged (${current.why})`);
    // Without a current file the last writer was interrupted between its two renames: the copy is the newest there is.
    const previous = await this.#readOne(this.#previous);
    if (previous.state === 'damaged') {
      this.#options.problem(`the copy of the stored ${this.#options.name} is damaged (${previous.why})`);
    }
    return previous.state === 'whole' ? previous.content : null;
  }

  /** @throws whatever the disk says; then the old or the new content will be read at the next start */
  async write(content: Content): Promise<void> {
    const text = JSON.stringify(content);
    const sealed = utf8(`${hash('sha256', text, 'hex')}\n${text}\n`);
    const beside = join(this.#options.folder, `${this.#options.name}.new`);
    await writeFile(this.#disk, beside, sealed);
    if (this.#whole) await this.#disk.rename(this.#path, this.#previous);
    await this.#disk.rename(beside, this.#path);
    await this.#disk.syncFolder(this.#options.folder);
    this.#whole = true;
  }

  async #readOne(
    path: string,
  ): Promise<
    | { readonly state: 'whole'; readonly content: Content }
    | { readonly state: 'absent' }
    | { readonly state: 'damaged'; readonly why: string }
  > {
    try {
      const bytes = await this.#disk.read(path, this.#options.bytesMax);
      if (bytes === undefined) return { state: 'absent' };
      const content = this.#open(fromUtf8(bytes) ?? '');
      return content === undefined ? { state: 'damaged', why: 'checksum' } : { state: 'whole', content };
    } catch (error) {
      return { state: 'damaged', why: error instanceof Error ? error.message : 'unreadable' };
    }
  }

  #open(file: string): Content | undefined {
    const end = file.indexOf('\n');
    const text = file.slice(end + 1, -1);
    if (end < 0 || !file.endsWith('\n') || hash('sha256', text, 'hex') !== file.slice(0, end))
      return undefined;
    return this.#options.check(JSON.parse(text)) as Content | undefined;
  }
}
