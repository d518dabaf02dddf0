import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { argon2id } from '../../crypto/index.ts';

/**
 * A stream that only who knows the secret can read, and that cannot be changed, cut short or put together anew unseen.
 *
 *     "MENWEI-BACKUP\n" │ u32 length │ header, JSON │ chunk │ chunk │ … │ last chunk
 *
 * Key: argon2id (RFC 9106) of the secret under the header's salt. Each chunk is AES-256-GCM over at most CHUNK_BYTES; its
 * nonce is the header's prefix, the chunk's number and whether it is the last (the STREAM construction of Hoang, Reyhanitabar,
 * Rogaway and Vizár), and the header's SHA-256 is authenticated with it.
 */
export const MAGIC = 'MENWEI-BACKUP\n';
const CHUNK_BYTES = 1_048_576;
const TAG_BYTES = 16;
const HEADER_BYTES_MAX = 4_096;
const CHUNKS_MAX = 0xffff_ffff;
/** RFC 9106, 4: 64 MiB and three passes is its second recommended option; this is four times the memory. */
const KDF: Costs = { memory: 262_144, passes: 3, parallelism: 4 };

const header = z.strictObject({
  version: z.literal(1),
  cipher: z.literal('aes-256-gcm-stream'),
  kdf: z.strictObject({
    name: z.literal('argon2id'),
    salt: z.string().regex(/^[0-9a-f]{32}$/),
    // Bounds of what a file may ask of this machine.
    memory: z.int().min(8_192).max(1_048_576),
    passes: z.int().min(1).max(10),
    parallelism: z.int().min(1).max(16),
  }),
  prefix: z.string().regex(/^[0-9a-f]{14}$/),
});
type Header = z.infer<typeof header>;

/** Of argon2id; memory in kibibytes. */
export type Costs = Pick<Header['kdf'], 'memory' | 'passes' | 'parallelism'>;

/** What is wrong with a backup, in words for who wants to restore it. */
export class DamagedBackup extends Error {
  override readonly name = 'DamagedBackup';
}

export async function* seal(
  content: AsyncIterable<Uint8Array>,
  secret: Uint8Array,
  costs: Costs = KDF,
): AsyncGenerator<Uint8Array> {
  const made: Header = {
    version: 1,
    cipher: 'aes-256-gcm-stream',
    kdf: { name: 'argon2id', salt: randomBytes(16).toString('hex'), ...costs },
    prefix: randomBytes(7).toString('hex'),
  };
  const text = Buffer.from(JSON.stringify(made));
  const begin = Buffer.concat([Buffer.from(MAGIC), lengthOf(text), text]);
  yield begin;
  const chunks = new Chunks(begin, made, await keyOf(made, secret));
  let waiting = Buffer.alloc(0);
  for await (const piece of content) {
    waiting = Buffer.concat([waiting, piece]);
    // One byte more than a chunk: only then it is known not to be the last.
    while (waiting.length > CHUNK_BYTES) {
      yield chunks.seal(waiting.subarray(0, CHUNK_BYTES), false);
      waiting = waiting.subarray(CHUNK_BYTES);
    }
  }
  yield chunks.seal(waiting, true);
}

/** @throws DamagedBackup; what came before is then worth nothing, since the end was not reached */
export async function* unseal(
  sealed: AsyncIterable<Uint8Array>,
  secret: Uint8Array,
): AsyncGenerator<Uint8Array> {
  let waiting = Buffer.alloc(0);
  let chunks: Chunks | undefined;
  for await (const piece of sealed) {
    waiting = Buffer.concat([waiting, piece]);
    if (chunks === undefined) {
      const begin = beginOf(waiting);
      if (begin === undefined) continue;
      chunks = new Chunks(begin.bytes, begin.header, await keyOf(begin.header, secret));
      waiting = waiting.subarray(begin.bytes.length);
    }
    while (waiting.length > CHUNK_BYTES + TAG_BYTES) {
      yield chunks.open(waiting.subarray(0, CHUNK_BYTES + TAG_BYTES), false);
      waiting = waiting.subarray(CHUNK_BYTES + TAG_BYTES);
    }
  }
  if (chunks === undefined) throw new DamagedBackup('the file is no backup, or it ends too early');
  yield chunks.open(waiting, true);
}

class Chunks {
  readonly #key: Uint8Array;
  readonly #prefix: Uint8Array;
  readonly #bound: Uint8Array;
  #number = 0;

  constructor(begin: Uint8Array, { prefix }: Header, key: Uint8Array) {
    this.#key = key;
    this.#prefix = Buffer.from(prefix, 'hex');
    this.#bound = createHash('sha256').update(begin).digest();
  }

  seal(plain: Uint8Array, isLast: boolean): Uint8Array {
    const cipher = createCipheriv('aes-256-gcm', this.#key, this.#nonce(isLast)).setAAD(this.#bound);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  open(sealed: Uint8Array, isLast: boolean): Uint8Array {
    const isFirst = this.#number === 0;
    const end = sealed.length - TAG_BYTES;
    if (end < 0) throw new DamagedBackup('the file ends too early');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, this.#nonce(isLast), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(this.#bound).setAuthTag(sealed.subarray(end));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
    } catch {
      throw new DamagedBackup(
        isFirst
          ? 'the passphrase is not the one, or the file is damaged'
          : 'the file is damaged or cut short',
      );
    }
  }

  #nonce(isLast: boolean): Uint8Array {
    if (this.#number > CHUNKS_MAX) throw new Error('invariant broken: a backup has fewer chunks');
    const nonce = Buffer.alloc(12);
    nonce.set(this.#prefix, 0);
    nonce.writeUInt32BE(this.#number, 7);
    nonce.writeUInt8(isLast ? 1 : 0, 11);
    this.#number += 1;
    return nonce;
  }
}

/** @returns undefined while it is not whole */
function beginOf(bytes: Buffer): { header: Header; bytes: Buffer } | undefined {
  const magic = bytes.subarray(0, MAGIC.length).toString('latin1');
  if (!MAGIC.startsWith(magic)) throw new DamagedBackup('the file is no backup of a district');
  if (bytes.length < MAGIC.length + 4) return undefined;
  const length = bytes.readUInt32BE(MAGIC.length);
  if (length > HEADER_BYTES_MAX) throw new DamagedBackup('the beginning of the file is damaged');
  const end = MAGIC.length + 4 + length;
  if (bytes.length < end) return undefined;
  const parsed = header.safeParse(parseJson(bytes.subarray(MAGIC.length + 4, end).toString('utf8')));
  if (!parsed.success)
    throw new DamagedBackup('its beginning is damaged, or a newer version has made it; use that version');
  return { header: parsed.data, bytes: Buffer.from(bytes.subarray(0, end)) };
}

function keyOf({ kdf }: Header, secret: Uint8Array): Promise<Uint8Array> {
  const { salt, memory, passes, parallelism } = kdf;
  return argon2id(secret, Buffer.from(salt, 'hex'), { memory, passes, parallelism, bytes: 32 });
}

function lengthOf(text: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return length;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
