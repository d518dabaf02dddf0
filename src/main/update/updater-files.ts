import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import { proxyUse, releaseAddress, releaseNumber, UPDATE_OUTCOMES } from '../../wire/index.ts';

/**
 * The two files between a gate and its machine's updater, which is root: what is asked, in the gate's own folder, and what came
 * of it, in root's. Each side believes nothing of the other's but what its schema takes.
 */

export const REQUEST_FILE = 'request.json';
export const OUTCOME_FILE = 'outcome.json';
/** Root's; the services can read in it, and write nothing. */
export const UPDATER_FOLDER = '/var/lib/menwei-update';

/** A proxy may name many hosts that are asked without it. */
const FILE_BYTES_MAX = 8_192;

const command = z.string().regex(/^[0-9a-f]{32}$/);

export const updateRequest = z.strictObject({
  /** The order's `jti`: one that was answered is never carried out again. */
  command,
  release: releaseNumber,
  from: releaseAddress,
  /** Sees whom the updater asks, and no more: what comes is believed by its signature. */
  proxy: proxyUse.optional(),
});

export const updaterOutcome = z.strictObject({
  /** Of the release that runs, 0 for none. */
  number: z.int().min(0),
  /** The last order, and what came of it; absent: there was none. */
  last: z
    .strictObject({
      command,
      release: releaseNumber,
      outcome: z.enum(UPDATE_OUTCOMES),
      why: z
        .string()
        .regex(/^[a-z-]{1,40}$/)
        .optional(),
    })
    .optional(),
});

export type UpdateRequest = z.infer<typeof updateRequest>;
export type UpdaterOutcome = z.infer<typeof updaterOutcome>;

/**
 * A file that somebody else wrote: a link, a pipe or a device is not opened, and no more is read than it may hold.
 * @returns undefined where there is none
 * @throws where it is no such file
 */
export function readSmall<Value>(file: string, schema: z.ZodType<Value>): Value | undefined {
  const text = smallText(file);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parsedOr(text));
  if (!parsed.success) throw new Error(`${file}: is not what it should be`);
  return parsed.data;
}

function smallText(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error(`${file}: is no plain file`);
    const bytes = Buffer.alloc(FILE_BYTES_MAX + 1);
    let size = 0;
    for (let read = -1; read !== 0 && size < bytes.length; size += read)
      read = readSync(descriptor, bytes, size, bytes.length - size, null);
    if (size > FILE_BYTES_MAX) throw new Error(`${file}: is too long`);
    return bytes.toString('utf8', 0, size);
  } finally {
    closeSync(descriptor);
  }
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
