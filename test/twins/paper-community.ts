import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '../../src/base/index.ts';
import {
  type KeyPair,
  makeKeyPair,
  type RandomBytes,
  sha256,
  signerOf,
  toPrivateJwk,
  toPublicJwk,
} from '../../src/crypto/index.ts';
import type { HolderKey } from '../../src/holder/index.ts';
import {
  type DocumentSigner,
  documentSigner,
  type GateSealKey,
  type Issuer,
  type PlaceStatus,
  sealRoster,
  signKeyset,
  signOperators,
  signPolicy,
  signRoot,
  signRoster,
  signStatusList,
  signTime,
  statusListClaim,
  statusListHash,
  statusListOf,
} from '../../src/issue/index.ts';
import { LOOKUP_HASH_BYTES, parseSigned, ROLES } from '../../src/wire/index.ts';

/** A community on paper: its keys, residents and signed documents, made by the test itself, with both suites and every state. */

export const random: RandomBytes = (length) => new Uint8Array(randomBytes(length));

export interface Person {
  readonly index: number;
  readonly household: number;
  readonly order: number;
  readonly phone?: HolderKey;
  readonly needsMoreTime?: true;
  readonly display?: string;
  /** What the roster's look-ups are hashes of, e.g. `room:8-2-2702`. */
  readonly lookups?: readonly string[];
}

export interface IssuerOptions {
  readonly kid: number;
  readonly suite: 1 | 2;
  readonly retired?: true;
  readonly kinds?: readonly (1 | 2 | 3 | 4 | 5)[];
}

export interface PaperOptions {
  readonly district: string;
  readonly community: number;
  readonly issuers: readonly IssuerOptions[];
  readonly people: readonly Person[];
  readonly places: number;
  readonly statuses?: readonly PlaceStatus[];
  readonly passes?: number;
  readonly passStatuses?: readonly PlaceStatus[];
  /** Rules that differ from the policy's defaults. */
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly gates?: Readonly<Record<string, string>>;
  readonly sealKey?: GateSealKey;
  /** Unix seconds; now if absent. */
  readonly at?: number;
  readonly version?: number;
  /** Of every document; one day if absent. */
  readonly lifeDays?: number;
}

export interface PaperDocuments {
  readonly root: string;
  readonly keyset: string;
  readonly policy: string;
  readonly residents: string;
  readonly visitors: string;
  readonly roster: string;
  readonly operators: string;
  readonly time: string;
}

export class PaperCommunity {
  readonly options: PaperOptions;
  /** Signs for every role: that roles are kept apart is tested elsewhere. */
  readonly signer: DocumentSigner;
  readonly operator: DocumentSigner;
  readonly #pairs: ReadonlyMap<number, KeyPair>;
  readonly #lookupKey = random(32);
  #signedRoot: Promise<string> | undefined;

  constructor(
    options: PaperOptions,
    signers: { readonly all: DocumentSigner; readonly operator: DocumentSigner },
  ) {
    this.options = options;
    this.signer = signers.all;
    this.operator = signers.operator;
    this.#pairs = new Map(options.issuers.map(({ kid, suite }) => [kid, makeKeyPair(suite, random)]));
  }

  static async of(options: PaperOptions): Promise<PaperCommunity> {
    const [all, operator] = [await documentSigner(random(32)), await documentSigner(random(32))];
    return new PaperCommunity(options, { all, operator });
  }

  issuer(kid: number): Issuer {
    const pair = this.#pairs.get(kid);
    if (pair === undefined) return strangeIssuer(this.options.district, kid);
    return {
      district: this.options.district,
      kid,
      suite: pair.suite,
      sign: (message) => signerOf(pair, random).sign(message),
    };
  }

