import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/district/testing.ts';
import { gateOf } from '../twins/chains.ts';
import { keyPair } from '../twins/gate.ts';
import { GateProcess, menwei } from '../twins/gate-process.ts';
import { type Postgres, startPostgres } from '../twins/postgres.ts';

/** `menwei district backup` and `restore` with a real PostgreSQL server, by its own client programs. */

let folder: string;
let postgres: Postgres;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-backup-postgres-'));
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

function configure(name: string, district = 'gaoxin'): string {
  const config = join(folder, `${name}.yaml`);
  const lines = [
    `district: ${district}`,
    `dataDir: ${name}`,
    'communities: [{ id: 7 }]',
    'http: { port: 0 }',
  ];
  writeFileSync(config, [...lines, 'broker: { type: embedded, port: 0 }'].join('\n'));
  return config;
}

test('a running district’s tables and keys come back into an empty database, and into no other', async () => {
  const [url, empty] = [postgres.newDatabase(), postgres.newDatabase()];
  const [config, other, stranger] = [configure('one'), configure('two'), configure('three', 'other')];
  const at = (database: string) => ({ MENWEI_DATABASE__URL: database });
  const district = new GateProcess({ config, command: 'district', environment: at(url) });
  try {
    await district.open();
    const [key, database] = [keyPair(), await openDatabase(url)];
    await database.insertInto('gate').values(gateOf('gate-1', key)).execute();
    await database.updateTable('document').set({ version: 5 }).where('name', '=', 'keyset').execute();
    await database.destroy();
    const backup = join(folder, 'backup');
    // The passphrase is typed, twice.
    const words = ['district', 'backup', '--config', config, '--out', backup];
    const typed = 'one long passphrase\n';
    expect((await menwei(words, `${typed}another one here\n`, at(url))).error).toContain('another one');
    expect((await menwei(words, 'short\n', at(url))).error).toContain('at least 12');
    expect(await menwei(words, typed + typed, at(url))).toMatchObject({ code: 0 });
    expect(readFileSync(backup).subarray(0, 13).toString()).toBe('MENWEI-BACKUP');
    const restore = (file: string, place: string) =>
      menwei(['district', 'restore', backup, '--config', file], typed, at(place));
    expect((await restore(other, url)).error).toContain('has tables already');
    expect((await restore(stranger, empty)).error).toContain('the backup is of gaoxin');
    expect(await restore(other, empty)).toMatchObject({ code: 0 });
    const restored = await openDatabase(empty);
    const gates = await restored.selectFrom('gate').select('id').execute();
    const keyset = await restored
      .selectFrom('document')
      .selectAll()
      .where('name', '=', 'keyset')
      .executeTakeFirstOrThrow();
    await restored.destroy();
    expect(gates).toEqual([{ id: 'gate-1' }]);
    expect(keyset.version).toBeGreaterThan(1_000_000);
    expect(keyset.expires_at_seconds).toBe(keyset.issued_at_seconds);
    expect(district.log + (await district.stop())).not.toContain(url);
    const again = new GateProcess({ config: other, command: 'district', environment: at(empty) });
    await again.open();
    expect(await again.stop()).toBe(0);
  } finally {
    await district.stop();
  }
}, 180_000);
