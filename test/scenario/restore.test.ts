import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../twins/broker.ts';
import { menwei } from '../twins/gate-process.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { DISTRICT } from '../twins/real-district.ts';
import { type DistrictTrial, districtTrial, isTold } from './district-trial.ts';
import { verdicts } from './trial.ts';

/** N2, A2, A3 over a lost disk: a backup, more people, nothing left; restored, every row is there again and gates obey. */
describe.skipIf(mosquittoPath === undefined)('a district that lost its disk', () => {
  let at: DistrictTrial;
  let versionsBefore: Record<string, number>;

  const config = () => at.trial.file('district.yaml');
  const backup = () => at.trial.file('district.backup');
  const key = () => at.trial.file('backup.key');
  const held = async () => {
    const { gates } = (await (await at.district.operator('/api/gates')).json()) as {
      gates: { status: { documents: Record<string, number> } | null }[];
    };
    return gates[0]?.status?.documents ?? {};
  };
  const revoke = (index: number) =>
    at.district.operator(`/api/residents/${index}/state`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'revoked' }),
    });
  /** @returns what the gate decided */
  const scan = async (codes: readonly string[]) => {
    const from = verdicts(at.trial.rows()).length;
    at.trial.scan(...codes);
    await until(() => verdicts(at.trial.rows()).length >= from + codes.length, 'all are judged', 60_000);
    return verdicts(at.trial.rows())
      .slice(from)
      .map(({ decision }) => decision);
  };

  beforeAll(async () => {
    at = await districtTrial();
    await at.open();
    writeFileSync(key(), 'a passphrase of this test\n');
    const { port } = at.broker;
    at.trial.write(
      'district.yaml',
      [
        `district: ${DISTRICT}`,
        'dataDir: district',
        'communities: [{ id: 7 }]',
        `broker: { type: server, url: "mqtt://127.0.0.1:${port}" }`,
      ].join('\n'),
    );
  }, 180_000);
  afterAll(() => at?.trial.end());

  test('a backup is made while it runs; without the root’s keys, and it overwrites nothing', async () => {
    expect(new Set(await scan(await at.district.codes(20)))).toEqual(new Set(['granted']));
    await until(() => isTold(at), 'the district has every row', 60_000);
    const words = ['district', 'backup', '--config', config(), '--out', backup(), '--key-file', key()];
    expect(await menwei(words)).toMatchObject({ code: 0, error: '' });
    expect(readFileSync(backup()).includes('role-ack')).toBe(false);
    const again = await menwei(words);
    expect(again).toMatchObject({ code: 1 });
    expect(again.error).toContain('is there already');
    expect(readdirSync(at.trial.folder).filter((name) => name.startsWith('.menwei-backup'))).toEqual([]);
  });

  test('more people enter, more is signed; then everything is gone', async () => {
    expect(new Set(await scan(await at.district.codes(20)))).toEqual(new Set(['granted']));
    const [, second = 0] = at.district.indices;
    for (const state of ['suspended', 'valid'])
      await at.district.operator(`/api/residents/${second}/state`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ state }),
      });
    await until(() => isTold(at), 'the district has every row', 60_000);
    await until(async () => ((await held())['residents'] ?? 0) >= 3, 'the gate has the newest list', 60_000);
    versionsBefore = await held();
    await at.district.stop();
    rmSync(at.district.dataDir, { recursive: true });
  });

  test('a wrong key and a damaged file restore nothing', async () => {
    const other = at.trial.write('other.key', 'another passphrase');
    const wrong = await menwei(['district', 'restore', backup(), '--config', config(), '--key-file', other]);
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.error).toContain('the passphrase is not the one');
    const damaged = at.trial.file('damaged.backup');
    const bytes = readFileSync(backup());
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(damaged, bytes);
    const words = ['district', 'restore', damaged, '--config', config(), '--key-file', key()];
    expect((await menwei(words)).error).toContain('damaged');
    expect(existsSync(join(at.district.dataDir, 'district.sqlite'))).toBe(false);
    expect(existsSync(join(at.district.dataDir, 'keys'))).toBe(false);
  });

  test('restored, the gate sends what is missing by itself: every row is there once', async () => {
    const words = ['district', 'restore', backup(), '--config', config(), '--key-file', key()];
    const done = await menwei(words);
    expect(done).toMatchObject({ code: 0, error: '' });
    expect(done.output).toContain('revocations');
    const twice = await menwei(words);
    expect(twice.code).toBe(1);
    expect(twice.error).toContain('nothing is overwritten');
    expect(isTold(at)).toBe(false);
    // The root's own keys were not in the backup: the root is not renewed, and still holds.
    expect(existsSync(join(at.district.dataDir, 'keys', 'root-keys.json'))).toBe(false);
    await at.district.startAgain();
    await until(() => isTold(at), 'every row is there again', 60_000);
  }, 180_000);

  test('A3: versions rise above those that the gate held, and it takes them', async () => {
    const names = ['residents', 'policy', 'keyset', 'operators', 'roster'];
    await until(
      async () => {
        const now = await held();
        return names.every((name) => (now[name] ?? 0) > (versionsBefore[name] ?? 0));
      },
      'the gate holds higher versions',
      60_000,
    );
    expect((await held())['root']).toBe(versionsBefore['root']);
  });

  test('A2: who is revoked now is refused, the others enter, and a command is obeyed', async () => {
    const [first = 0] = at.district.indices;
    const before = (await held())['residents'] ?? 0;
    expect((await revoke(first)).status).toBe(200);
    await until(async () => ((await held())['residents'] ?? 0) > before, 'the gate has the list', 60_000);
    expect(await scan(await at.district.codes(4))).toEqual(['refused', 'granted', 'granted', 'granted']);
    const jti = await at.district.command({ verb: 'open', lane: 'north', reason: 'test' });
    await until(
      () => at.trial.rows().some(({ command }) => command === jti),
      'the command has its row',
      60_000,
    );
    expect(at.trial.rows().find(({ command }) => command === jti)?.refusal).toBeUndefined();
    await until(() => isTold(at), 'the district has every row once', 60_000);
  });
});
