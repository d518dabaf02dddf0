import { join } from 'node:path';
import { z } from 'zod';
import { assert, fromHex, toHex } from '../../base/index.ts';
import type { Suite } from '../../code/index.ts';
import { type DocumentSigner, documentSigner } from '../../issue/index.ts';
import type { Random } from '../../ports/index.ts';
import { ROLES, type Role, type RootPayload } from '../../wire/index.ts';
import type { VerifySignature } from '../ingest/batch-check.ts';
import { KeyFolder } from './key-folder.ts';
import { ShortCodeKeys } from './short-code-keys.ts';

/**
 * The keys under which the district signs its documents. Which of a role's keys signs is what the newest root says, so that
 * an accepted root is all that a rotation needs. The root's own lie in a file of their own, to be carried away.
 */
export type SigningRole = Exclude<Role, 'root'>;

/** Cryptography comes from outside: this room declares what it needs of it. */
export interface DistrictCrypto {
  /** A signer of a 32-byte secret. Suite 1, Ed25519, when it is left out; 2 is SM2 with SM3. */
  signer(
    secret: Uint8Array,
    suite?: Suite,
  ): { readonly publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array };
  readonly verifySignature: VerifySignature;
}

export interface KeyRingOptions {
  readonly folder: string;
  readonly random: Random;
}

/** An issuer key of a keys file of the first form, which had one issuer. */
export interface FormerIssuerKey {
  readonly kid: number;
  readonly secret: Uint8Array;
  readonly notBefore: number;
}

export const SIGNING_ROLES = ROLES.filter((role): role is SigningRole => role !== 'root');
export const ROOT_KEYS_FILE = 'root-keys.json';
const FORMER_FILE = 'keys.json';
/** Two of three must sign (docs/trust-documents.md). */
const ROOT_KEYS = 3;

const seed = z.string().regex(/^[0-9a-f]{64}$/);
const formerFile = z.object({
  version: z.literal(1),
  roles: z.record(z.enum(ROLES), seed),
  issuer: z.object({ kid: z.int().min(0).max(255), seed, notBefore: z.int() }),
  operator: seed,
  lookup: seed,
});
const rootFile = z.strictObject({ version: z.literal(1), seeds: z.array(seed).min(1).max(16) });

export class KeyRing {
  readonly folder: KeyFolder;
  readonly shortCodes: ShortCodeKeys;
  readonly former: { readonly issuer: FormerIssuerKey; readonly operator: Uint8Array } | undefined;
  readonly #random: Random;
  #lookupKey: string;
  /** All secrets of each role that are here, by thumbprint. */
  readonly #held: Map<SigningRole, Map<string, DocumentSigner>>;
  readonly #current = new Map<SigningRole, DocumentSigner>();
  #missing: readonly SigningRole[] = [];
  #root: readonly DocumentSigner[];

  private constructor(
    { folder, lookupKey, former }: Pick<KeyRing, 'folder' | 'lookupKey' | 'former'>,
    held: Map<SigningRole, Map<string, DocumentSigner>>,
    { root, random }: { root: readonly DocumentSigner[]; random: Random },
  ) {
    this.folder = folder;
    this.shortCodes = new ShortCodeKeys(folder, random);
    this.former = former;
    this.#lookupKey = lookupKey;
    this.#held = held;
    this.#root = root;
    this.#random = random;
    for (const [role, signers] of held) {
      const [first] = signers.values();
      assert(first !== undefined, 'every role has a key');
      this.#current.set(role, first);
    }
  }

  static async open({ folder: path, random }: KeyRingOptions): Promise<KeyRing> {
    const folder = await KeyFolder.open(path);
    const former = await takeOver(folder);
    const lookup =
      (await folder.secret('lookup')) ??
      (await folder.keepFirst('lookup', { suite: 1, secret: random.bytes(32) }));
    const held = new Map<SigningRole, Map<string, DocumentSigner>>();
    for (const role of SIGNING_ROLES) held.set(role, await signersOf(folder, { role, random }));
    const of = { folder, lookupKey: toHex(lookup.secret), former };
    return new KeyRing(of, held, { root: await rootSigners(folder), random });
  }

