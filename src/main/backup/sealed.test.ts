import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pack, unpack } from './parts.ts';
import { DamagedBackup, MAGIC, seal, unseal } from './sealed.ts';

const CHUNK = 1_048_576;
const SECRET = Buffer.from('correct horse battery staple');
const CHEAP = { memory: 8_192, passes: 1, parallelism: 1 };

const bytesOf = (length: number) => Buffer.alloc(length, 'menwei');
async function* pieces(bytes: Uint8Array, size = 65_536) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
const sealed = (bytes: Uint8Array) => whole(seal(pieces(bytes), SECRET, CHEAP));
const opened = (bytes: Uint8Array, secret: Uint8Array = SECRET) =>
  whole(unseal(pieces(bytes, 50_000), secret));
const beginLength = (file: Buffer) => MAGIC.length + 4 + file.readUInt32BE(MAGIC.length);

describe('a sealed stream', () => {
  test.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])(
    'of %i bytes comes back as it was',
    async (length) => {
      const bytes = bytesOf(length);
      expect((await opened(await sealed(bytes))).equals(bytes)).toBe(true);
    },
  );

  test('nothing of the content is in it, and twice sealed it is two files', async () => {
    const [one, other] = [await sealed(bytesOf(600)), await sealed(bytesOf(600))];
    expect(one.includes('menweimenwei')).toBe(false);
    expect(one.equals(other)).toBe(false);
  });

  test('another passphrase opens nothing', async () => {
    await expect(opened(await sealed(bytesOf(10)), Buffer.from('another passphrase'))).rejects.toThrow(
      'the passphrase is not the one',
    );
  });

  const cut = (at: (file: Buffer) => number) => (file: Buffer) => file.subarray(0, at(file));
  const flip = (at: (file: Buffer) => number) => (file: Buffer) => {
    const copy = Buffer.from(file);
    copy.writeUInt8(copy.readUInt8(at(file)) ^ 1, at(file));
    return copy;
  };
  const chunk = CHUNK + 16;
  test.each<[string, (file: Buffer) => Buffer]>([
    ['empty', cut(() => 0)],
    ['cut within the beginning', cut(() => 20)],
    ['cut after the beginning', cut(beginLength)],
    ['cut between two chunks', cut((file) => beginLength(file) + chunk)],
    ['cut by a byte', cut((file) => file.length - 1)],
    ['with a byte more', (file) => Buffer.concat([file, Buffer.alloc(1)])],
    ['with a changed magic', flip(() => 3)],
    ['with a changed salt', flip((file) => file.indexOf('"salt":"') + 8)],
    ['with a changed prefix', flip((file) => file.indexOf('"prefix":"') + 10)],
    ['with a changed first byte', flip(beginLength)],
    ['with a changed tag', flip((file) => beginLength(file) + chunk - 1)],
    ['with a changed last byte', flip((file) => file.length - 1)],
    [
      'with two chunks changed over',
      (file) => {
        const [a, b] = [beginLength(file), beginLength(file) + chunk];
        return Buffer.concat([
          file.subarray(0, a),
          file.subarray(b, b + chunk),
          file.subarray(a, b),
          file.subarray(b + chunk),
        ]);
      },
    ],
    [
      'with a chunk left out',
      (file) =>
        Buffer.concat([file.subarray(0, beginLength(file)), file.subarray(beginLength(file) + chunk)]),
    ],
    [
      'asking for more memory than it may',
      (file) =>
        Buffer.from(file.toString('latin1').replace('"memory":8192', '"memory":9999999999'), 'latin1'),
    ],
  ])('%s is refused', async (_, change) => {
    const file = await sealed(bytesOf(2 * CHUNK + 500));
    await expect(opened(change(file))).rejects.toThrow(DamagedBackup);
  });
});

describe('parts of a backup', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'menwei-parts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('come back under their names, for this user alone', async () => {
    writeFileSync(join(folder, 'large'), bytesOf(200_000));
    const parts = [
      { name: 'manifest.json', from: Buffer.from('{}') },
      { name: 'keys/broker/key.pem', from: join(folder, 'large') },
      { name: 'empty', from: Buffer.alloc(0) },
    ];
    const packed = await whole(pack(parts));
    for (const size of [1_000, 100_000_000]) {
      const target = mkdtempSync(join(folder, 'out-'));
      expect(await unpack(pieces(packed, size), target)).toEqual(parts.map(({ name }) => name));
      expect(readFileSync(join(target, 'keys/broker/key.pem')).equals(bytesOf(200_000))).toBe(true);
      expect(statSync(join(target, 'empty')).size).toBe(0);
      expect(statSync(join(target, 'manifest.json')).mode & 0o777).toBe(0o600);
    }
  });

  const head = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  test.each(['../outside', '/etc/passwd', 'a/../../b', '.ssh/key', 'a//b', ''])(
    'the name %j leads nowhere',
    async (name) => {
      const packed = Buffer.concat([
        head(JSON.stringify({ name, bytes: 1 })),
        Buffer.from('x'),
        Buffer.alloc(4),
      ]);
      await expect(unpack(pieces(packed), join(folder, 'in'))).rejects.toThrow(DamagedBackup);
    },
  );

  test('a name that comes twice, and an end that does not come, are refused', async () => {
    const one = Buffer.concat([head(JSON.stringify({ name: 'a', bytes: 1 })), Buffer.from('x')]);
    await expect(unpack(pieces(Buffer.concat([one, one, Buffer.alloc(4)])), folder)).rejects.toThrow(
      DamagedBackup,
    );
    await expect(unpack(pieces(one), join(folder, 'b'))).rejects.toThrow(DamagedBackup);
  });
});
