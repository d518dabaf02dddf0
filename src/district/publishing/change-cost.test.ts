import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { QuietDistrict, type QuietGate, type QuietOptions } from '../../../test/twins/quiet-district.ts';
import { sealRoster } from '../../issue/index.ts';
import { noteNews } from './registry-news.ts';

/** What one change costs: which documents are signed, which rosters are sealed and who is sent them. */
const COMMUNITIES = [1, 2, 3, 4];

let postgres: Postgres;
let running: QuietDistrict | undefined;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.remove());
afterEach(async () => {
  vi.restoreAllMocks();
  await running?.stop();
  running = undefined;
});

const seal = vi.fn(sealRoster);

async function start(options: QuietOptions = {}): Promise<QuietDistrict> {
  running = await QuietDistrict.start({ communities: COMMUNITIES, seal, ...options });
  return running;
}

async function again(district: QuietDistrict, options: QuietOptions = {}): Promise<QuietDistrict> {
  await district.stop({ keep: true });
  const { folder, place, clock } = district;
  return start({ folder, database: place, clock, ...options });
}

/** Two gates in each community, and somebody who lives there. */
async function town(options: QuietOptions = {}) {
  const district = await start(options);
  const gates: QuietGate[] = [];
  for (const id of COMMUNITIES)
    for (const side of ['a', 'b']) gates.push(await district.gate(`gate-${id}-${side}`, id));
  for (const id of COMMUNITIES) await district.resident('1-101', id);
  await district.publisher.publishAll();
  for (const gate of gates) expect(await gate.listen()).toEqual([]);
  return { district, gates };
}

/** What happens while `work` runs. */
async function costOf(district: QuietDistrict, work: () => Promise<unknown>) {
  const { signers } = district.keys.keys;
  const [policies, rosters] = [vi.spyOn(signers.policy, 'sign'), vi.spyOn(signers.roster, 'sign')];
  seal.mockClear();
  const from = district.sent.length;
  await work();
  const sent = district.sent.slice(from).map(({ channel }) => channel);
  const cost = {
    policies: policies.mock.calls.length,
    rosters: rosters.mock.calls.length,
    sealed: seal.mock.calls.length,
    sent: sent.filter((channel) => channel === 'policy' || channel.startsWith('roster/')),
  };
  policies.mockRestore();
  rosters.mockRestore();
  return cost;
}

