import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../../base/index.ts';
import { type PublicRootKey, publicRootKeyFile } from '../../wire/index.ts';
import { writeSecret } from '../gate/gate-keys.ts';

/** What a machine remembers of its releases, and whose it takes: files of root's, which the services cannot write. */

const FAILED_MAX = 32;
const KEYS_MAX = 8;

const releaseState = z.strictObject({
  number: z.int().min(0),
  version: z.string().max(64),
  failed: z.array(z.int()).max(FAILED_MAX),
});

export type ReleaseState = z.infer<typeof releaseState>;

const NONE: ReleaseState = { number: 0, version: '', failed: [] };
const file = (folder: string) => join(folder, 'release.json');

/** @throws when what is there cannot be read: then nobody knows which numbers have passed */
export function readState(folder: string): ReleaseState {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let text: string;
  try {
    text = readFileSync(file(folder), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return NONE;
    throw cause;
  }
  const parsed = releaseState.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`${file(folder)}: is damaged; put it back from a backup, or remove it`);
  return parsed.data;
}

export function writeState(folder: string, state: ReleaseState): void {
  const failed = state.failed.slice(-FAILED_MAX);
  writeSecret(file(folder), `${JSON.stringify(releaseState.parse({ ...state, failed }))}\n`);
}

/** What the installer leaves when it has ended what a power cut had interrupted, and how that ended. */
const MARKS = { settled: 'done', 'gone-back': 'back' } as const;
const NEXT = 'next.json';
const nextState = releaseState.pick({ number: true, version: true });

/** Before anything is replaced: which release it is, so that an end without this program can be written down. */
export function noteNext(folder: string, next: z.infer<typeof nextState>): void {
  for (const mark of Object.keys(MARKS)) rmSync(join(folder, mark), { force: true });
  writeSecret(join(folder, NEXT), `${JSON.stringify(nextState.parse(next))}\n`);
}

/** The release is on record: nothing was interrupted. */
export function forgetNext(folder: string): void {
  rmSync(join(folder, NEXT), { force: true });
}

/** An update was begun whose end nobody has seen yet. */
export const isPending = (folder: string): boolean => existsSync(join(folder, 'pending'));

/** Puts an end that the installer reached alone on record. @returns undefined where nothing was interrupted */
export function takeSettled(
  folder: string,
): { readonly number: number; readonly outcome: 'done' | 'back' } | undefined {
  const mark = (['settled', 'gone-back'] as const).find((name) => existsSync(join(folder, name)));
  if (mark === undefined || !existsSync(join(folder, NEXT)) || isPending(folder)) return undefined;
  const { number, version } = nextState.parse(JSON.parse(readFileSync(join(folder, NEXT), 'utf8')));
  const state = readState(folder);
  const outcome = MARKS[mark];
  writeState(
    folder,
    outcome === 'done' ? { ...state, number, version } : { ...state, failed: [...state.failed, number] },
  );
  forgetNext(folder);
  return { number, outcome };
}

/** The makers' public keys: `*.pub`, as `menwei root new` writes them. */
export function readKeys(folder: string): Result<readonly PublicRootKey[], string> {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.pub'));
  } catch {
    return ok([]);
  }
  if (names.length > KEYS_MAX) return err(`keys: are more than ${KEYS_MAX}; keep those of the makers`);
  const keys: PublicRootKey[] = [];
  for (const name of names) {
    const parsed = publicRootKeyFile.safeParse(parsedText(readFileSync(join(folder, name), 'utf8')));
    if (!parsed.success) return err(`keys: ${name} is no public key; take the file as it was made`);
    keys.push({ kid: parsed.data.kid, key: parsed.data.key });
  }
  return ok(keys);
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
