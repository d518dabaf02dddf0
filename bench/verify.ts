import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  verify as nodeVerify,
} from 'node:crypto';
import { hashes, verify as nobleVerify } from '@noble/ed25519';
import { compactVerify, SignJWT } from 'jose';
import { parseCode, signedMessage, signedParts } from '../src/code/index.ts';
import { nodeEngine, toPrivateJwk, toPublicJwk } from '../src/crypto/index.ts';
import { type GateState, restore } from '../src/decide/index.ts';
import {
  createVerifier,
  type SignatureEngine,
  type Verify,
  type VerifyAgainst,
} from '../src/verify/index.ts';
import type { Asked, Bench } from './lib/bench.ts';
import { againstOf, CODES, type Codes, codesOf } from './lib/codes.ts';
import { DISTRICT, issuerPair, NOW_SECONDS, RESIDENTS, residentsList } from './lib/district.ts';
import { atMost, comparisonTable, type Goal, type Report, time } from './lib/report.ts';
import { type Comparison, type Contestant, compare, comparisonOf, measure } from './lib/rounds.ts';

/** The whole chain that a code passes, text → Verified and not used before, beside a bare signature check. */

const BARE = 'bare node:crypto verify, cached key';
const KIND1 = 'kind 1: issuer token';
const KIND2 = 'kind 2: credential and proof';
const KIND2_UNLISTED = 'kind 2: phone off the roster, seen before';
const KIND3 = 'kind 3: holder proof, roster key';
const KIND5 = 'kind 5: printed card';
const REST = 'kind 1 with a signature that costs nothing';
const REST2 = 'kind 2 with signatures that cost nothing';
const TWICE = 'two bare verifies';
const JOSE = 'jose compactVerify of an EdDSA JWT';
const NOBLE = '@noble/ed25519 verify (strict)';

const CALLS = 8;
const USED_BEFORE = 20_000;
const NOW = { seconds: NOW_SECONDS, quality: 'synced', errorSeconds: 0 } as const;

export const benchVerify: Bench = async ({ quick }: Asked): Promise<Report> => {
  const list = residentsList();
  const codes = await codesOf(list);
  const contestants = [
    ...bareContestants(codes),
    ...chainContestants(codes, list),
    ...(await libraries(codes)),
  ];
  const rounds = quick ? { rounds: 200, warmUp: 40 } : { rounds: 2_000, warmUp: 200 };
  const comparisons = compare(await measure(contestants, { ...rounds, meter: 'cpu' }), BARE);
  return report(comparisons, firstSightUs(codes, list));
};

function bareContestants(codes: Codes): Contestant[] {
  const key = issuerKey();
  const signed = codes.token.map(signedOf);
  const one = (call: number) => {
    const { message, signature } = signed[call % CODES] ?? NOTHING;
    if (!nodeVerify(null, message, key, signature)) throw new Error('the anchor refused');
  };
  return [
    { name: BARE, calls: CALLS, run: one },
    {
      name: TWICE,
      calls: CALLS,
      run: (call) => {
        one(call);
        one(call + 1);
      },
    },
  ];
}

function chainContestants(codes: Codes, list: Uint8Array): Contestant[] {
  const memory = usedBefore();
  const real = {
    verify: createVerifier(nodeEngine()),
    against: againstOf(codes, list, nodeEngine()),
    memory,
  };
  const free = { verify: createVerifier(FREE_ENGINE), against: againstOf(codes, list, FREE_ENGINE), memory };
  return [
    chain(KIND1, codes.token, real),
    chain(KIND2, codes.credential, real),
    chain(KIND2_UNLISTED, codes.unlisted, real),
    chain(KIND3, codes.proof, real),
    chain(KIND5, codes.card, real),
    chain(REST, codes.token, free),
    chain(REST2, codes.credential, free),
  ];
}

interface Chain {
  readonly verify: Verify;
  readonly against: VerifyAgainst;
  readonly memory: GateState['memory'];
}

function chain(name: string, texts: readonly string[], { verify, against, memory }: Chain): Contestant {
  return {
    name,
    calls: CALLS,
    run: (call) => {
      const claim = parseCode(texts[call % CODES] ?? '');
      if (!claim.ok) throw new Error(`${name} is ${claim.error.refusal}`);
      const verified = verify(claim.value, against, NOW);
      if (!verified.ok) throw new Error(`${name} is ${verified.error.refusal}`);
      const { replayKey } = verified.value;
      if (replayKey !== undefined && memory.get(`used/in/${replayKey}`, NOW_SECONDS) !== undefined)
        throw new Error(`${name} was used`);
    },
  };
}