describe.each(['SQLite', 'PostgreSQL'])('the cost of a change on %s', (server) => {
  const place = () => (server === 'SQLite' ? {} : { database: postgres.newDatabase() });

  test('somebody moves in: one roster is signed, and sealed for the gates of that community alone', async () => {
    const { district, gates } = await town(place());
    expect(await costOf(district, () => district.publisher.registryChanged())).toEqual({
      policies: 0,
      rosters: 0,
      sealed: 0,
      sent: [],
    });
    const resident = { room: '1-102', assurance: 1, needsMoreTime: false, minor: false } as const;
    const added = await district.registry.addResident({ ...resident, community: 3 });
    const change = { what: 'people', communities: [3] } as const;
    expect(await costOf(district, () => district.publisher.registryChanged(change))).toEqual({
      policies: 0,
      rosters: 1,
      sealed: 2,
      sent: ['roster/gate-3-a', 'roster/gate-3-b'],
    });
    for (const gate of gates) expect(await gate.listen()).toEqual([]);
    expect(gates.map((gate) => gate.trust.snapshot().roster.get(added?.index ?? -1) !== undefined)).toEqual(
      gates.map(({ name }) => name.startsWith('gate-3-')),
    );
  });

  test('a new gate: its community’s policy, and one roster for the new gate', async () => {
    const { district } = await town(place());
    expect(await costOf(district, () => district.gate('gate-2-c', 2))).toEqual({
      policies: 1,
      rosters: 0,
      sealed: 1,
      sent: ['policy', 'roster/gate-2-c'],
    });
  });

  test('a start when nothing has changed signs and seals nothing; everything is there for an empty broker', async () => {
    const { district, gates } = await town(place());
    const versions = async (of: QuietDistrict) => (await of.publisher.spans()).map(({ hash }) => hash).sort();
    const before = await versions(district);
    seal.mockClear();
    const next = await again(district);
    expect(seal).not.toHaveBeenCalled();
    expect(await versions(next)).toEqual(before);
    expect(await costOf(next, () => next.publisher.publishAll())).toEqual({
      policies: 0,
      rosters: 0,
      sealed: 0,
      sent: ['policy', ...gates.map(({ name }) => `roster/${name}`)],
    });
  });

  test('a storm of changes: every gate holds the newest roster at its end', async () => {
    const { district, gates } = await town(place());
    const resident = { assurance: 1, needsMoreTime: false, minor: false } as const;
    const added: { index: number; community: number }[] = [];
    const cost = await costOf(district, async () => {
      await Promise.all(
        Array.from({ length: 40 }, async (_, at) => {
          const community = (at % 2) + 1;
          const one = await district.registry.addResident({ ...resident, community, room: `2-${at}` });
          if (one !== undefined) added.push(one);
          await district.publisher.registryChanged({ what: 'people', communities: [community] });
        }),
      );
    });
    expect(cost.rosters).toBeLessThan(40);
    expect(added).toHaveLength(40);
    for (const gate of gates) {
      expect(await gate.listen()).toEqual([]);
      const { roster } = gate.trust.snapshot();
      const lives = added.filter(({ community }) => gate.name.startsWith(`gate-${community}-`));
      expect(lives.filter(({ index }) => roster.get(index) === undefined)).toEqual([]);
    }
  });

  test('a roster that the broker did not take goes out with the next change', async () => {
    const refused = new Set<string>();
    const { district } = await town({ ...place(), takesRoster: (gate) => !refused.has(gate) });
    refused.add('gate-1-a');
    expect((await costOf(district, () => district.resident('3-1', 1))).sent).toEqual(['roster/gate-1-b']);
    refused.clear();
    const change = { what: 'people', communities: [1] } as const;
    expect((await costOf(district, () => district.publisher.registryChanged(change))).sent).toEqual([
      'roster/gate-1-a',
    ]);
  });

  test('a gate that was ended and comes again is sent its roster, and nothing is kept for it meanwhile', async () => {
    const { district } = await town(place());
    const gate = await district.registry.gate('gate-4-a');
    const set = (key: string | null) =>
      district.database
        .updateTable('gate')
        .set({ seal_key: key, confirmed: key === null ? 0 : 1 })
        .where('id', '=', 'gate-4-a')
        .execute();
    const change = { what: 'gates', communities: [4] } as const;
    await set(null);
    expect((await costOf(district, () => district.publisher.registryChanged(change))).sent).toEqual([
      'policy',
    ]);
    const kept = await district.database.selectFrom('sealed_roster').select('gate').execute();
    expect(kept.map(({ gate: id }) => id)).not.toContain('gate-4-a');
    await set(gate?.seal_key ?? null);
    expect((await costOf(district, () => district.publisher.registryChanged(change))).sent).toEqual([
      'policy',
      'roster/gate-4-a',
    ]);
  });

  test('what a command beside the district entered is in the rosters at the next look, and is looked at once', async () => {
    const { district } = await town(place());
    await district.publisher.takeNews();
    const resident = { room: '9-1', assurance: 1, needsMoreTime: false, minor: false } as const;
    await district.registry.addResident({ ...resident, community: 2 });
    await noteNews(district.database, [2, 77]);
    expect((await costOf(district, () => district.publisher.takeNews())).sent).toEqual([
      'roster/gate-2-a',
      'roster/gate-2-b',
    ]);
    const reads = vi.spyOn(district.registry, 'roster');
    await district.publisher.takeNews();
    expect(reads).not.toHaveBeenCalled();
  });

  test('documents of a database of before keep their versions, and their digests are there from then on', async () => {
    const { district } = await town(place());
    const versions = async (of: QuietDistrict) =>
      (await of.publisher.spans())
        .filter(({ name }) => /^(policy|roster)\//.test(name))
        .map(({ name, version }) => `${name} ${version}`)
        .sort();
    const before = await versions(district);
    await district.database.updateTable('document').set({ content: null }).execute();
    await district.publisher.refresh();
    expect(await versions(district)).toEqual(before);
    const { policies, rosters } = await costOf(district, () => district.publisher.refresh());
    expect([policies, rosters]).toEqual([0, 0]);
  });
});
