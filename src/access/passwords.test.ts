import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { argon2id } from '../crypto/index.ts';
import { fromHex, toHex } from '../base/index.ts';
import { PASSWORDS_HASHED_MAX, PASSWORDS_WAITING_MAX } from './limits.ts';
import { Passwords } from './passwords.ts';
import { weakness } from './weak-passwords.ts';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const PASSWORD = 'vier kleine Kraniche';

describe('passwords', () => {
  const passwords = new Passwords({ argon2id, random });
  let phc: string;
  beforeAll(async () => {
    const hashed = await passwords.hash(PASSWORD);
    phc = hashed.ok ? hashed.value : '';
  });

  test('argon2id is the one of RFC 9106 (agrees with the reference implementation)', async () => {
    // phc-winner-argon2, test.c: version 0x13, t=2, m=2^8, p=1, "password", "somesalt"
    const tag = await argon2id(Buffer.from('password'), Buffer.from('somesalt'), {
      memory: 256,
      passes: 2,
      parallelism: 1,
      bytes: 32,
    });
    expect(toHex(tag)).toBe('9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe');
    expect(fromHex(toHex(tag))).toHaveLength(32);
  });

  test('are kept with their parameters, each with a salt of its own', async () => {
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    const again = await passwords.hash(PASSWORD);
    expect(again.ok && again.value).not.toBe(phc);
  });

  test.each([
    ['the same', PASSWORD, true],
    ['the same in wide letters, as an input method may write them', 'ｖｉｅｒ kleine Kraniche', true],
    ['with another capital', 'Vier kleine Kraniche', false],
    ['cut short', PASSWORD.slice(0, -1), false],
    ['none', '', false],
  ])('%s: is told', async (_name, password, matches) => {
    expect(await passwords.check(password, phc)).toEqual({ ok: true, value: { matches, outdated: false } });
  });

  test('one that was kept with older parameters still counts, and is said to be outdated', async () => {
    const salt = random.bytes(16);
    const parameters = { memory: 1_024, passes: 2, parallelism: 1, bytes: 32 };
    const tag = await argon2id(Buffer.from(PASSWORD), salt, parameters);
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
    const old = `$argon2id$v=19$m=1024,t=2,p=1$${base64(salt)}$${base64(tag)}`;
    expect(await passwords.check(PASSWORD, old)).toEqual({
      ok: true,
      value: { matches: true, outdated: true },
    });
  });

  test('a stored text that is none, or asks for all memory, matches nothing and throws nothing', async () => {
    const cheap = new Passwords({
      random,
      argon2id: async (_message, _salt, { bytes }) => new Uint8Array(bytes),
    });
    const broken = [
      '',
      'plain text',
      phc.replace('m=47104', 'm=999999'),
      phc.replace('p=1', 'p=0'),
      phc.replace('t=1', 't=0'),
      phc.replace('argon2id', 'argon2i'),
    ];
    for (const kept of broken)
      expect(await cheap.check(PASSWORD, kept)).toEqual({
        ok: true,
        value: { matches: false, outdated: false },
      });
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 120 }), async (kept) => {
        expect((await cheap.check(PASSWORD, kept)).ok).toBe(true);
      }),
    );
  });

  test('only so many are worked on at once and only so many wait; the others are turned away, and places come back', async () => {
    let [now, most] = [0, 0];
    const waiting: (() => void)[] = [];
    const slow = new Passwords({
      random,
      argon2id: async (_message, _salt, { bytes }) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise<void>((resolve) => waiting.push(resolve));
        now -= 1;
        return new Uint8Array(bytes);
      },
    });
    const all = Array.from({ length: 100 }, () => slow.check(PASSWORD, undefined));
    const busy = (await Promise.all(all.slice(PASSWORDS_HASHED_MAX + PASSWORDS_WAITING_MAX))).filter(
      ({ ok }) => !ok,
    );
    expect(busy).toHaveLength(100 - PASSWORDS_HASHED_MAX - PASSWORDS_WAITING_MAX);
    const done = Promise.all(all);
    let isOver = false;
    void done.then(() => {
      isOver = true;
    });
    while (!isOver) {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await done).filter(({ ok }) => ok)).toHaveLength(PASSWORDS_HASHED_MAX + PASSWORDS_WAITING_MAX);
    expect(most).toBe(PASSWORDS_HASHED_MAX);
    const after = slow.check(PASSWORD, undefined);
    await new Promise((resolve) => setImmediate(resolve));
    waiting.shift()?.();
    expect((await after).ok).toBe(true);
  });
});

describe('a password is refused', () => {
  test.each([
    ['short-password', 'elf letters'],
    ['short-password', '门卫门卫门卫门卫门卫门'],
    ['name-in-password', 'the li-wei word here'],
    ['name-in-password', 'mein LiWei Passwort'],
    ['weak-password', 'aaaaaaaaaaaaaaaa'],
    ['weak-password', 'abcabcabcabcabc'],
    ['weak-password', '123456789012'],
    ['weak-password', '987654321098'],
    ['weak-password', 'qwertyuiopas'],
    ['weak-password', '1qaz2wsx3edc'],
    ['weak-password', 'Password2026!'],
    ['weak-password', 'P@ssw0rd!!!!'],
    ['weak-password', 'menwei-admin-2026'],
    ['weak-password', 'woaini1314520'],
    ['weak-password', '13800138000-2026'],
    ['weak-password', '61011219900101123X'],
  ])('as %s: %s', (why, password) => {
    expect(weakness(password, 'li-wei')).toBe(why);
  });

  test.each(['vier kleine Kraniche', '春眠不觉晓处处闻啼鸟夜来', 'tZ4-uhq9-Wm2x', 'correct horse battery'])(
    'not when it is one that nobody guesses: %s',
    (password) => {
      expect(weakness(password, 'li-wei')).toBeUndefined();
    },
  );

  test('whatever is typed, the answer is a word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (password) => {
        expect(['short-password', 'name-in-password', 'weak-password', undefined]).toContain(
          weakness(password, 'li-wei'),
        );
      }),
    );
  });
});
