import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fromHex, toHex, unixSeconds } from '../../base/index.ts';
import { type DocumentSigner, documentSigner, type Issuer } from '../../issue/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { ROLES, type Role } from '../../wire/index.ts';
import type { VerifySignature } from '../ingest/batch-check.ts';

/**
 * The district's signing keys. They are made at the first start and kept in files that only this user may read; the root's
 * lie in a file of their own, so that they can be carried away from the machine.
 */
export interface KeyRing {
  readonly signers: Readonly<Record<Exclude<Role, 'root'>, DocumentSigner>>;
  /** Three, of which two must sign. Empty once they were carried away. */
  readonly root: readonly DocumentSigner[];
  readonly issuer: IssuerKeyRecord;
  readonly operator: DocumentSigner;
  /** HMAC key of the roster's look-up hashes, hex. */
  readonly lookupKey: string;
  /** Every look-up hash of a roster is another from now on. */
  rotateLookupKey(): Promise<void>;
}

export interface IssuerKeyRecord {
  readonly issuer: Issuer;
  /** 32 bytes */
  readonly publicKey: Uint8Array;
  /** Unix seconds */
  readonly notBefore: number;
  readonly signUntil: number;
  readonly verifyUntil: number;
}

/** Cryptography comes from outside: this room declares what it needs of it. */
export interface DistrictCrypto {
  /** An Ed25519 signer of a 32-byte seed. */
  signer(seed: Uint8Array): { readonly publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array };
  readonly verifySignature: VerifySignature;
}

export interface KeyRingOptions {
  readonly folder: string;
  readonly district: string;
  readonly crypto: DistrictCrypto;
  readonly clock: Clock;
  readonly random: Random;
}

const ROOT_KEYS = 3;
const DAY_SECONDS = 86_400;
/** An issuer key signs for half a year, and its codes count for three months more. */
const SIGN_DAYS = 180;
const VERIFY_DAYS = 270;

const seed = z.string().regex(/^[0-9a-f]{64}$/);
const signingRoles = ROLES.filter((role): role is Exclude<Role, 'root'> => role !== 'root');

const keysFile = z.strictObject({
  version: z.literal(1),
  roles: z.record(z.enum(ROLES), seed),
  issuer: z.strictObject({ kid: z.int().min(0).max(255), seed, notBefore: z.int() }),
  operator: seed,
  lookup: seed,
});
const rootFile = z.strictObject({ version: z.literal(1), seeds: z.array(seed).min(ROOT_KEYS).max(16) });

export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { folder, district, crypto, clock, random } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draw = () => toHex(random.bytes(32));
  const keys = keysFile.parse(
    await readOrMake(join(folder, 'keys.json'), () => ({
      version: 1,
      roles: Object.fromEntries(ROLES.map((role) => [role, draw()])),
      issuer: { kid: 1, seed: draw(), notBefore: unixSeconds(clock.wall()) - DAY_SECONDS },
      operator: draw(),
      lookup: draw(),
    })),
  );
  const root = rootFile.parse(
    await readOrMake(join(folder, 'root-keys.json'), () => ({
      version: 1,
      seeds: Array.from({ length: ROOT_KEYS }, draw),
    })),
  );
  let lookupKey = keys.lookup;
  const signers = await Promise.all(
    signingRoles.map(async (role) => [role, await documentSigner(bytes(keys.roles[role]))] as const),
  );
  const { kid, notBefore } = keys.issuer;
  const signer = crypto.signer(bytes(keys.issuer.seed));
  return {
    signers: Object.fromEntries(signers) as KeyRing['signers'],
    root: await Promise.all(root.seeds.map((each) => documentSigner(bytes(each)))),
    issuer: {
      issuer: { district, kid, suite: 1, sign: (message) => signer.sign(message) },
      publicKey: signer.publicKey,
      notBefore,
      signUntil: notBefore + SIGN_DAYS * DAY_SECONDS,
      verifyUntil: notBefore + VERIFY_DAYS * DAY_SECONDS,
    },
    operator: await documentSigner(bytes(keys.operator)),
    get lookupKey() {
      return lookupKey;
    },
    rotateLookupKey: async () => {
      const next = draw();
      await write(join(folder, 'keys.json'), { ...keys, lookup: next });
      lookupKey = next;
    },
  };
}

function bytes(hex: string | undefined): Uint8Array {
  const found = hex === undefined ? undefined : fromHex(hex);
  if (found === undefined) throw new Error('invariant broken: a key file that was checked has every key');
  return found;
}

/** Written whole before it has its name, so that a power cut leaves the file or none. */
async function readOrMake(path: string, make: () => unknown): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'ENOENT')) throw fault;
  }
  const value = make();
  await write(path, value);
  return value;
}

async function write(path: string, value: unknown): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
}
