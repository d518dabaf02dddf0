import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../../test/twins/broker.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { toHex } from '../../base/index.ts';
import { ed25519Signer } from '../../crypto/index.ts';
import { checkDocument } from '../../wire/index.ts';
import { generatedPerson } from './generated-people.ts';
import { seedDistrict, seededPhoneSecret } from './seed.ts';
import { COMMUNITY, type Desk, openDesk } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'menwei-seed-'));
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

const publicKeyOf = (secret: Uint8Array) => ed25519Signer(secret).publicKey;
const seed = ({ database, registry }: Desk, residents: number, more: { seed?: string; add?: boolean } = {}) =>
  seedDistrict({
    database,
    registry,
    clock: realClock,
    parts: registry.parts(),
    communities: [COMMUNITY, COMMUNITY + 1],
    residents,
    gates: 3,
    seed: 'one',
    add: false,
    today: '2026-11-22',
    publicKeyOf,
    ...more,
  });

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('a test district on %s', (engine, newPlace) => {
  test('is the same for the same seed: people, rooms, indexes and phones', async () => {
    const desks = [
      await openDesk(newPlace(), join(folder, `${engine}-a`)),
      await openDesk(newPlace(), join(folder, `${engine}-b`)),
    ];
    const made = await Promise.all(
      desks.map(async (desk) => {
        expect(await seed(desk, 600)).toMatchObject({ ok: true, value: { residents: 600, gates: 3 } });
        const rosters = [await desk.registry.roster(COMMUNITY), await desk.registry.roster(COMMUNITY + 1)];
        return {
          rosters,
          gates: (await desk.registry.gates()).map(({ id, device_key }) => [id, device_key]),
        };
      }),
    );
    expect(made[0]).toEqual(made[1]);
    const members = made[0]?.rosters.flat() ?? [];
    expect(members).toHaveLength(600);
    const phone = members.find(({ keys }) => keys.length > 0);
    expect(phone?.keys[0]?.public).toBe(toHex(publicKeyOf(seededPhoneSecret('one', phone?.index ?? -1))));
    await Promise.all(desks.map(({ database }) => database.destroy()));
  });

  test('touches no district that has residents, unless it is told to', async () => {
    const desk = await openDesk(newPlace(), join(folder, `${engine}-c`));
    await seed(desk, 10);
    expect(await seed(desk, 10)).toEqual({ ok: false, error: 'has-residents' });
    expect(await seed(desk, 10, { seed: 'two', add: true })).toMatchObject({ ok: true });
    expect(await desk.registry.residents(100)).toHaveLength(20);
    expect(await seed(desk, 65_536 / 2, { add: true })).toEqual({ ok: false, error: 'few-places' });
    await desk.database.destroy();
  });
});

test('generated people are well-formed and nobody twice', () => {
  const numbers = new Set<string>();
  for (let at = 0; at < 200_000; at += 1) {
    const { document } = generatedPerson(at, () => 0);
    numbers.add(document.number);
    if (at % 97 === 0) expect(checkDocument(document, '2026-11-22').ok).toBe(true);
  }
  expect(numbers.size).toBe(200_000);
});
