/**
 * Versions only rise: any sequence of offered documents, against a model of The Update Framework's rules that knows nothing
 * of signatures, files or JSON (rollback, freeze, mix-and-match, fast-forward, rotation of roles, restarts).
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { signKeyset, signPolicy, signTime } from '../../src/issue/index.ts';
import type { TrustKeeper } from '../../src/trust/index.ts';
import {
  COMMUNITY,
  DISTRICT,
  NOW,
  now,
  open,
  SimulatedDisk,
  signer,
  TestDistrict,
} from '../../src/trust/testing.ts';
import { byTier } from './tier.ts';

const RUNS = byTier({ push: 200, long: 1_000, release: 10_000 });
const FAR = 9_000_000;
const VERSIONS = [1, 2, 3, FAR] as const;
const CONTENTS = ['A', 'B'] as const;
const ROOTS = [1, 2, 3, 4] as const;
/** Which keys hold a role under each root version: policy is rotated by 2, time by 3, keyset gains a key by 4. */
const HOLDERS = {
  policy: { 1: ['p1'], 2: ['p2'], 3: ['p2'], 4: ['p2'] },
  keyset: { 1: ['k1'], 2: ['k1'], 3: ['k1'], 4: ['k1', 'k2'] },
  time: { 1: ['t1'], 2: ['t1'], 3: ['t2'], 4: ['t2'] },
} as const;
const SIGNERS = { policy: ['p1', 'p2'], keyset: ['k1', 'k2'], time: ['t1', 't2'] } as const;

type Name = 'policy' | 'keyset';
type RootVersion = (typeof ROOTS)[number];
interface Paper {
  readonly version: number;
  readonly content: string;
  readonly by: string;
}
interface TimePaper {
  readonly at: number;
  readonly names: Paper | undefined;
  readonly by: string;
}

type Step =
  | { readonly do: 'root' | 'chain'; readonly version: RootVersion }
  | { readonly do: 'offer'; readonly name: Name; readonly paper: Paper }
  | { readonly do: 'time'; readonly paper: TimePaper }
  | { readonly do: 'reopen' };

/** The rules, in the fewest words. */
class Model {
  root: RootVersion = 1;
  readonly held: Partial<Record<Name, Paper>> = {};
  readonly highest: Partial<Record<Name, Paper>> = {};
  time: TimePaper | undefined;
  highestTime = 0;
  said: Paper | undefined;

  apply(step: Step): string {
    if (step.do === 'root') return this.#walk(step.version, step.version === this.root + 1);
    if (step.do === 'chain') return this.#walk(step.version, step.version > this.root);
    if (step.do === 'time') return this.#takeTime(step.paper);
    if (step.do === 'offer') return this.#take(step.name, step.paper);
    // What earlier signed times have said beyond the stored one is not kept over a restart.
    this.said = this.time?.names;
    return 'reopened';
  }

  #walk(version: RootVersion, leads: boolean): string {
    if (version < this.root) return 'rollback';
    if (version === this.root) return 'same';
    if (!leads) return 'gap';
    const before = this.root;
    this.root = version;
    for (const name of ['policy', 'keyset'] as const) {
      const [old, fresh] = [HOLDERS[name][before], HOLDERS[name][version]] as readonly (readonly string[])[];
      if (!fresh?.includes(this.held[name]?.by ?? '')) delete this.held[name];
      if (old?.every((key) => fresh?.includes(key))) continue;
      delete this.highest[name];
      if (this.held[name] !== undefined) this.highest[name] = this.held[name];
    }
    if (HOLDERS.time[before][0] !== HOLDERS.time[version][0]) {
      this.time = undefined;
      this.highestTime = 0;
      this.said = undefined;
    }
    return 'changed';
  }

  #take(name: Name, paper: Paper): string {
    if (!(HOLDERS[name][this.root] as readonly string[]).includes(paper.by)) return 'bad-signature';
    const highest = this.highest[name];
    if (highest !== undefined && paper.version < highest.version) return 'rollback';
    if (name === 'keyset' && this.said !== undefined && paper.version < this.said.version)
      return 'superseded';
    const held = this.held[name];
    if (held !== undefined && held.version === paper.version && held.content === paper.content) return 'same';
    if (highest !== undefined && highest.version === paper.version && highest.content !== paper.content)
      return 'conflict';
    if (name === 'keyset' && this.said?.version === paper.version && this.said.content !== paper.content) {
      return 'hash-mismatch';
    }
    this.held[name] = paper;
    this.highest[name] = paper;
    return 'changed';
  }

  #takeTime(paper: TimePaper): string {
    if (HOLDERS.time[this.root][0] !== paper.by) return 'bad-signature';
    if (paper.at < this.highestTime) return 'rollback';
    if (paper.at === this.highestTime) {
      const same =
        this.time?.names?.version === paper.names?.version &&
        this.time?.names?.content === paper.names?.content;
      return same ? 'same' : 'conflict';
    }
    this.time = paper;
    this.highestTime = paper.at;
    if (paper.names !== undefined) this.said = paper.names;
    return 'changed';
  }
}

