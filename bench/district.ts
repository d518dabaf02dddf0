import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../device/clock/index.ts';
import { toHex } from '../src/base/index.ts';
import { signedMessage } from '../src/code/index.ts';
import { ed25519Signer, toPrivateJwk } from '../src/crypto/index.ts';
import {
  type Database,
  Issuing,
  type Keys,
  openDatabase,
  openKeys,
  Publisher,
  Registry,
} from '../src/district/testing.ts';
import { statusListHash } from '../src/issue/index.ts';
import type { Log } from '../src/ports/index.ts';
import type { Bench } from './lib/bench.ts';
import { COMMUNITY, DISTRICT, issuerPair, RESIDENTS, residentsList, REVOKED_SHARE } from './lib/district.ts';
import { atLeast, atMost, plain, type Report, time } from './lib/report.ts';
import { type Comparison, compare, comparisonOf, measure, quantile } from './lib/rounds.ts';
import { seeded } from './lib/seeded.ts';

/** The district's desk over SQLite: codes of each kind a second, and one revocation out of a big city's list. */

const BARE_SIGN = 'bare node:crypto signature';
const BARE_REVOKE = 'bare SHA-256 of the list and one signature';
const REVOKE = 'revoke, from the call to published';
const KINDS = ['kind 1: issuer token', 'kind 2: credential', 'kind 5: printed card'] as const;
const PASS = 'kind 4: visitor pass';
const DESK_RESIDENTS = 2_000;
const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Bed {
  readonly database: Database;
  readonly keys: Keys;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly issuing: Issuing;
  readonly residents: readonly number[];
  /** Public key of each one's phone, hex. */
  readonly phones: readonly string[];
  readonly published: () => number;
}

