import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../twins/broker.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { SisterCommunity, type SisterGate } from '../twins/sister-gates.ts';

/** N1, N2: a broker that refuses district and gate after a change of its rules; both say why, and nothing is lost. */
describe.skipIf(mosquittoPath === undefined)('a broker that refuses', () => {
  let community: SisterCommunity;
  let gate: SisterGate;

  beforeAll(async () => {
    community = await SisterCommunity.begin(2);
    gate = await community.gate('north-1');
    await gate.start();
  }, 120_000);
  afterAll(() => community?.end());

  test('is told in words at both ends, the desk and the door go on, and every row comes once it is mended', async () => {
    const [first, second] = await community.codes(2);
    expect(await gate.scan(first ?? '')).toMatchObject({ decision: 'granted' });
    await rule('allow_anonymous false');
    const refused =
      /broker connection failed.*lets this user in no more|broker connection failed.*user name and password/;
    await until(
      () => community.log.lines.some((line) => refused.test(line)),
      'the district says why',
      100_000,
    );
    const why =
      /"why":"[^"]*(lets this user in no more|user name and password)[^"]*","msg":"broker connection failed"/;
    await until(() => why.test(gate.log), 'the gate says why', 100_000);
    await expect.poll(() => gate.problems()).toContainEqual(expect.stringContaining('broker: not connected'));
    await expect.poll(health).toEqual({ ok: true, broker: false });
    expect(await gate.scan(second ?? '')).toMatchObject({ decision: 'granted' });
    expect(stored().length).toBeLessThan(gate.head());
    await rule('allow_anonymous true');
    await until(() => stored().join() === written().join(), 'every row is stored once, in order', 150_000);
    // Its other connections come back when their own pause is over.
    await expect.poll(health, { timeout: 150_000 }).toEqual({ ok: true, broker: true });
  }, 600_000);

  /** The broker starts again with other rules. */
  async function rule(line: string): Promise<void> {
    const { broker, folder } = community;
    const file = join(folder, `mosquitto-${broker.port}.conf`);
    await broker.kill();
    writeFileSync(file, readFileSync(file, 'utf8').replace(/allow_anonymous \w+/, line));
    await broker.start();
  }

  async function health(): Promise<unknown> {
    const answer = await (await community.operator())('/api/health');
    return answer.json();
  }

  function stored(): string[] {
    const sql = 'select hash from journal_row where gate = ? order by seq';
    return community.query(sql, gate.id).map(({ hash }) => String(hash));
  }

  function written(): string[] {
    return gate.rows().map(({ hash }) => hash);
  }
});
