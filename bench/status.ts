import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { setStatus, statusAt, statusDeltaPayload } from '../src/wire/index.ts';
import { signStatusDelta, statusChanges, statusListHash } from '../src/issue/index.ts';
import type { Bench } from './lib/bench.ts';
import { bareSignatures } from './lib/bare.ts';
import { DISTRICT, NOW_SECONDS, RESIDENTS, residentsList } from './lib/district.ts';
import { benchSigner, documentsOf } from './lib/documents.ts';
import { atMost, type Goal, plain, type Report, time } from './lib/report.ts';
import { type Comparison, compare, comparisonOf, measure } from './lib/rounds.ts';
import { seeded } from './lib/seeded.ts';
import { trustOf } from './lib/trust.ts';

/** The status list of a big city in a gate: how large it is held and sent, and what one look-up costs. */

const BARE = 'bare node:crypto verify, cached key';
const LIST = 'look-up in the list, random place';
const SET = 'look-up in a JS Set (a tenth of the residents)';
const LOOKUPS = 2_000;
/** A Set of all residents is not built: its size is linear in its members above a few thousand. */
const SET_SHARE = 0.1;
const CHANGES = 200;

export const benchStatus: Bench = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-bench-'));
  try {
    const list = residentsList();
    const documents = await documentsOf(list, NOW_SECONDS);
    const before = heldBytes();
    const keeper = await trustOf(join(folder, 'trust'), documents, NOW_SECONDS);
    const listBytes = heldBytes().buffers - before.buffers;
    const set = residentsSet();
    const comparisons = await lookups((place) => keeper.snapshot().residents.at(place), set.members, quick);
    return report({
      comparisons,
      listBytes,
      setBytes: set.bytes / SET_SHARE,
      entropyBytes: entropyBytes(list),
      zlibBytes: deflateSync(list, { level: 9 }).length,
      textBytes: documents.residents.length,
      ...(await deltaBytes(list)),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Sizes {
  readonly comparisons: readonly Comparison[];
  readonly listBytes: number;
  readonly setBytes: number;
  readonly entropyBytes: number;
  readonly zlibBytes: number;
  readonly textBytes: number;
  readonly deltaBytes: number;
  readonly signedDeltaBytes: number;
}

async function lookups(
  at: (place: number) => number,
  set: ReadonlySet<number>,
  quick: boolean,
): Promise<Comparison[]> {
  const random = seeded(77);
  const places = Uint32Array.from({ length: 65_536 }, () => random.below(RESIDENTS));
  const signed = bareSignatures();
  let seen = 0;
  const contestants = [
    { name: BARE, calls: 8, run: (call: number) => signed.check(call) },
    {
      name: LIST,
      calls: LOOKUPS,
      run: (call: number) => {
        seen += at(places[call & 65_535] ?? 0);
      },
    },
    {
      name: SET,
      calls: LOOKUPS,
      run: (call: number) => {
        seen += set.has(places[call & 65_535] ?? 0) ? 1 : 0;
      },
    },
  ];
  const samples = await measure(contestants, { rounds: quick ? 100 : 1_000, warmUp: 50, meter: 'cpu' });
  if (seen === 0) throw new Error('no look-up found anything');
  return compare(samples, BARE);
}

function residentsSet(): { members: ReadonlySet<number>; bytes: number } {
  const before = heldBytes();
  const members = new Set<number>();
  for (let index = 0; index < RESIDENTS * SET_SHARE; index += 1) members.add(Math.floor(index / SET_SHARE));
  return { members, bytes: heldBytes().heap - before.heap };
}

/** Least bytes that any code for "which of so many are revoked" needs, when none is likelier than another. */
function entropyBytes(list: Uint8Array): number {
  let revoked = 0;
  for (let place = 0; place < RESIDENTS; place += 1) revoked += statusAt(list, place) === 0 ? 0 : 1;
  const share = revoked / RESIDENTS;
  const bits = -share * Math.log2(share) - (1 - share) * Math.log2(1 - share);
  return (RESIDENTS * bits) / 8;
}

/** A day's changes in a big city, as the signed delta carries them. */
async function deltaBytes(list: Uint8Array): Promise<Pick<Sizes, 'deltaBytes' | 'signedDeltaBytes'>> {
  const random = seeded(4_242);
  const changed = list.slice();
  const places = new Set<number>();
  while (places.size < CHANGES) places.add(random.below(RESIDENTS));
  for (const place of places) setStatus(changed, place, 1);
  const payload = statusDeltaPayload.parse({
    iss: DISTRICT,
    sub: 'residents',
    base: 1,
    version: 2,
    iat: NOW_SECONDS,
    length: RESIDENTS,
    changes: statusChanges(changed, places),
    hash: statusListHash(changed),
  });
  const signed = await signStatusDelta(await benchSigner(), payload);
  return { deltaBytes: JSON.stringify(payload).length, signedDeltaBytes: signed.length };
}

function heldBytes(): { heap: number; buffers: number } {
  if (globalThis.gc === undefined) throw new Error('run this with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, buffers: arrayBuffers };
}

function report(sizes: Sizes): Report {
  const { comparisons, listBytes, setBytes, zlibBytes, textBytes } = sizes;
  const lookup = comparisonOf(comparisons, LIST);
  const goals: Goal[] = [
    atMost('held in memory', [3.3, 'MB'], listBytes / 1e6),
    atMost('one look-up, of a bare verify', [0.1, '%'], lookup.ratio * 100),
    atMost('zlib, by the entropy of the set', 1.5, zlibBytes / sizes.entropyBytes),
    atMost('standard signed text at 1 % revoked', [350, 'kB'], textBytes / 1e3),
    atMost(`delta of ${CHANGES} changes, before signing`, [2, 'kB'], sizes.deltaBytes / 1e3),
  ];
  return {
    name: 'status',
    title: `Status list of ${RESIDENTS.toLocaleString('en-GB')} residents`,
    about:
      'Two bits a place, 1 % revoked at random places, taken in by a gate as the signed IETF token and held as a snapshot; look-ups in process CPU time.',
    table: {
      head: ['', 'by anchor', 'here'],
      rows: [
        [
          'held in memory, by a JS Set of the residents',
          `${plain(listBytes / setBytes)} ×`,
          `${plain(listBytes / 1e6)} MB`,
        ],
        ['JS Set of the residents (a tenth measured, times ten)', '1 ×', `${plain(setBytes / 1e6)} MB`],
        [
          'zlib of the list, by the entropy of the set',
          `${plain(zlibBytes / sizes.entropyBytes)} ×`,
          `${plain(zlibBytes / 1e3)} kB`,
        ],
        [
          'standard signed text, by the entropy of the set',
          `${plain(textBytes / sizes.entropyBytes)} ×`,
          `${plain(textBytes / 1e3)} kB`,
        ],
        [`delta of ${CHANGES} changes before signing`, '', `${plain(sizes.deltaBytes / 1e3)} kB`],
        [`delta of ${CHANGES} changes, signed`, '', `${plain(sizes.signedDeltaBytes / 1e3)} kB`],
        ...comparisons.map(({ name, ratio, medianUs }) => [
          `${name}, by a bare verify`,
          `${plain(ratio * 100)} %`,
          time(medianUs),
        ]),
      ],
    },
    goals,
    notes: [
      'The entropy is that of which places are revoked, all equally likely; no lossless text can be smaller.',
      'npm bloom filters (12 µs a look-up elsewhere, and sometimes wrong) are not installed and not measured here.',
    ],
    plot: {
      unit: 'parts of the goal (1 = just met)',
      bars: [
        { label: 'memory, of 3.3 MB', value: listBytes / 3.3e6, goal: 1 },
        { label: 'look-up, of 0.1 % of a verify', value: lookup.ratio / 0.001, goal: 1 },
        { label: 'zlib, of 1.5 × entropy', value: zlibBytes / sizes.entropyBytes / 1.5, goal: 1 },
        { label: 'signed text, of 350 kB', value: textBytes / 350e3, goal: 1 },
        { label: 'delta of 200, of 2 kB', value: sizes.deltaBytes / 2e3, goal: 1 },
      ],
    },
    packages: ['jose'],
  };
}