export const benchDistrict: Bench = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-bench-'));
  try {
    const bed = await openBed(folder);
    const codes = await measureCodes(bed, quick);
    const passes = await measurePasses(bed, quick);
    const revokes = await measureRevokes(bed, quick);
    await bed.publisher.stop();
    await bed.database.destroy();
    return report({ codes, passes, revokes });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function openBed(folder: string): Promise<Bed> {
  const random = seeded(31);
  const clock = systemClock();
  const database = await openDatabase(join(folder, 'district.sqlite'));
  const base = { district: DISTRICT, timeZone: 'Asia/Shanghai', clock, random, log: SILENT };
  const registry = new Registry({ ...base, database, places: RESIDENTS });
  const crypto = { signer: ed25519Signer, verifySignature: () => true };
  const keys = await openKeys({ ...base, database, registry, crypto, folder: join(folder, 'keys') });
  let published = 0;
  const publisher = new Publisher({
    ...base,
    ...keys,
    database,
    registry,
    communities: [{ id: COMMUNITY }],
    publish: async () => {
      published += 1;
    },
    publishRoster: async () => undefined,
  });
  const residents = await fill(database, random);
  const phones = residents.map((index) => toHex(random.bytes(28)) + index.toString(16).padStart(8, '0'));
  await insertPhones(database, residents, phones);
  await publisher.refresh();
  const issuing = new Issuing({ ...base, ...keys, database, registry, crypto });
  return { database, keys, registry, publisher, issuing, residents, phones, published: () => published };
}

/** Some who are asked for codes, in households of four, and everybody of a big city who is revoked. */
async function fill(database: Database, random: ReturnType<typeof seeded>): Promise<number[]> {
  const revoked = new Set<number>();
  const list = residentsList();
  for (let byte = 0; byte < list.length; byte += 1)
    for (let two = 0; two < 4; two += 1)
      if ((((list[byte] ?? 0) >> (two * 2)) & 3) === 1) revoked.add(byte * 4 + two);
  const places = new Set<number>();
  while (places.size < DESK_RESIDENTS) {
    const place = random.below(RESIDENTS);
    if (!revoked.has(place)) places.add(place);
  }
  const all = [
    ...[...places].map((place) => ({ place, state: 0 })),
    ...[...revoked].map((place) => ({ place, state: 1 })),
  ];
  const households = Array.from({ length: Math.ceil(all.length / 4) }, (_, at) => ({
    id: at + 1,
    // The revoked ones live elsewhere: this community's roster is that of a community.
    community: at * 4 < DESK_RESIDENTS ? COMMUNITY : COMMUNITY + 1,
    room: `${at}`,
  }));
  const rows = all.map(({ place, state }, at) => ({
    place,
    state,
    household: Math.floor(at / 4) + 1,
    member: at % 4,
  }));
  await database.transaction().execute(async (transaction) => {
    for (let at = 0; at < households.length; at += 1_000)
      await transaction
        .insertInto('household')
        .values(households.slice(at, at + 1_000))
        .execute();
    const plain = { display: null, last_day: null, needs_more_time: 0, minor: 0, assurance: 1 };
    for (let at = 0; at < rows.length; at += 1_000) {
      const values = rows.slice(at, at + 1_000).map((row) => ({ ...plain, ...row }));
      await transaction.insertInto('resident').values(values).execute();
    }
  });
  return [...places];
}

async function insertPhones(
  database: Database,
  residents: readonly number[],
  phones: readonly string[],
): Promise<void> {
  const values = residents.map((place, at) => ({
    place,
    slot: 0,
    public_key: phones[at] ?? '',
    registered_at: 0,
  }));
  for (let at = 0; at < values.length; at += 500)
    await database
      .insertInto('holder_key')
      .values(values.slice(at, at + 500))
      .execute();
}

async function measureCodes({ issuing, residents, phones }: Bed, quick: boolean): Promise<Comparison[]> {
  const bare = bareSigner();
  const of = (call: number) => residents[call % residents.length] ?? -1;
  const good = (made: { readonly ok: boolean }) => {
    if (!made.ok) throw new Error('the desk refused');
  };
  const calls = 200;
  const contestants = [
    { name: BARE_SIGN, calls, run: bare },
    {
      name: KINDS[0],
      calls,
      async: true as const,
      run: async (call: number) => good(await issuing.token(of(call), 10)),
    },
    {
      name: KINDS[1],
      calls,
      async: true as const,
      run: async (call: number) =>
        good(await issuing.credential(of(call), { publicKey: phones[call % phones.length] ?? '', days: 30 })),
    },
    {
      name: KINDS[2],
      calls,
      async: true as const,
      run: async (call: number) => good(await issuing.card(of(call), 28)),
    },
  ];
  const samples = await measure(contestants, { rounds: quick ? 15 : 60, warmUp: 5, meter: 'cpu' });
  return compare(samples, BARE_SIGN);
}

/** Each is on the disk before it is handed out. As many at once as a busy desk has. */
async function measurePasses({ issuing, residents }: Bed, quick: boolean): Promise<Comparison> {
  const bare = bareSigner();
  const atOnce = 64;
  const pass = async (call: number) => {
    const host = residents[call % residents.length] ?? -1;
    const made = await issuing.pass(host, { community: COMMUNITY, minutes: 240, uses: 1 });
    if (!made.ok) throw new Error('the desk refused');
  };
  const contestants = [
    { name: BARE_SIGN, calls: atOnce, run: bare },
    {
      name: PASS,
      calls: 1,
      async: true as const,
      run: (call: number) => Promise.all(Array.from({ length: atOnce }, (_, at) => pass(call * atOnce + at))),
    },
  ];
  const samples = await measure(contestants, { rounds: quick ? 8 : 30, warmUp: 2, meter: 'cpu' });
  const { medianUs, ratio, spread } = comparisonOf(compare(samples, BARE_SIGN), PASS);
  return {
    name: PASS,
    medianUs: medianUs / atOnce,
    ratio: ratio / atOnce,
    spread: [spread[0] / atOnce, spread[1] / atOnce],
  };
}

async function measureRevokes(bed: Bed, quick: boolean): Promise<{ compared: Comparison[]; wallUs: number }> {
  const walls: number[] = [];
  const { registry, publisher, residents, published } = bed;
  const bare = bareSigner();
  const bytes = residentsList();
  const contestants = [
    {
      name: BARE_REVOKE,
      calls: 1,
      run: (call: number) => {
        bare(call);
        return statusListHash(bytes);
      },
    },
    {
      name: REVOKE,
      calls: 1,
      async: true as const,
      run: async (call: number) => {
        const [before, started] = [published(), performance.now()];
        const index = residents[call % residents.length] ?? -1;
        await registry.setState(index, 'revoked');
        await publisher.statusChanged('residents', [index]);
        if (published() < before + 2) throw new Error('nothing was published');
        walls.push((performance.now() - started) * 1_000);
      },
    },
  ];
  const samples = await measure(contestants, { rounds: quick ? 30 : 120, warmUp: 5, meter: 'cpu' });
  return { compared: compare(samples, BARE_REVOKE), wallUs: quantile(walls, 0.5) };
}

function bareSigner(): (call: number) => void {
  const key = createPrivateKey({ key: { ...toPrivateJwk(issuerPair) }, format: 'jwk' });
  const random = seeded(9);
  const messages = Array.from({ length: 256 }, () => signedMessage('issuer', DISTRICT, random.bytes(11)));
  return (call) => {
    const message = messages[call & 255];
    if (message === undefined || sign(null, message, key).length !== 64)
      throw new Error('the anchor did not sign');
  };
}

function report(of: {
  codes: Comparison[];
  passes: Comparison;
  revokes: { compared: Comparison[]; wallUs: number };
}): Report {
  const { codes, passes, revokes } = of;
  const issued = [...codes, passes];
  const perSecond = ({ medianUs }: Comparison) => 1e6 / medianUs;
  const revoke = comparisonOf(revokes.compared, REVOKE);
  const row = ({ name, ratio, spread, medianUs }: Comparison, rate: string) => [
    name,
    `${plain(ratio)} ×`,
    `${plain(spread[0])}–${plain(spread[1])}`,
    time(medianUs),
    rate,
  ];
  const kinds = issued.filter(({ name }) => name !== BARE_SIGN);
  return {
    name: 'district',
    title: 'District: codes a second, and one revocation',
    about: `The issuing desk with its registry on SQLite, one core, the resident looked up for every code; a status list of ${RESIDENTS.toLocaleString('en-GB')} places, ${REVOKED_SHARE * 100} % revoked. All in process CPU time, that of the disk's commits included.`,
    table: {
      head: ['', 'by its bare', 'middle half of the rounds', 'median here', 'a second'],
      rows: [
        ...issued.map((each) => row(each, Math.round(perSecond(each)).toLocaleString('en-GB'))),
        ...revokes.compared.map((each) => row(each, '')),
      ],
    },
    goals: [
      ...kinds.map((each) => atLeast(`${each.name}, codes a second`, [5_000, ''], perSecond(each))),
      atMost('revoke to published, by a bare hash and signature', 3, revoke.ratio),
    ],
    notes: [
      'Kind 4 is on the disk before it is handed out; 64 are asked for at once, as at a busy desk, and share a commit.',
      `From the call to published a revocation took ${time(revokes.wallUs)} of wall time (median) at the load named below, disk and all.`,
      'The revocation is two commits on the disk, one pass of SHA-256 over the whole list, one signature of the delta and one of the time.',
    ],
    plot: {
      unit: 'thousand codes a second',
      bars: kinds.map((each) => ({ label: each.name, value: perSecond(each) / 1_000, goal: 5 })),
    },
    packages: ['kysely', 'jose'],
  };
}
