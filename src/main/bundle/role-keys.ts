import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromPrivateJwk, keyPairOf, toPrivateJwk } from '../../crypto/index.ts';
import { type DocumentSigner, documentSigner } from '../../issue/index.ts';
import { ROLES, type Role } from '../../wire/index.ts';
import { writeSecret } from '../gate/gate-keys.ts';

/**
 * The signing keys of a district that runs on files, and the highest version that it has given out. Kept in one folder for
 * its owner's eyes alone, or not kept at all: then no later bundle can stand under the same root.
 */
export interface RoleKeys {
  readonly root: readonly DocumentSigner[];
  readonly signers: Readonly<Record<Exclude<Role, 'root'>, DocumentSigner>>;
  /** Root versions so far, general JWS texts, the first one pinned. */
  readonly roots: readonly string[];
  readonly lastVersion: number;
  /** Durable before anything that was signed leaves the house. */
  keep(state: KeptState): void;
}

export interface KeptState {
  readonly district: string;
  readonly lastVersion: number;
  readonly roots: readonly string[];
}

/** Two of three must sign (docs/trust-documents.md). */
const ROOT_KEYS = ['root-1', 'root-2', 'root-3'];
const STATE_FILE = 'state.json';

/**
 * @param folder absent: keys that nobody keeps
 * @throws when the folder holds something that is no key, or belongs to another district
 */
export async function roleKeys(district: string, folder?: string): Promise<RoleKeys> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const state = folder === undefined ? undefined : readState(join(folder, STATE_FILE));
  if (state !== undefined && state.district !== district) {
    throw new Error(`${folder} holds the keys of ${state.district}, not of ${district}`);
  }
  const signer = (name: string) => documentSigner(seedOf(name, folder));
  const named = await Promise.all(
    ROLES.filter((role) => role !== 'root').map(async (role) => [role, await signer(role)] as const),
  );
  return {
    root: await Promise.all(ROOT_KEYS.map(signer)),
    signers: Object.fromEntries(named) as RoleKeys['signers'],
    roots: state?.roots ?? [],
    lastVersion: state?.lastVersion ?? 0,
    keep(next) {
      if (folder !== undefined) writeSecret(join(folder, STATE_FILE), `${JSON.stringify(next)}\n`);
    },
  };
}

function seedOf(name: string, folder: string | undefined): Uint8Array {
  const file = folder === undefined ? undefined : join(folder, `${name}.jwk`);
  const kept = file === undefined ? undefined : readJson(file);
  if (kept !== undefined) {
    const pair = fromPrivateJwk(kept);
    if (pair?.suite !== 1)
      throw new Error(`${file} is no private Ed25519 key; restore it, or use an empty folder`);
    return pair.secret;
  }
  const seed = new Uint8Array(randomBytes(32));
  const pair = keyPairOf(1, seed);
  if (file !== undefined && pair !== undefined) writeSecret(file, `${JSON.stringify(toPrivateJwk(pair))}\n`);
  return seed;
}

function readState(file: string): KeptState | undefined {
  const state = readJson(file) as Partial<KeptState> | undefined;
  if (state === undefined) return undefined;
  const { district, lastVersion, roots } = state;
  if (typeof district !== 'string' || typeof lastVersion !== 'number' || !Array.isArray(roots)) {
    throw new Error(`${file} is damaged; without it versions could fall. Restore it from a backup`);
  }
  return { district, lastVersion, roots };
}

/** Undefined when there is no such file. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read`, { cause });
  }
}
