import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { QuietDistrict, type QuietGate, type QuietOptions } from '../../../test/twins/quiet-district.ts';
import { communityRules } from '../../wire/index.ts';
import { setRules } from './community-rules.ts';
import { Warnings } from './warnings.ts';

const DAY_MS = 86_400_000;

let postgres: Postgres;
let newPlace: (() => string) | undefined;
let running: QuietDistrict | undefined;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.remove());
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(options: QuietOptions = {}): Promise<[QuietDistrict, QuietGate]> {
  running = await QuietDistrict.start({
    ...(newPlace === undefined ? {} : { database: newPlace() }),
    ...options,
  });
  const gate = await running.gate('north-1');
  await running.publisher.publishAll();
  expect(await gate.listen()).toEqual([]);
  return [running, gate];
}

function warningsOf(district: QuietDistrict): Warnings {
  const { publisher, keys, clock, log } = district;
  return new Warnings({ ...keys, publisher, clock, log });
}

describe.each(['SQLite', 'PostgreSQL'])('documents on %s', (server) => {
  beforeAll(() => {
    newPlace = server === 'SQLite' ? undefined : () => postgres.newDatabase();
  });

  test('the time that all hear names what is the district’s; an answer names the gate’s own community besides', async () => {
    const [district, gate] = await start({ communities: [7, 8] });
    await district.gate('south-1', 8);
    await district.publisher.publishAll();
    const namesIn = (token: string): string[] => {
      const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
      const { documents } = JSON.parse(text) as { documents: Record<string, unknown> };
      return Object.keys(documents).sort();
    };
    const ofDistrict = ['keyset', 'operators', 'residents', 'root', 'visitors'];
    const heard = district.sent.findLast(({ channel }) => channel === 'time')?.payload ?? '';
    const answer = await district.publisher.timeFor('north-1', '0'.repeat(32));
    const shared = namesIn(heard);
    expect(ofDistrict).toEqual(expect.arrayContaining(shared));
    expect(shared).toEqual(expect.arrayContaining(['keyset', 'residents']));
    expect(namesIn(answer)).toEqual([...shared, 'policy/7', 'roster/7'].sort());
    expect((await gate.trust.accept(answer, gate.now)).ok).toBe(true);
  });

  test('rules of a community that are set while it runs are out in the next policy, and outlive a start', async () => {
    const [district, gate] = await start();
    const rules = communityRules.parse({ skewSeconds: 5, lane: { lockdown: true } });
    await setRules(district, 7, rules);
    await district.publisher.registryChanged();
    expect(await gate.listen()).toEqual([]);
    expect(gate.trust.snapshot().policy).toMatchObject({ skewSeconds: 5, lane: { lockdown: true } });
    const before = gate.trust.snapshot().versions.get('policy')?.version;
    await district.stop({ keep: true });
    const { folder, place, clock } = district;
    running = await QuietDistrict.start({ folder, database: place, clock });
    const policy = (await running.publisher.spans()).find(({ name }) => name === 'policy/7');
    expect(policy?.version).toBe(before);
  });

  test('a lost phone: a new index, and codes, cards and credentials of the old one are refused at the gate', async () => {
    const [district, gate] = await start();
    const index = await district.resident();
    const [token, card] = [await district.issuing.token(index, 10), await district.issuing.card(index, 28)];
    await gate.listen();
    const codes = [token, card].map((issued) => (issued.ok ? issued.value.code : ''));
    expect(codes.map((code) => gate.check(code))).toEqual(['granted', 'granted']);
    const replaced = await district.registry.replaceIndex(index);
    if (!replaced.ok) throw new Error(replaced.error);
    await district.publisher.statusChanged('residents', [replaced.value.revoked, replaced.value.index]);
    await district.publisher.registryChanged();
    expect(await gate.listen()).toEqual([]);
    expect(codes.map((code) => gate.check(code))).toEqual(['revoked', 'revoked']);
    expect(await district.issuing.token(index, 10)).toEqual({ ok: false, error: 'not-in-good-standing' });
    const next = await district.issuing.token(replaced.value.index, 10);
    expect(next.ok && gate.check(next.value.code)).toBe('granted');
    expect(gate.trust.snapshot().roster.get(index)).toBeUndefined();
    expect(gate.trust.snapshot().roster.get(replaced.value.index)).toBeDefined();
  });

  test('changes that come while one is signed go out together; the first at once, none is lost', async () => {
    const [district, gate] = await start();
    const all: number[] = [];
    for (let at = 0; at < 12; at += 1) all.push(await district.resident(`1-${at}`));
    await gate.listen();
    const before = gate.trust.snapshot().versions.get('residents')?.version ?? 0;
    const from = district.sent.length;
    await Promise.all(
      all.map(async (index) => {
        await district.registry.setState(index, 'revoked');
        await district.publisher.statusChanged('residents', [index]);
      }),
    );
    const deltas = district.sent.slice(from).filter(({ channel }) => channel === 'status-delta');
    expect(deltas.length).toBeLessThan(all.length);
    expect(await gate.listen()).toEqual([]);
    expect(all.map((index) => gate.trust.snapshot().residents.at(index))).toEqual(all.map(() => 1));
    const newest = (await district.publisher.spans()).find(({ name }) => name === 'residents-delta');
    expect(newest?.version).toBe(before + deltas.length);
  });

  test('a state that changed while the district was off is published at its start', async () => {
    const [district, gate] = await start();
    const index = await district.resident();
    await district.registry.setState(index, 'suspended');
    await district.stop({ keep: true });
    const { folder, place, clock } = district;
    clock.step(1_000);
    running = await QuietDistrict.start({ folder, database: place, clock });
    await running.publisher.publishAll();
    const bundle = JSON.stringify(await running.publisher.bundle());
    expect((await gate.trust.importBundle(bundle, gate.now)).refused).toEqual([]);
    expect(gate.trust.snapshot().residents.at(index)).toBe(2);
  });

  test('two processes at one database: versions never contradict each other', async () => {
    const [district, gate] = await start();
    const index = await district.resident();
    const { folder, place, clock } = district;
    const other = await QuietDistrict.start({ folder, database: place, clock });
    for (const [turn, state] of (['revoked', 'valid', 'suspended', 'valid', 'revoked'] as const).entries()) {
      const by = turn % 2 === 0 ? other : district;
      await by.registry.setState(index, state);
      await by.publisher.statusChanged('residents', [index]);
      const [delta] = by.sent.filter(({ channel }) => channel === 'status-delta').slice(-1);
      expect((await gate.trust.accept(delta?.payload ?? '', gate.now)).ok).toBe(true);
    }
    expect(gate.trust.snapshot().residents.at(index)).toBe(1);
    await other.stop({ keep: true });
  });
});

