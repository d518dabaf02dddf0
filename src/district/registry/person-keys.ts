import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { assert, fromHex, toHex } from '../../base/index.ts';
import type { Random } from '../../ports/index.ts';

/**
 * The keys under which persons are kept. They lie in a file of their own, never in the database: a copy of the database
 * alone names nobody. A file that is lost is never made anew beside persons that it could not read.
 */
export interface PersonKeys {
  /** Name of the key under which records are written now. */
  readonly current: string;
  /** 32 bytes each; older ones still read. */
  readonly records: ReadonlyMap<string, Uint8Array>;
  /** HMAC-SHA-256 key of the look-up hashes, 32 bytes. */
  readonly lookup: Uint8Array;
}

const key = z.string().regex(/^[0-9a-f]{64}$/);
const keysFile = z
  .strictObject({
    version: z.literal(1),
    current: z.string().regex(/^[a-z0-9]{1,8}$/),
    records: z.record(z.string().regex(/^[a-z0-9]{1,8}$/), key),
    lookup: key,
  })
  .refine(({ current, records }) => current in records);

export interface PersonKeysOptions {
  readonly file: string;
  readonly random: Random;
  /** false: there are persons already, which new keys could not read. */
  readonly mayMake: boolean;
}

export async function openPersonKeys({ file, random, mayMake }: PersonKeysOptions): Promise<PersonKeys> {
  const text = await readPrivate(file);
  if (text !== undefined) return parse(file, text);
  if (!mayMake)
    throw new Error(
      `${file}: not there, and the database holds persons; bring the file back from its backup`,
    );
  const made = JSON.stringify({
    version: 1,
    current: '1',
    records: { 1: toHex(random.bytes(32)) },
    lookup: toHex(random.bytes(32)),
  });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeNew(file, made);
  return parse(file, made);
}

async function readPrivate(file: string): Promise<string | undefined> {
  const handle = await open(file, constants.O_RDONLY).catch((fault: unknown) => {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw fault;
  });
  if (handle === undefined) return undefined;
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0)
      throw new Error(`${file}: others may read it; run chmod 600 on it and start again`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Two starts at once must not make two files: the name is taken first, and only its maker writes. */
async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const folder = await open(dirname(file), 'r');
  await folder.sync();
  await folder.close();
}

function parse(file: string, text: string): PersonKeys {
  const parsed = keysFile.safeParse(jsonOf(text));
  if (!parsed.success)
    throw new Error(`${file}: not a file of person keys, or damaged; bring back its backup`);
  const { current, records, lookup } = parsed.data;
  return {
    current,
    records: new Map(Object.entries(records).map(([id, hex]) => [id, bytes(hex)])),
    lookup: bytes(lookup),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function bytes(hex: string): Uint8Array {
  const found = fromHex(hex);
  assert(found?.length === 32, 'the schema has checked the hex');
  return found;
}
