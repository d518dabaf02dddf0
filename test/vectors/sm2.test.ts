import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../../src/base/index.ts';
import {
  fromPrivateJwk,
  fromPublicJwk,
  keyPairOf,
  makeKeyPair,
  nodeEngine,
  signerOf,
  toPrivateJwk,
  toPublicJwk,
} from '../../src/crypto/index.ts';

const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const hex = (value: bigint) => value.toString(16).padStart(64, '0');
const bytes = (text: string) => fromHex(text) ?? new Uint8Array();

let counter = 0;
/** Different at each call, and the same in every run. */
const random = (length: number) => {
  counter += 1;
  return new Uint8Array(length).fill(counter);
};

const engine = nodeEngine();
const pair = makeKeyPair(2, random);
const signer = signerOf(pair, random);
const key = engine.importKey(2, pair.publicKey);
const message = utf8('menwei code v1 issuer\0gaoxin\0 and some bytes');

describe('SM2', () => {
  it('verifies what it signed, and nothing else', () => {
    const signature = signer.sign(message);
    expect(key?.verify(message, signature)).toBe(true);
    expect(key?.verify(message.slice(1), signature)).toBe(false);
    for (let bit = 0; bit < 512; bit += 37) {
      const changed = signature.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(key?.verify(message, changed)).toBe(false);
    }
  });

  it('never signs twice with one nonce, even when the random source stands still', () => {
    const still = signerOf(pair, (length) => new Uint8Array(length));
    const first = still.sign(message);
    const second = still.sign(utf8('another message'));
    expect(first.slice(0, 32)).not.toEqual(second.slice(0, 32));
    expect(key?.verify(utf8('another message'), second)).toBe(true);
  });

  it('refuses r and s outside 1..n-1, and r + s = n', () => {
    const signature = toHex(signer.sign(message));
    const [r, s] = [signature.slice(0, 64), signature.slice(64)];
    for (const edge of [0n, N, N + 1n, 2n ** 256n - 1n]) {
      expect(key?.verify(message, bytes(hex(edge) + s))).toBe(false);
      expect(key?.verify(message, bytes(r + hex(edge)))).toBe(false);
    }
    expect(key?.verify(message, bytes(r + hex(N - BigInt(`0x${r}`))))).toBe(false);
    expect(key?.verify(message, bytes(signature.slice(2)))).toBe(false);
  });

  it('refuses keys that are not 04‖x‖y on the curve', () => {
    const [x, y] = [toHex(pair.publicKey.slice(1, 33)), toHex(pair.publicKey.slice(33))];
    expect(engine.importKey(2, bytes(`04${x}${y}`))).toBeDefined();
    expect(engine.importKey(2, bytes(`04${x}${hex(P - BigInt(`0x${y}`))}`))).toBeDefined();
    for (const wrong of [
      `02${x}`,
      `05${x}${y}`,
      `04${y}${x}`,
      `04${x}${hex(P)}`,
      `04${hex(0n)}${hex(0n)}`,
      x,
    ]) {
      expect(engine.importKey(2, bytes(wrong))).toBeUndefined();
    }
    expect(engine.importKey(2, bytes(`04${hex(BigInt(`0x${x}`) + P)}${y}`.slice(0, 130)))).toBeUndefined();
  });

  it('takes no secret outside 1..n-2', () => {
    expect([0n, N - 1n, N].map((d) => keyPairOf(2, bytes(hex(d))))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([1n, N - 2n].map((d) => keyPairOf(2, bytes(hex(d)))?.publicKey.length)).toEqual([65, 65]);
  });
});

describe.each([1, 2] as const)('keys of suite %i as JWK', (suite) => {
  const made = makeKeyPair(suite, random);

  it('come back unchanged', () => {
    expect(fromPrivateJwk(toPrivateJwk(made))).toEqual(made);
    expect(fromPublicJwk(toPublicJwk(made))).toEqual({ suite, publicKey: made.publicKey });
    expect(toPublicJwk(made)).not.toHaveProperty('d');
  });

  it('are not taken when damaged or when the halves do not belong together', () => {
    const jwk = toPrivateJwk(made);
    const other = toPrivateJwk(makeKeyPair(suite, random));
    expect(fromPrivateJwk({ ...jwk, d: other.d })).toBeUndefined();
    expect(fromPrivateJwk({ ...jwk, x: jwk.x.slice(1) })).toBeUndefined();
    expect(fromPrivateJwk({ ...jwk, kty: 'RSA' })).toBeUndefined();
    expect(fromPrivateJwk(null)).toBeUndefined();
    expect(fromPublicJwk('x')).toBeUndefined();
  });
});

const openssl = opensslVersion();

describe.skipIf(openssl === undefined)('SM2 beside the openssl command', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'menwei-sm2-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const distinguished = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'];

  it('verifies what openssl signed', () => {
    run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2', '-out', at('theirs.pem'));
    writeFileSync(at('message'), message);
    run(
      'pkeyutl',
      '-sign',
      '-inkey',
      at('theirs.pem'),
      '-in',
      at('message'),
      '-out',
      at('signature'),
      ...distinguished,
    );
    const spki = run('pkey', '-in', at('theirs.pem'), '-pubout', '-outform', 'DER');
    const theirs = engine.importKey(2, new Uint8Array(spki.subarray(-65)));
    const signature = fromDer(readFileSync(at('signature')));
    expect(theirs?.verify(message, signature)).toBe(true);
    expect(theirs?.verify(utf8('something else'), signature)).toBe(false);
  });

  it('signs what openssl verifies', () => {
    // RFC 5480 SubjectPublicKeyInfo: id-ecPublicKey on the SM2 curve 1.2.156.10197.1.301.
    const spki = Buffer.from(
      `3059301306072a8648ce3d020106082a811ccf5501822d034200${toHex(pair.publicKey)}`,
      'hex',
    );
    writeFileSync(at('ours.der'), spki);
    writeFileSync(at('message'), message);
    writeFileSync(at('signature'), toDer(signer.sign(message)));
    const key = ['-pubin', '-keyform', 'DER', '-inkey', at('ours.der')];
    const check = [
      'pkeyutl',
      '-verify',
      ...key,
      '-in',
      at('message'),
      '-sigfile',
      at('signature'),
      ...distinguished,
    ];
    expect(run(...check).toString()).toContain('Verified Successfully');
    writeFileSync(at('message'), utf8('something else'));
    expect(() => run(...check)).toThrow();
  });
});

function opensslVersion(): string | undefined {
  try {
    const version = execFileSync('openssl', ['version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    return /^OpenSSL [3-9]/.test(version) ? version : undefined;
  } catch {
    return undefined;
  }
}

function fromDer(der: Uint8Array): Uint8Array {
  const numbers: Uint8Array[] = [];
  for (let offset = 2; offset < der.length; ) {
    const length = der[offset + 1] ?? 0;
    const number = der.slice(offset + 2, offset + 2 + length);
    numbers.push(bytes(Buffer.from(number).toString('hex').replace(/^00/, '').padStart(64, '0')));
    offset += 2 + length;
  }
  return Uint8Array.of(...numbers.flatMap((number) => [...number]));
}

function toDer(signature: Uint8Array): Uint8Array {
  const number = (part: Uint8Array) => {
    const first = part.findIndex((byte) => byte !== 0);
    const short = Array.from(part.subarray(first));
    const value = (short[0] ?? 0) > 0x7f ? [0, ...short] : short;
    return [2, value.length, ...value];
  };
  const content = [...number(signature.slice(0, 32)), ...number(signature.slice(32))];
  return Uint8Array.of(0x30, content.length, ...content);
}