async function libraries(codes: Codes): Promise<Contestant[]> {
  const key = issuerKey();
  const secret = createPrivateKey({ key: { ...toPrivateJwk(issuerPair) }, format: 'jwk' });
  const claims = { sub: '12345678', acr: '2' };
  const tokens: string[] = [];
  for (let number = 0; number < CODES; number += 1) {
    const jwt = new SignJWT({ ...claims, jti: String(number) })
      .setIssuedAt(NOW_SECONDS)
      .setExpirationTime(NOW_SECONDS + 600);
    tokens.push(await jwt.setProtectedHeader({ alg: 'EdDSA' }).sign(secret));
  }
  hashes.sha512 = (message) => new Uint8Array(createHash('sha512').update(message).digest());
  const signed = codes.token.map(signedOf);
  return [
    {
      name: JOSE,
      calls: CALLS,
      async: true,
      run: (call) => compactVerify(tokens[call % CODES] ?? '', key, { algorithms: ['EdDSA'] }),
    },
    {
      name: NOBLE,
      calls: 1,
      run: (call) => {
        const { message, signature } = signed[call % CODES] ?? NOTHING;
        if (!nobleVerify(signature, message, issuerPair.publicKey, { zip215: false }))
          throw new Error('noble refused');
      },
    },
  ];
}

/** The costly check of a phone's key that nobody listed: once a phone, as long as it stays among the latest. */
function firstSightUs(codes: Codes, list: Uint8Array): number {
  const against = againstOf(codes, list, nodeEngine());
  const figures = codes.unlisted.slice(0, 32).map((text) => {
    const claim = parseCode(text);
    const verify = createVerifier(nodeEngine());
    const start = process.hrtime.bigint();
    if (!claim.ok || !verify(claim.value, against, NOW).ok) throw new Error('a good code was refused');
    return Number(process.hrtime.bigint() - start) / 1_000;
  });
  return figures.sort((left, right) => left - right)[16] ?? Number.NaN;
}

function report(comparisons: readonly Comparison[], firstUs: number): Report {
  const ratio = (name: string) => comparisonOf(comparisons, name).ratio;
  const goals: Goal[] = [
    atMost(`${KIND1}, by bare`, 1.05, ratio(KIND1)),
    atMost(`${KIND2}, by bare`, 2.1, ratio(KIND2)),
    atMost(`${KIND3}, by bare`, 1.05, ratio(KIND3)),
    atMost(`${KIND5}, by bare`, 1.05, ratio(KIND5)),
  ];
  const goalOf = new Map([
    [KIND1, 1.05],
    [KIND2, 2.1],
    [KIND3, 1.05],
    [KIND5, 1.05],
  ]);
  return {
    name: 'verify',
    title: 'Verify chain: text → verified and not used before',
    about: `Parse, key, signature, time, status in a list of ${RESIDENTS.toLocaleString('en-GB')} places, place, and a look-up among ${USED_BEFORE.toLocaleString('en-GB')} used codes; ${CODES} different codes of each kind; process CPU time.`,
    table: comparisonTable(comparisons, 'bare'),
    goals,
    notes: [
      `Kind 2 from a phone that is on no roster and was never seen here costs ${time(firstUs)} (wall) the first time: its key is checked for torsion once, then kept.`,
      `Everything but the signatures is ${(ratio(REST) * 100).toFixed(1)} % of a bare verify for kind 1 and ${(ratio(REST2) * 100).toFixed(1)} % for kind 2.`,
      'No sodium-native engine is built in, so its goal (≤ 0.5 ×) is not measured.',
    ],
    plot: {
      unit: 'multiples of a bare node:crypto verify',
      bars: comparisons.map(({ name, ratio: value }) => {
        const goal = goalOf.get(name);
        return { label: name, value, ...(goal === undefined ? {} : { goal }) };
      }),
    },
    packages: ['jose', '@noble/ed25519'],
  };
}

/** Believes every signature: what is left is the cost of the chain around it. */
const FREE_ENGINE: SignatureEngine = { importKey: (suite) => ({ suite, verify: () => true }) };

interface Signed {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const NOTHING: Signed = { message: new Uint8Array(), signature: new Uint8Array() };

function signedOf(text: string): Signed {
  const claim = parseCode(text);
  const part = claim.ok ? signedParts(claim.value)[0] : undefined;
  if (part === undefined) throw new Error('a code of ours was not read');
  return { message: signedMessage('issuer', DISTRICT, part.bytes), signature: part.signature };
}

function issuerKey(): KeyObject {
  return createPublicKey({ key: { ...toPublicJwk(issuerPair) }, format: 'jwk' });
}

function usedBefore(): GateState['memory'] {
  const until = NOW_SECONDS + 600;
  const used = Array.from({ length: USED_BEFORE }, (_, number) => ({
    key: `used/in/1/${number * 601}/${NOW_SECONDS - (number % 600)}`,
    value: String(NOW_SECONDS),
    until,
  }));
  return restore(used, NOW_SECONDS).memory;
}
