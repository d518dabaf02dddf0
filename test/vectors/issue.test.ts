import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, parseCode } from '../../src/code/index.ts';
import { browserEngine, seedSigner } from '../../src/crypto/browser.ts';
import { makeKeyPair, nodeEngine, signerOf } from '../../src/crypto/index.ts';
import {
  type HolderKey,
  makeStoredKey,
  openStoredKey,
  showCredential,
  showProof,
} from '../../src/holder/index.ts';
import {
  type Issuer,
  issueCard,
  issueCredential,
  issuePass,
  issueToken,
  linkForm,
} from '../../src/issue/index.ts';
import { createVerifier, judgeBy } from '../../src/verify/index.ts';
import { contextFile } from '../../src/wire/index.ts';

const NOW = 1_798_689_788;
const DAY = 2_556;
const HOLDER = 100;
const COMMUNITY = 55;
const district = 'gaoxin';

let counter = 0;
const random = (length: number) => {
  counter += 1;
  return new Uint8Array(length).fill(counter);
};

const pairs = [makeKeyPair(1, random), makeKeyPair(2, random)];
const [ed25519, sm2] = pairs.map((pair): Issuer => {
  const signer = signerOf(pair, random);
  return { district, kid: pair.suite, suite: pair.suite, sign: (message) => signer.sign(message) };
});
if (ed25519 === undefined || sm2 === undefined) throw new Error('two issuers');

const phone = seedSigner(random(32));
const stored = await makeStoredKey(crypto.subtle);
const kept = await openStoredKey(crypto.subtle, stored);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const context = contextFile.parse({
  now: NOW,
  district: { id: district, timeZone: 'Asia/Shanghai' },
  community: COMMUNITY,
  policy: {},
  keyset: pairs.map(({ suite, publicKey }) => ({
    kid: suite,
    suite,
    public: hex(publicKey),
    notBefore: 0,
    notAfter: 2 ** 32,
  })),
  statusLength: 1_000,
  passLength: 1_000,
  roster: [
    {
      index: HOLDER,
      household: 1,
      order: 0,
      keys: [phone, kept].map(({ publicKey }, slot) => ({ slot, public: hex(publicKey) })),
    },
  ],
});

function verdictOf(claim: Claim, engine = nodeEngine()): string {
  const parsed = parseCode(claim.canonical);
  if (!parsed.ok) return parsed.error.refusal;
  const { against, now } = judgeBy(context, engine);
  const result = createVerifier(engine)(parsed.value, against, now);
  return result.ok ? 'valid' : result.error.refusal;
}

const tokenFields = { index: HOLDER, iat: NOW, ttlMinutes: 10, assurance: 1 } as const;
const passFields = { passId: 5, hostIndex: HOLDER, community: COMMUNITY, from: NOW, minutes: 60, uses: 1 };
const cardFields = { index: HOLDER, firstDay: DAY, lastDay: DAY + 30, assurance: 0 } as const;

describe.each([
  ['Ed25519', ed25519],
  ['SM2', sm2],
])('codes issued with %s', (_, issuer) => {
  it('pass the gate', () => {
    expect(verdictOf(issueToken(issuer, tokenFields))).toBe('valid');
    expect(verdictOf(issuePass(issuer, passFields))).toBe('valid');
    expect(verdictOf(issueCard(issuer, cardFields))).toBe('valid');
  });

  it('are worth nothing in another district or under another key', () => {
    expect(verdictOf(issueToken({ ...issuer, district: 'yanta' }, tokenFields))).toBe('bad-signature');
    expect(verdictOf(issueToken({ ...issuer, kid: 3 }, tokenFields))).toBe('unknown-key');
  });

  it('cannot be issued out of range', () => {
    expect(() => issueToken(issuer, { ...tokenFields, ttlMinutes: 0 })).toThrow('ttlMinutes');
    expect(() => issuePass(issuer, { ...passFields, uses: 256 })).toThrow('uses');
    expect(() => issueCard(issuer, { ...cardFields, lastDay: DAY - 1 })).toThrow('contradict');
  });
});

describe('the link form', () => {
  it('is read like the code in it', () => {
    const token = issueToken(ed25519, tokenFields);
    const link = linkForm('gate.example', token);
    expect(link).toMatch(/^HTTPS:\/\/GATE\.EXAMPLE\/X1/);
    expect(parseCode(link)).toEqual(parseCode(token.canonical));
  });

  it('takes a host of 23 characters at most', () => {
    const token = issueToken(ed25519, tokenFields);
    expect(() => linkForm('a'.repeat(23), token)).not.toThrow();
    expect(() => linkForm('a'.repeat(24), token)).toThrow('host');
  });
});

describe.each([
  ['a seed', phone, 0],
  ['WebCrypto', kept, 1],
] as [string, HolderKey, number][])('a phone with a key of %s', (_, key, slot) => {
  const credential = issueCredential(ed25519, {
    index: HOLDER,
    lastDay: DAY,
    assurance: 2,
    holderPublicKey: key.publicKey,
  });

  it('shows kind 2 that passes both engines', async () => {
    const shown = await showCredential(key, { district, credential, seconds: NOW });
    if (!shown.ok) throw new Error(shown.error);
    expect(verdictOf(shown.value)).toBe('valid');
    const { suite } = shown.value.fields;
    expect(suite).toBe(1);
  });

  it('shows kind 3 that passes, and only in its own slot', async () => {
    const shown = { district, seconds: NOW, index: HOLDER, party: 0 };
    expect(verdictOf(await showProof(key, { ...shown, slot }))).toBe('valid');
    expect(verdictOf(await showProof(key, { ...shown, slot: 1 - slot }))).toBe('bad-signature');
  });

  it('shows nothing for a credential of somebody else, or for noise', async () => {
    const foreign = issueCredential(ed25519, {
      index: HOLDER,
      lastDay: DAY,
      assurance: 2,
      holderPublicKey: seedSigner(new Uint8Array(32)).publicKey,
    });
    const asked = { district, seconds: NOW };
    expect(await showCredential(key, { ...asked, credential: foreign })).toEqual({
      ok: false,
      error: 'for-another-key',
    });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        expect((await showCredential(key, { ...asked, credential: noise })).ok).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a key kept by the browser', () => {
  it('cannot be taken out', async () => {
    expect(stored.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('pkcs8', stored.privateKey)).rejects.toThrow();
  });
});

describe('the browser engine', () => {
  it('passes what the gate passes', async () => {
    const proof = await showProof(kept, { district, seconds: NOW, index: HOLDER, slot: 1, party: 0 });
    for (const claim of [issueToken(ed25519, tokenFields), issuePass(ed25519, passFields), proof]) {
      expect(verdictOf(claim, browserEngine())).toBe('valid');
    }
  });
});