describe('what ends soon', () => {
  beforeAll(() => {
    newPlace = undefined;
  });

  test('a new district has one thing to say: its root keys lie on its machine', async () => {
    const [district] = await start();
    const warnings = await warningsOf(district).list();
    expect(warnings.map(({ name }) => name)).toEqual(['root-keys-here']);
    expect(warnings[0]?.zh).toMatch(/请运行/);
  });

  test('the root, once its keys are away, at 30, 7 and 1 days and after its end; by name, step and remedy', async () => {
    const [district] = await start();
    await district.keys.keys.removeRootKeys();
    const seen: unknown[] = [];
    for (const [days, left] of [
      [330, 35],
      [8, 27],
      [21, 6],
      [5, 1],
      [2, -1],
    ] as const) {
      district.clock.step(days * DAY_MS);
      await district.publisher.refresh();
      const root = (await warningsOf(district).list()).find(({ name }) => name === 'root');
      seen.push([left, root?.step, root?.unit, root?.en.split('.')[0]]);
    }
    expect(seen).toEqual([
      [35, undefined, undefined, undefined],
      [27, 30, 'days', 'The root expires in 27 days'],
      [6, 7, 'days', 'The root expires in 6 days'],
      [1, 1, 'days', 'The root expires in 1 day'],
      [-1, 1, 'days', 'The root has expired'],
    ]);
  });

  test('short-lived documents in hours, when nobody renews them; an issuer key in days', async () => {
    const [district] = await start();
    district.clock.step(70.5 * 3_600_000);
    const warnings = await warningsOf(district).list();
    expect(
      warnings.filter(({ unit }) => unit === 'hours').map(({ name, step }) => `${name} ${step}`),
    ).toEqual(['residents 7', 'visitors 7']);
    district.clock.step(85 * DAY_MS);
    const later = (await warningsOf(district).list()).map(({ name }) => name);
    for (const name of ['keyset', 'policy/7', 'roster/7', 'operators']) expect(later).toContain(name);
    const said = (await warningsOf(district).list()).map(({ zh, en }) => `${zh} ${en}`).join('\n');
    for (const words of ['签发密钥集', 'The key set', '名册 7 ', 'The roster 7'])
      expect(said).toContain(words);
    await district.publisher.refresh();
    expect((await warningsOf(district).list()).map(({ name }) => name)).toEqual(['root-keys-here']);
    district.clock.step(70 * DAY_MS);
    expect((await warningsOf(district).list()).map(({ name }) => name)).toContain('issuer district kid 1');
  });

  test('certificates that are named to it are warned of too', async () => {
    const [district] = await start();
    const now = Math.floor(district.clock.wall() / 1_000);
    const { publisher, keys, clock, log } = district;
    const others = async () => [
      { name: 'certificate http.tls', from: now - 86_400 * 360, until: now + 86_400 * 5 },
    ];
    const warnings = await new Warnings({ ...keys, publisher, clock, log, others }).list();
    expect(warnings).toContainEqual(
      expect.objectContaining({ name: 'certificate http.tls', step: 7, unit: 'days' }),
    );
  });

  test('each is said once a day in the log, and again when it has come a step nearer', async () => {
    const [district] = await start();
    const warnings = warningsOf(district);
    const said = () => JSON.stringify(district.log).split('root-keys-here').length - 1;
    const before = said();
    for (let hour = 0; hour < 49; hour += 1) {
      await warnings.lookOver();
      district.clock.step(3_600_000);
    }
    expect(said() - before).toBe(3);
  });

  test('a district that was off for weeks starts, renews what it has keys for, and a gate believes it all', async () => {
    const [district, gate] = await start();
    await district.stop({ keep: true });
    const { folder, place, clock } = district;
    clock.step(60 * DAY_MS);
    running = await QuietDistrict.start({ folder, database: place, clock });
    const bundle = JSON.stringify(
      await running.publisher.bundle((await running.registry.gate('north-1')) ?? undefined),
    );
    expect((await gate.trust.importBundle(bundle, gate.now)).refused).toEqual([]);
    const over = (await running.publisher.spans()).filter(
      (span) => span.expires_at_seconds <= clock.wall() / 1_000,
    );
    expect(over.map(({ name }) => name)).toEqual([]);
  });
});
