import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromHex } from '../../src/base/index.ts';
import { documentSigner, signCommand } from '../../src/issue/index.ts';
import { until } from '../twins/broker.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { nowSeconds } from '../twins/paper-community.ts';
import { DISTRICT } from '../twins/real-district.ts';
import { signedIn } from '../twins/signed-in.ts';
import { type DistrictTrial, districtTrial } from './district-trial.ts';
import { GATE, LANE } from './trial.ts';

/** A4: who had a door opened stands in the gate's own row, under a key that is theirs alone and ends with their right. */

interface Listed {
  readonly gate: string;
  readonly status: { readonly session: string; readonly documents: Readonly<Record<string, number>> } | null;
}

describe.skipIf(mosquittoPath === undefined)('orders by name', () => {
  let at: DistrictTrial;
  beforeAll(async () => {
    at = await districtTrial();
    await at.open();
  }, 90_000);
  afterAll(() => at?.trial.end(), 30_000);

  const manual = () => at.trial.rows().filter(({ decision }) => decision === 'manual');
  const rejections = () =>
    at.trial.rows().filter(({ reason }) => reason?.startsWith('command-rejected:') === true);
  async function listed(): Promise<Listed | undefined> {
    const { gates } = (await (await at.district.operator('/api/gates')).json()) as { gates: Listed[] };
    return gates.find(({ gate }) => gate === GATE);
  }

  /** As a thief of that file would do it, with the right session and a counter far ahead. */
  async function sendWith(
    secret: string,
    { actor, counter, ...more }: { actor: string; counter: number; verb?: 'update'; release?: number },
  ) {
    const iat = nowSeconds();
    const command = await signCommand(await documentSigner(fromHex(secret) ?? new Uint8Array(32)), {
      iss: DISTRICT,
      aud: GATE,
      nonce: (await listed())?.status?.session ?? '',
      verb: 'open',
      lane: LANE,
      jti: `stolen-${counter}`,
      counter,
      iat,
      exp: iat + 20,
      actor,
      reason: 'stolen key',
      ...more,
    });
    const client = await connectAsync(`mqtt://127.0.0.1:${at.broker.port}`);
    await client.publishAsync(`menwei/1/${DISTRICT}/gates/${GATE}/commands`, command, { qos: 1 });
    await client.endAsync();
  }

  test('two operators: each row names its own; a key of one signs for no other; a barred one’s opens nothing', async () => {
    const { desk } = at.district.centre;
    const order = async (name: 'ming' | 'hong') => {
      const person = await signedIn(at.district.centre, ['operator'], name);
      const answer = await person(`/api/gates/${GATE}/commands`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ verb: 'open', lane: LANE, reason: `for ${name}` }),
      });
      expect([answer.status, await answer.clone().text()]).toEqual([202, expect.any(String)]);
    };
    await order('ming');
    await order('hong');
    await until(() => manual().length === 2, 'a row for each', 60_000);
    expect(manual().map(({ actor, reason }) => [actor, reason])).toEqual([
      ['ming', 'for ming'],
      ['hong', 'for hong'],
    ]);
    const stored = async () => {
      const answer = await at.district.operator('/api/entries');
      const { entries } = (await answer.json()) as { entries: { decision: string; actor?: string }[] };
      return entries.filter(({ decision }) => decision === 'manual').map(({ actor }) => actor);
    };
    await until(async () => (await stored()).length === 2, 'both at the district', 60_000);
    expect(new Set(await stored())).toEqual(new Set(['hong', 'ming']));
    expect(rejections()).toEqual([]);

    const secret = await secretOf(at.district.dataDir, 'ming');
    await sendWith(secret, { actor: 'hong', counter: 4e9 });
    await until(() => rejections().length === 1, 'another’s name is refused', 60_000);
    expect(rejections()[0]?.reason).toBe('command-rejected:actor');

    const before = (await listed())?.status?.documents['operators'] ?? 0;
    const opened = at.trial.relay.openings().length;
    expect(await desk.accounts.disable('ming', 'machine')).toMatchObject({ ok: true });
    await expect(secretOf(at.district.dataDir, 'ming')).rejects.toThrow();
    await until(
      async () => ((await listed())?.status?.documents['operators'] ?? 0) > before,
      'the gate has heard of it',
      60_000,
    );
    await sendWith(secret, { actor: 'ming', counter: 4e9 + 1 });
    await until(() => rejections().length === 2, 'the barred one’s key is refused', 60_000);
    expect(rejections()[1]?.reason).toBe('command-rejected:signature');
    expect(at.trial.relay.openings()).toHaveLength(opened);
    expect(manual()).toHaveLength(2);
  }, 240_000);

  test('an update that this machine’s configuration does not allow is refused in words, which the district has too', async () => {
    const before = rejections().length;
    const secret = await secretOf(at.district.dataDir, 'hong');
    await sendWith(secret, { actor: 'hong', counter: 4e9, verb: 'update', release: 7 });
    const refused = 'update-outcome:7:refused:not-configured';
    const here = () => at.trial.rows().some(({ reason }) => reason === refused);
    await until(here, 'a row at the gate', 60_000);
    const there = async () =>
      (await (await at.district.operator('/api/entries/search?decision=system')).text()).includes(refused);
    await until(there, 'a row at the district', 60_000);
    expect(rejections()).toHaveLength(before);
    expect((await listed())?.status?.documents).not.toHaveProperty('release');
  }, 180_000);
});

/** As it lies in the keys folder: the operators' list names the file. */
async function secretOf(dataDir: string, actor: string): Promise<string> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(dataDir, 'district.sqlite'), { readOnly: true });
  const row = database.prepare('select kid from operator_key where actor = ?').get(actor);
  database.close();
  const file = join(dataDir, 'keys', `operator-${String(row?.['kid'])}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { secret: string }).secret;
}
