import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { deviceSigner, fromPrivateJwk, type KeyPair, keyPairOf, toPrivateJwk } from '../../crypto/index.ts';
import type { Signer } from '../../ports/index.ts';

/**
 * A gate's own keys: Ed25519 for what it signs, X25519 for the roster that only it may read. Made on the gate at its
 * first start, kept for its owner's eyes alone; the private parts go nowhere else.
 */
export interface GateKeys {
  readonly signer: Signer;
  /** JWK with its private part, for `trust/`. */
  readonly rosterKey: RosterKey;
}

export interface RosterKey {
  readonly kty: 'OKP';
  readonly crv: 'X25519';
  readonly x: string;
  readonly d: string;
}

const ONLY_OWNER = 0o600;

/** @throws when a key file is there and is not a key: it is never replaced in silence, the district knows the old one */
export function gateKeys(dataDir: string): GateKeys {
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const device = readOr(join(folder, 'device.jwk'), () => toPrivateJwk(newDeviceKey()));
  const pair = fromPrivateJwk(device);
  if (pair === undefined || pair.suite !== 1) throw new Error(unreadable(join(folder, 'device.jwk')));
  const roster = readOr(join(folder, 'roster.jwk'), newRosterKey);
  if (!isRosterKey(roster)) throw new Error(unreadable(join(folder, 'roster.jwk')));
  return { signer: deviceSigner(pair.secret), rosterKey: roster };
}

/** Whole or not at all, and durable before it returns. */
export function writeSecret(file: string, text: string): void {
  const draft = `${file}.new`;
  const descriptor = openSync(draft, 'w', ONLY_OWNER);
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function readOr(file: string, make: () => object): unknown {
  try {
    const text = readFileSync(file, 'utf8');
    chmodSync(file, ONLY_OWNER);
    return JSON.parse(text);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw new Error(unreadable(file), { cause });
    const made = make();
    writeSecret(file, `${JSON.stringify(made)}\n`);
    return made;
  }
}

function newDeviceKey(): KeyPair {
  const pair = keyPairOf(1, new Uint8Array(randomBytes(32)));
  if (pair === undefined) throw new Error('invariant broken: any 32 bytes are an Ed25519 seed');
  return pair;
}

export function newRosterKey(): RosterKey {
  const { privateKey } = generateKeyPairSync('x25519');
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'X25519', x, d };
}

function isRosterKey(key: unknown): key is RosterKey {
  const { kty, crv, x, d } = key as Partial<RosterKey>;
  return kty === 'OKP' && crv === 'X25519' && typeof x === 'string' && typeof d === 'string';
}

function unreadable(file: string): string {
  return `${file} cannot be read as a key. Restore it from a backup, or move it away and enrol this gate again.`;
}