let district: TestDistrict;
const texts = new Map<string, string>();

/** Everything that can be offered is signed once. */
beforeAll(async () => {
  district = await TestDistrict.found({ policy: ['p1'], keyset: ['k1'], time: ['t1'] });
  for (const version of [2, 3, 4] as const) {
    await district.root({
      policy: HOLDERS.policy[version],
      keyset: HOLDERS.keyset[version],
      time: HOLDERS.time[version],
    });
  }
  for (const name of ['policy', 'keyset'] as const) {
    for (const by of SIGNERS[name]) {
      for (const version of VERSIONS) {
        for (const content of CONTENTS) await sign(name, { version, content, by });
      }
    }
  }
}, 60_000);

async function sign(name: Name, paper: Paper): Promise<string> {
  const key = `${name} ${JSON.stringify(paper)}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const claims = {
    iss: DISTRICT,
    version: paper.version,
    iat: NOW,
    exp: NOW + (paper.content === 'A' ? 1_000 : 2_000),
  };
  const signing = await signer(paper.by);
  const text =
    name === 'policy'
      ? await signPolicy(signing, { ...claims, aud: COMMUNITY, timeZone: 'Asia/Shanghai' })
      : await signKeyset(signing, { ...claims, keys: [] });
  texts.set(key, text);
  return text;
}

async function signTimeAt(paper: TimePaper): Promise<string> {
  const key = `time ${JSON.stringify(paper)}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const seconds = NOW + paper.at;
  const documents = paper.names && {
    keyset: { version: paper.names.version, hash: await payloadHash(paper.names) },
  };
  const text = await signTime(await signer(paper.by), {
    iss: DISTRICT,
    iat: seconds,
    exp: seconds + 60,
    time: seconds * 1_000,
    documents,
  });
  texts.set(key, text);
  return text;
}

/** Who signs it does not change what is signed. */
async function payloadHash(paper: Paper): Promise<string> {
  const [, payload = ''] = (await sign('keyset', paper)).split('.');
  return createHash('sha256').update(Buffer.from(payload, 'base64url')).digest('hex');
}

async function offer(keeper: TrustKeeper, step: Step): Promise<string> {
  const outcome = await keeper.accept(await textOf(step), now);
  if (!outcome.ok) return outcome.error.reason;
  return outcome.value.changed ? 'changed' : 'same';
}

async function textOf(step: Step): Promise<string> {
  if (step.do === 'root') return district.roots[step.version - 1] ?? '';
  if (step.do === 'chain') return `[${district.roots.slice(0, step.version).join(',')}]`;
  if (step.do === 'time') return signTimeAt(step.paper);
  return step.do === 'offer' ? sign(step.name, step.paper) : '';
}

const paperOf = (name: Name) =>
  fc.record({
    version: fc.constantFrom(...VERSIONS),
    content: fc.constantFrom(...CONTENTS),
    by: fc.constantFrom(...SIGNERS[name]),
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('root', 'chain'), version: fc.constantFrom(...ROOTS) }),
  },
  {
    weight: 4,
    arbitrary: paperOf('policy').map((paper) => ({ do: 'offer', name: 'policy', paper }) as const),
  },
  {
    weight: 4,
    arbitrary: paperOf('keyset').map((paper) => ({ do: 'offer', name: 'keyset', paper }) as const),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        // Far enough apart that each one is stored: a lost minute is no rollback.
        at: fc.integer({ min: 1, max: 5 }).map((slot) => slot * 1_000),
        names: fc.option(
          fc.record({
            version: fc.constantFrom(1, 2, 3),
            content: fc.constantFrom(...CONTENTS),
            by: fc.constant('k1'),
          }),
          { nil: undefined },
        ),
        by: fc.constantFrom(...SIGNERS.time),
      })
      .map((paper) => ({ do: 'time', paper }) as const),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' } as const) },
);

describe('trust', () => {
  it(`holds what the model holds, after each of ${RUNS} random sequences`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const model = new Model();
        const disk = new SimulatedDisk();
        let keeper = await open(district, { disk });
        for (const one of steps) {
          const expected = model.apply(one);
          if (one.do === 'reopen') keeper = await open(district, { disk });
          else expect(await offer(keeper, one), JSON.stringify(one)).toBe(expected);
          const versions = keeper.snapshot().versions;
          const policy = versions.get('policy')?.version;
          const keyset = versions.get('keyset')?.version;
          expect({ root: versions.get('root')?.version, policy, keyset }).toEqual({
            root: model.root,
            policy: model.held.policy?.version,
            keyset: model.held.keyset?.version,
          });
        }
        const unexpected = keeper.problems().filter(({ what }) => !what.startsWith('dropped'));
        expect(unexpected).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 1_800_000);
});
