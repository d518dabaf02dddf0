import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { DamagedBackup } from './sealed.ts';

/**
 * Files one after the other in a stream: u32 length, JSON of name and size, the bytes; a length of 0 ends it. Names lie
 * below one folder, and nothing else can be written.
 */
export interface Part {
  readonly name: string;
  /** Where it is read from, or its bytes. */
  readonly from: string | Uint8Array;
}

const NAME_BYTES_MAX = 1_024;
const PARTS_MAX = 10_000;
const partName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/);
const partHead = z.strictObject({ name: partName, bytes: z.int().min(0) });

export async function* pack(parts: readonly Part[]): AsyncGenerator<Uint8Array> {
  for (const { name, from } of parts) {
    const bytes = typeof from === 'string' ? (await stat(from)).size : from.length;
    yield headOf({ name: partName.parse(name), bytes });
    if (typeof from !== 'string') {
      yield from;
      continue;
    }
    let written = 0;
    if (bytes > 0)
      for await (const piece of createReadStream(from, { end: bytes - 1 })) {
        written += (piece as Buffer).length;
        yield piece as Buffer;
      }
    if (written !== bytes) throw new Error(`${name} became shorter while it was read; try again`);
  }
  yield Buffer.alloc(4);
}

/** Writes all parts below the folder, for this user alone. @returns their names @throws DamagedBackup */
export async function unpack(content: AsyncIterable<Uint8Array>, folder: string): Promise<string[]> {
  const unpacker = new Unpacker(folder);
  try {
    for await (const piece of content) await unpacker.take(piece);
    return unpacker.end();
  } finally {
    await unpacker.close();
  }
}

class Unpacker {
  readonly #folder: string;
  readonly #names: string[] = [];
  #waiting = Buffer.alloc(0);
  #file: FileHandle | undefined;
  #missing = 0;
  #ended = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async take(piece: Uint8Array): Promise<void> {
    this.#waiting = Buffer.concat([this.#waiting, piece]);
    while (await this.#step());
  }

  end(): string[] {
    if (!this.#ended || this.#waiting.length > 0) throw new DamagedBackup('the file ends too early');
    return this.#names;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  /** @returns whether there may be more to do */
  async #step(): Promise<boolean> {
    if (this.#file !== undefined) return this.#write(this.#file);
    if (this.#ended || this.#waiting.length < 4) return false;
    const length = this.#waiting.readUInt32BE(0);
    if (length === 0) {
      this.#ended = true;
      this.#waiting = this.#waiting.subarray(4);
      return false;
    }
    if (length > NAME_BYTES_MAX) throw new DamagedBackup('a part has no name');
    if (this.#waiting.length < 4 + length) return false;
    const head = partHead.safeParse(JSON.parse(this.#waiting.subarray(4, 4 + length).toString('utf8')));
    if (!head.success || this.#names.includes(head.data.name) || this.#names.length >= PARTS_MAX)
      throw new DamagedBackup('a part has a name that is not one');
    this.#waiting = this.#waiting.subarray(4 + length);
    await this.#begin(head.data);
    return true;
  }

  async #begin({ name, bytes }: z.infer<typeof partHead>): Promise<void> {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    this.#file = await open(path, 'wx', 0o600);
    this.#names.push(name);
    this.#missing = bytes;
  }

  async #write(file: FileHandle): Promise<boolean> {
    const some = this.#waiting.subarray(0, this.#missing);
    if (some.length > 0) await file.writeFile(some);
    this.#missing -= some.length;
    this.#waiting = this.#waiting.subarray(some.length);
    if (this.#missing > 0) return false;
    await file.sync();
    await this.close();
    return true;
  }
}

function headOf(head: z.infer<typeof partHead>): Uint8Array {
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text]);
}