  /** The key of each role that the newest root names. */
  get signers(): Readonly<Record<SigningRole, DocumentSigner>> {
    return Object.fromEntries(this.#current) as Record<SigningRole, DocumentSigner>;
  }

  /** HMAC key of the roster's look-up hashes, hex. */
  get lookupKey(): string {
    return this.#lookupKey;
  }

  /** Rosters are to be published anew. */
  async rotateLookupKey(): Promise<void> {
    this.#lookupKey = toHex(await makeLookupKey(this.folder, this.#random));
  }

  /** The root's own, as long as they lie on this machine. */
  get root(): readonly DocumentSigner[] {
    return this.#root;
  }

  /** Roles whose key the newest root names and this machine has not: nothing is signed for them. */
  get missing(): readonly SigningRole[] {
    return this.#missing;
  }

  /** From now on the keys of this root sign. */
  adopt({ roles }: Pick<RootPayload, 'roles'>): void {
    const missing: SigningRole[] = [];
    for (const role of SIGNING_ROLES) {
      const found = roles[role].keys
        .map((kid) => this.#held.get(role)?.get(kid))
        .find((each) => each !== undefined);
      if (found === undefined || roles[role].threshold > 1) missing.push(role);
      if (found !== undefined) this.#current.set(role, found);
    }
    this.#missing = missing;
  }

  /** A further key of the role, which signs once a root names it. */
  async makeRoleKey(role: SigningRole): Promise<DocumentSigner> {
    const signer = await makeSigner(this.folder, role, this.#random);
    this.#held.get(role)?.set(signer.kid, signer);
    return signer;
  }

  /** Secrets that were made since the start, by a command beside this process. */
  async reload(): Promise<void> {
    for (const role of SIGNING_ROLES)
      for (const [kid, signer] of await signersOf(this.folder, { role, random: this.#random }))
        this.#held.get(role)?.set(kid, signer);
    this.#root = await rootSigners(this.folder);
  }

  /** Three new keys of the root, for a district that begins without a ceremony. */
  async makeRootKeys(): Promise<void> {
    const seeds = Array.from({ length: ROOT_KEYS }, () => toHex(this.#random.bytes(32)));
    await this.folder.writeJson(ROOT_KEYS_FILE, { version: 1, seeds });
    this.#root = await rootSigners(this.folder);
  }

  /** Secrets of the root that lie here, 32 bytes each. */
  rootSeeds(): Promise<readonly Uint8Array[]> {
    return rootSeeds(this.folder);
  }

  async removeRootKeys(): Promise<void> {
    await this.folder.removeFile(ROOT_KEYS_FILE);
    this.#root = [];
  }

  /** The file of the first form goes once everything in it has its new place. */
  async forgetFormer(): Promise<void> {
    await this.folder.removeFile(FORMER_FILE);
  }
}

export function draw(random: Random, suite: Suite): Uint8Array {
  for (;;) {
    const secret = random.bytes(32);
    // GB/T 32918.5 §3: n begins with FFFFFFFE; what lies far below it is always a secret of SM2.
    if (suite === 1 || secret[0] !== 0xff) return secret;
  }
}

async function makeLookupKey(folder: KeyFolder, random: Random): Promise<Uint8Array> {
  const secret = random.bytes(32);
  await folder.keep('lookup', { suite: 1, secret });
  return secret;
}

async function makeSigner(folder: KeyFolder, role: SigningRole, random: Random): Promise<DocumentSigner> {
  const secret = random.bytes(32);
  const signer = await documentSigner(secret);
  await folder.keep(`role-${role}-${signer.kid}`, { suite: 1, secret });
  return signer;
}

async function signersOf(
  folder: KeyFolder,
  { role, random }: { role: SigningRole; random: Random },
): Promise<Map<string, DocumentSigner>> {
  const signers = new Map<string, DocumentSigner>();
  for (const name of await folder.names(`role-${role}-`)) {
    const secret = await folder.secret(name);
    if (secret === undefined) continue;
    const signer = await documentSigner(secret.secret);
    signers.set(signer.kid, signer);
  }
  if (signers.size > 0) return signers;
  const signer = await makeSigner(folder, role, random);
  return signers.set(signer.kid, signer);
}

async function rootSeeds(folder: KeyFolder): Promise<readonly Uint8Array[]> {
  const value = await folder.readJson(ROOT_KEYS_FILE);
  if (value === undefined) return [];
  const file = rootFile.safeParse(value);
  if (!file.success)
    throw new Error(`${join(folder.path, ROOT_KEYS_FILE)} is damaged; restore it from a backup`);
  return file.data.seeds.map(bytes);
}

async function rootSigners(folder: KeyFolder): Promise<readonly DocumentSigner[]> {
  return Promise.all((await rootSeeds(folder)).map((each) => documentSigner(each)));
}

/** Files of the first form had all keys in one: each moves to a file of its own. Done again after a power cut, it is the same. */
async function takeOver(folder: KeyFolder): Promise<KeyRing['former']> {
  const value = await folder.readJson(FORMER_FILE);
  if (value === undefined) return undefined;
  const file = formerFile.safeParse(value);
  if (!file.success)
    throw new Error(`${join(folder.path, FORMER_FILE)} is damaged; restore it from a backup`);
  const { roles, issuer, operator, lookup } = file.data;
  for (const role of SIGNING_ROLES) {
    const secret = bytes(roles[role]);
    await folder.keep(`role-${role}-${(await documentSigner(secret)).kid}`, { suite: 1, secret });
  }
  await folder.keep('lookup', { suite: 1, secret: bytes(lookup) });
  const { kid, notBefore } = issuer;
  return { issuer: { kid, notBefore, secret: bytes(issuer.seed) }, operator: bytes(operator) };
}

function bytes(hex: string | undefined): Uint8Array {
  const found = hex === undefined ? undefined : fromHex(hex);
  assert(found !== undefined, 'a key file that was checked has every key');
  return found;
}
