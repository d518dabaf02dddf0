import { chmod, link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { assert, fromHex, toHex } from '../../base/index.ts';
import type { Suite } from '../../code/index.ts';

/**
 * The district's secrets, one file each, which only this user may read. A secret is on the disk whole before anything that
 * it signed leaves the house; it never leaves this folder but by the root's ceremony.
 */
export interface Secret {
  readonly suite: Suite;
  /** 32 bytes */
  readonly secret: Uint8Array;
}

const secretFile = z.strictObject({
  version: z.literal(1),
  suite: z.union([z.literal(1), z.literal(2)]),
  secret: z.string().regex(/^[0-9a-f]{64}$/),
});

const NAME = /^[a-z]+(-[A-Za-z0-9_-]{1,80})?$/;

export class KeyFolder {
  static #drafts = 0;
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async open(path: string): Promise<KeyFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
    return new KeyFolder(path);
  }

  /** @throws when the file is there and is no secret */
  async secret(name: string): Promise<Secret | undefined> {
    const value = await this.readJson(fileOf(name));
    if (value === undefined) return undefined;
    const parsed = secretFile.safeParse(value);
    if (!parsed.success)
      throw new Error(`${join(this.path, fileOf(name))} is damaged; restore it from a backup`);
    const bytes = fromHex(parsed.data.secret);
    assert(bytes !== undefined, 'the schema has checked the hex');
    return { suite: parsed.data.suite, secret: bytes };
  }

  keep(name: string, { suite, secret }: Secret): Promise<void> {
    return this.writeJson(fileOf(name), { version: 1, suite, secret: toHex(secret) });
  }

  /** @returns the secret that is there: of several processes that make it at once, the first one's */
  async keepFirst(name: string, made: Secret): Promise<Secret> {
    const draft = await this.#draft(fileOf(name), {
      version: 1,
      suite: made.suite,
      secret: toHex(made.secret),
    });
    await link(draft, join(this.path, fileOf(name))).catch((fault: unknown) => {
      if (!(fault instanceof Error && 'code' in fault && fault.code === 'EEXIST')) throw fault;
    });
    await rm(draft);
    await this.#sync();
    const kept = await this.secret(name);
    assert(kept !== undefined, 'what has been kept is there');
    return kept;
  }

  async remove(name: string): Promise<void> {
    await this.removeFile(fileOf(name));
  }

  /** Names of the secrets that begin so, in order. */
  async names(start: string): Promise<string[]> {
    const files = (await readdir(this.path)).filter(
      (file) => file.startsWith(start) && file.endsWith('.json'),
    );
    return files.map((file) => file.slice(0, -'.json'.length)).sort();
  }

  async readJson(file: string): Promise<unknown> {
    const path = join(this.path, file);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
      throw cause;
    }
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      // A parser's message may repeat what it read.
      throw new Error(`${path} is damaged; restore it from a backup`, { cause: nameOf(cause) });
    }
  }

  /** Written whole before it has its name, so that a power cut leaves the file or none. */
  async writeJson(file: string, value: unknown): Promise<void> {
    await rename(await this.#draft(file, value), join(this.path, file));
    await this.#sync();
  }

  /** Under a name of its own: another process may be writing the same secret. */
  async #draft(file: string, value: unknown): Promise<string> {
    KeyFolder.#drafts += 1;
    const draft = join(this.path, `${file}.${process.pid}-${KeyFolder.#drafts}.new`);
    const handle = await open(draft, 'w', 0o600);
    await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await handle.sync();
    await handle.close();
    return draft;
  }

  async removeFile(file: string): Promise<void> {
    await rm(join(this.path, file), { force: true });
    await this.#sync();
  }

  async #sync(): Promise<void> {
    const folder = await open(this.path, 'r');
    await folder.sync();
    await folder.close();
  }
}

function fileOf(name: string): string {
  assert(NAME.test(name), 'a secret has a plain name');
  return `${name}.json`;
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'unknown';
}