  async documents(at = this.options.at ?? nowSeconds()): Promise<PaperDocuments> {
    const { signer, options } = this;
    const version = options.version ?? 1;
    const issued = { iss: options.district, version, iat: at, exp: at + (options.lifeDays ?? 1) * DAY };
    const [residents, residentsHash] = await this.#list('residents', issued);
    const [visitors, visitorsHash] = await this.#list('visitors', issued);
    const roster = await signRoster(signer, {
      ...issued,
      aud: options.community,
      lookupKey: toHex(this.#lookupKey),
      entries: options.people.map((person) => memberOf(person, this.#lookupKey)),
    });
    const policy = await signPolicy(signer, {
      ...issued,
      aud: options.community,
      timeZone: 'Asia/Shanghai',
      gates: { ...options.gates },
      ...options.policy,
    });
    const [root, keyset, operators] = [
      await this.#root(issued),
      await this.#keyset(issued),
      await this.#operators(issued),
    ];
    const named = (text: string) => ({ version, hash: payloadHash(text) });
    const names = {
      keyset: named(keyset),
      operators: named(operators),
      residents: { version, hash: residentsHash },
      visitors: { version, hash: visitorsHash },
      [`policy/${options.community}`]: named(policy),
      [`roster/${options.community}`]: named(roster),
    };
    return {
      root,
      keyset,
      policy,
      residents,
      visitors,
      roster: options.sealKey === undefined ? roster : await sealRoster(roster, options.sealKey),
      operators,
      time: await this.time({ documents: names, at }),
    };
  }

  /** @param asked the gate and its nonce, for an answer */
  time({
    documents = {},
    at = nowSeconds(),
    ...asked
  }: {
    documents?: Record<string, { version: number; hash: string }>;
    at?: number;
    aud?: string;
    nonce?: string;
  } = {}): Promise<string> {
    const span = { iat: at, exp: at + 600, time: at * 1_000 };
    return signTime(this.signer, { iss: this.options.district, ...span, ...asked, documents });
  }

  async bundle(at?: number): Promise<string> {
    const { root, ...others } = await this.documents(at);
    return JSON.stringify({ type: 'menwei-bundle', documents: [JSON.parse(root), ...Object.values(others)] });
  }

  /** Signed once: another under the same version would be another root, and refused. */
  #root(issued: Issued): Promise<string> {
    this.#signedRoot ??= this.#signRoot(issued);
    return this.#signedRoot;
  }

  #signRoot(issued: Issued): Promise<string> {
    const { kid, publicJwk } = this.signer;
    const roles = Object.fromEntries(ROLES.map((role) => [role, { keys: [kid], threshold: 1 }]));
    return signRoot([this.signer], {
      ...issued,
      version: 1,
      exp: issued.iat + 300 * DAY,
      keys: { [kid]: publicJwk },
      roles: roles as never,
    });
  }

  #keyset(issued: Issued): Promise<string> {
    const span = {
      notBefore: issued.iat - 30 * DAY,
      signUntil: issued.iat + 30 * DAY,
      verifyUntil: issued.iat + 30 * DAY,
    };
    const keys = this.options.issuers.map(({ kid, suite, retired, kinds }) => ({
      ...toPublicJwk(this.#pairs.get(kid) as KeyPair),
      ...span,
      kid: String(kid),
      suite,
      ...(retired === undefined ? {} : { retired }),
      ...(kinds === undefined ? {} : { kinds: [...kinds] }),
    }));
    return signKeyset(this.signer, { ...issued, keys: keys as never });
  }

  #operators(issued: Issued): Promise<string> {
    const { kid, publicJwk } = this.operator;
    const verbs = ['open', 'lock-down', 'release', 'resend-from', 'identify'] as const;
    const span = { from: issued.iat - DAY, until: issued.iat + DAY };
    return signOperators(this.signer, {
      ...issued,
      operators: [{ actor: 'centre', kid, key: publicJwk, verbs: [...verbs], ...span }],
    });
  }

  async #list(sub: 'residents' | 'visitors', issued: Issued): Promise<readonly [text: string, hash: string]> {
    const { places, passes = 0, statuses = [], passStatuses = [] } = this.options;
    const length = sub === 'residents' ? places : passes;
    const bytes = statusListOf(length, sub === 'residents' ? statuses : passStatuses);
    const text = await signStatusList(this.signer, {
      ...issued,
      sub,
      length,
      status_list: await statusListClaim(bytes),
    });
    return [text, statusListHash(bytes)];
  }
}

interface Issued {
  readonly iss: string;
  readonly version: number;
  readonly iat: number;
  readonly exp: number;
}

const DAY = 86_400;

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

export function newPhone(): HolderKey {
  const pair = makeKeyPair(1, random);
  const signer = signerOf(pair, random);
  return { publicKey: pair.publicKey, sign: (message) => Promise.resolve(signer.sign(message)) };
}

/** A gate's own keys, laid where it looks for them, as if it had been enrolled before. */
export function enrolledKeys(dataDir: string): { readonly deviceKey: string; readonly sealKey: GateSealKey } {
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const device = makeKeyPair(1, random);
  const { privateKey } = generateKeyPairSync('x25519');
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  writeFileSync(join(folder, 'device.jwk'), JSON.stringify(toPrivateJwk(device)), { mode: 0o600 });
  writeFileSync(join(folder, 'roster.jwk'), JSON.stringify({ kty: 'OKP', crv: 'X25519', x, d }), {
    mode: 0o600,
  });
  return { deviceKey: toHex(device.publicKey), sealKey: { kty: 'OKP', crv: 'X25519', x } };
}

function memberOf(person: Person, lookupKey: Uint8Array) {
  const { index, household, order, phone, needsMoreTime, display, lookups = [] } = person;
  const hashOf = (text: string) =>
    createHmac('sha256', lookupKey)
      .update(text)
      .digest('hex')
      .slice(0, 2 * LOOKUP_HASH_BYTES);
  return {
    index,
    household,
    order,
    keys: phone === undefined ? [] : [{ slot: 0, public: toHex(phone.publicKey) }],
    lookups: lookups.map(hashOf),
    ...(needsMoreTime === undefined ? {} : { needsMoreTime }),
    ...(display === undefined ? {} : { display }),
  };
}

function strangeIssuer(district: string, kid: number): Issuer {
  const pair = makeKeyPair(1, random);
  return { district, kid, suite: 1, sign: (message) => signerOf(pair, random).sign(message) };
}

function payloadHash(text: string): string {
  const signed = parseSigned(text);
  if (!signed.ok) throw new Error('a document of ours cannot be read');
  return toHex(sha256(signed.value.payload));
}
