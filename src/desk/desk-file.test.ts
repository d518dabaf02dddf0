import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccountsTable, type KeptAccount } from './accounts/accounts-table.ts';
import { type DeskFile, openDeskFile } from './desk-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-desk-file-'));
  file = join(folder, 'desk.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PHC = `$argon2id$v=19$m=47104,t=1,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`;

function opened(): DeskFile {
  const found = openDeskFile({ file, now: 1_000 });
  if (!found.ok) throw new Error(found.error);
  return found.value;
}

function listed(): KeptAccount[] {
  const found = opened();
  const all = new AccountsTable(found).list();
  found.close();
  return all;
}

/** Accounts of each kind, on the disk. */
function written(): KeptAccount[] {
  const found = opened();
  const table = new AccountsTable(found);
  table.addFirst('h-01', PHC);
  table.add({ name: 'g-07', role: 'guard' });
  table.invite('g-07', PHC, 5_000);
  table.add({ name: 'g-08', role: 'guard' });
  table.disable('g-08');
  found.close();
  return listed();
}

describe('the desk’s file', () => {
  test('keeps what it has taken, and nothing lies beside it', () => {
    const before = written();
    expect(before.map(({ name, role, isDisabled }) => [name, role, isDisabled])).toEqual([
      ['g-07', 'guard', false],
      ['g-08', 'guard', true],
      ['h-01', 'head', false],
    ]);
    expect(readdirSync(folder)).toEqual(['desk.sqlite']);
  });

  test('is set aside whole when it is no database: nobody has an account then, and that is told', () => {
    const before = written();
    expect(before).toHaveLength(3);
    const damaged = readFileSync(file).fill(0xff, 0, 64);
    writeFileSync(file, damaged);
    const found = opened();
    expect(found.isNewlySetAside).toBe(true);
    expect(new AccountsTable(found).count()).toBe(0);
    found.close();
    expect(readFileSync(join(folder, 'desk.sqlite.damaged-1000')).equals(damaged)).toBe(true);
    const again = opened();
    expect([again.isNewlySetAside, again.setAside]).toEqual([false, ['desk.sqlite.damaged-1000']]);
    again.close();
  });

  test('gives no account to anybody new, whichever byte is changed', () => {
    const before = written();
    const whole = readFileSync(file);
    const known = new Set(before.map((account) => JSON.stringify(account)));
    let setAside = 0;
    for (let at = 0; at < whole.length; at += whole[at] === 0 ? 97 : 4) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(file, bytes);
      const found = openDeskFile({ file, now: 1_000 });
      if (found.ok) {
        for (const account of new AccountsTable(found.value).list())
          if (!known.has(JSON.stringify(account))) throw new Error(`byte ${at} made ${account.name}`);
        setAside += Number(found.value.isNewlySetAside);
        found.value.close();
      }
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
    }
    expect(setAside).toBeGreaterThan(150);
  });

  test('of a later version, or of a folder that cannot be written, is left as it is and opens nothing', () => {
    written();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 2; CREATE TABLE more (one INTEGER)');
    database.close();
    expect(openDeskFile({ file, now: 1_000 })).toEqual({ ok: false, error: 'later' });
    expect(readdirSync(folder)).toEqual(['desk.sqlite']);
    const away = join(folder, 'away', 'desk.sqlite');
    expect(openDeskFile({ file: away, now: 1_000 })).toEqual({ ok: false, error: 'unreadable' });
    expect(existsSync(away)).toBe(false);
  });

  test('of a transaction that did not come to its end has nothing of it', () => {
    const found = opened();
    expect(() =>
      found.together(() => {
        new AccountsTable(found).addFirst('h-01', PHC);
        throw new Error('power');
      }),
    ).toThrow('power');
    found.close();
    expect(listed()).toEqual([]);
  });
});
