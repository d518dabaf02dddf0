import { localTime, utcDay } from '../../src/base/index.ts';
import type { Refusal } from '../../src/code/index.ts';
import { type HolderKey, showCredential, showProof } from '../../src/holder/index.ts';
import { type Issuer, issueCard, issueCredential, issuePass, issueToken } from '../../src/issue/index.ts';
import { newPhone, nowSeconds, type PaperOptions, type Person } from '../twins/paper-community.ts';

/** Codes of all kinds, both suites and most refusals, each with what a gate must say to it; every text is different. */

export interface Expected {
  readonly decision: 'granted' | 'refused' | 'guard';
  readonly refusal?: Refusal;
  readonly kind?: number;
  readonly index?: number;
  readonly passId?: number;
}

export interface LabelledCode {
  readonly text: string;
  readonly expected: Expected;
}

export const DISTRICT = 'paper';
export const COMMUNITY = 4_711;
/** As keys of the set: good ones of both suites, one retired, one for cards alone. */
const KID = { ed25519: 1, sm2: 2, retired: 3, cardsOnly: 4, unknown: 9 } as const;
const PLACES = 2_000;
const PASSES = 1_000;
const PHONES = 40;
const RESIDENTS = 1_000;
/** Places in the list that are not plainly valid, from the first on. */
const [REVOKED, SUSPENDED, ASK_GUARD, PER_STATE] = [1_000, 1_100, 1_200, 100] as const;
const STRANGERS = 1_500;

export function mixedPaper(): PaperOptions & { readonly people: readonly Person[] } {
  const states = [
    [REVOKED, 1],
    [SUSPENDED, 2],
    [ASK_GUARD, 3],
  ] as const;
  return {
    district: DISTRICT,
    community: COMMUNITY,
    issuers: [
      { kid: KID.ed25519, suite: 1 },
      { kid: KID.sm2, suite: 2 },
      { kid: KID.retired, suite: 1, retired: true },
      { kid: KID.cardsOnly, suite: 1, kinds: [5] },
    ],
    people: Array.from({ length: ASK_GUARD + PER_STATE }, (_, index) => ({
      index,
      household: Math.floor(index / 4),
      order: index % 4,
      ...(index < PHONES ? { phone: newPhone() } : {}),
    })),
    places: PLACES,
    statuses: states.flatMap(([first, state]) =>
      Array.from({ length: PER_STATE }, (_, at) => ({ place: first + at, state })),
    ),
    passes: PASSES,
    policy: {
      windowSeconds: 900,
      lane: { printedCard: 'open', pulseMs: PULSE_MS, longPulseMs: PULSE_MS },
    },
  };
}

export const PULSE_MS = 100;

/** Makes codes; each call gives one that no other call gives. */
export class CodeMaker {
  readonly #now = nowSeconds();
  readonly #issuer: (kid: number) => Issuer;
  readonly #people: readonly Person[];
  #made = 0;
  #passes = 0;
  #tokens = 0;
  #cards = 0;

  constructor(people: readonly Person[], issuer: (kid: number) => Issuer) {
    this.#people = people;
    this.#issuer = issuer;
  }

  /** Every kind and both suites, in turn. */
  async granted(): Promise<LabelledCode> {
    const at = this.#next();
    switch (at % 7) {
      case 0:
        return this.#credential(at);
      case 1:
        return this.#proof(at, 0);
      case 2:
        return this.#proof(at, 2);
      case 3:
        return this.pass(KID.ed25519);
      case 4:
        return this.pass(KID.sm2);
      case 5:
        return this.card(at % 2 === 0 ? KID.ed25519 : KID.sm2);
      default:
        return this.token(at % 2 === 0 ? KID.ed25519 : KID.sm2);
    }
  }

  token(kid: number = KID.ed25519): LabelledCode {
    return this.#validToken(kid).first;
  }

  /** A code that is granted, and another text for the same use of it. */
  usedUp(): readonly [first: LabelledCode, second: LabelledCode] {
    if (this.#next() % 2 === 0) {
      const { first, again } = this.#validToken(KID.sm2);
      return [first, again];
    }
    const first = this.pass(KID.ed25519);
    const passId = first.expected.passId ?? 0;
    const text = this.#passText({ passId, hostIndex: 1 });
    return [first, { text, expected: { decision: 'refused', refusal: 'pass-used-up', kind: 4, passId } }];
  }

  refused(): LabelledCode {
    const at = this.#next();
    const makers = [
      () => no('not-a-code', `HTTPS://SHOP.EXAMPLE/PAY/${at}`),
      () => no('not-a-code', `6901234${String(at).padStart(6, '0')}`),
      () => no('unsupported', `X7${String(at).padStart(20, '0')}`),
      () => no('malformed', this.token().text.slice(0, -1), 1),
      () => no('malformed', `${this.card().text.slice(0, -1)}W`, 5),
      () => no('unknown-key', this.#token({ index: at % RESIDENTS, kid: KID.unknown }), 1),
      () => no('key-retired', this.#token({ index: at % RESIDENTS, kid: KID.retired }), 1),
      () => no('wrong-issuer', this.#token({ index: at % RESIDENTS, kid: KID.cardsOnly }), 1),
      () => no('bad-signature', forged(this.token().text), 1),
      () => no('bad-signature', forged(this.token(KID.sm2).text), 1),
      () => no('expired', this.#token({ index: at % RESIDENTS, iat: this.#now - 7_200 - at }), 1),
      () => no('not-yet-valid', this.#token({ index: at % RESIDENTS, iat: this.#now + 7_200 + at }), 1),
      () => no('revoked', this.#token({ index: REVOKED + (at % PER_STATE) }), 1),
      () => no('suspended', this.#token({ index: SUSPENDED + (at % PER_STATE), kid: KID.sm2 }), 1),
      () => no('needs-guard', this.#token({ index: ASK_GUARD + (at % PER_STATE) }), 1),
      () => no('not-on-roster', this.#token({ index: STRANGERS + (at % 400) }), 1),
      () => no('wrong-community', this.#passText({ passId: this.#newPass(), community: COMMUNITY + 1 }), 4),
    ];
    const made = makers[at % makers.length]?.();
    if (made === undefined) throw new Error('there is a maker for every number');
    return made;
  }

  card(kid: number = KID.ed25519): LabelledCode {
    this.#cards += 1;
    const index = PHONES + (this.#cards % (RESIDENTS - PHONES));
    const today = localDay(this.#now);
    const days = { firstDay: today - 1, lastDay: today + 5, assurance: 1 } as const;
    const text = issueCard(this.#issuer(kid), { index, ...days }).canonical;
    return { text, expected: { decision: 'granted', kind: 5, index } };
  }

  async #credential(at: number): Promise<LabelledCode> {
    const { phone, index } = this.#phone(at);
    const fields = {
      index,
      lastDay: utcDay(this.#now) + 3,
      assurance: 1 as const,
      holderPublicKey: phone.publicKey,
    };
    const credential = issueCredential(this.#issuer(KID.ed25519), fields);
    const shown = await showCredential(phone, { district: DISTRICT, credential, seconds: this.#moment(at) });
    if (!shown.ok) throw new Error('the credential is for this phone');
    return { text: shown.value.canonical, expected: { decision: 'granted', kind: 2, index } };
  }

  /** @param companion bit of a member of the household who comes along; the holder's own bit is left out */
  async #proof(at: number, companion: number): Promise<LabelledCode> {
    const { phone, index, order } = this.#phone(at);
    const party = companion === 0 ? 0 : 1 << ((order + 1) % 4);
    const of = { district: DISTRICT, seconds: this.#moment(at), index, slot: 0, party };
    const text = (await showProof(phone, of)).canonical;
    return { text, expected: { decision: 'granted', kind: 3, index } };
  }

  #validToken(kid: number): { readonly first: LabelledCode; readonly again: LabelledCode } {
    this.#tokens += 1;
    const index = PHONES + (this.#tokens % (RESIDENTS - PHONES));
    const iat = this.#now - 5 - Math.floor(this.#tokens / (RESIDENTS - PHONES));
    return {
      first: { text: this.#token({ index, kid, iat }), expected: { decision: 'granted', kind: 1, index } },
      again: {
        text: this.#token({ index, kid, iat, ttlMinutes: 59 }),
        expected: { decision: 'refused', refusal: 'already-used', kind: 1, index },
      },
    };
  }

  /** Good for four hours, once. */
  pass(kid: number = KID.ed25519): LabelledCode {
    const passId = this.#newPass();
    return { text: this.#passText({ passId, kid }), expected: { decision: 'granted', kind: 4, passId } };
  }

  #passText(of: { passId: number; kid?: number; hostIndex?: number; community?: number }): string {
    const { passId, kid = KID.ed25519, hostIndex = 0, community = COMMUNITY } = of;
    const span = { from: this.#now - 60, minutes: 240, uses: 1 };
    return issuePass(this.#issuer(kid), { passId, hostIndex, community, ...span }).canonical;
  }

  #token(of: { index: number; kid?: number; iat?: number; ttlMinutes?: number }): string {
    const { index, kid = KID.ed25519, iat = this.#now - 5 - (this.#made % 600), ttlMinutes = 60 } = of;
    return issueToken(this.#issuer(kid), { index, iat, ttlMinutes, assurance: 1 }).canonical;
  }

  /** Seconds that phones of the same number never share. */
  #moment(at: number): number {
    return this.#now + 60 - Math.floor(at / PHONES);
  }

  #phone(at: number): { readonly phone: HolderKey; readonly index: number; readonly order: number } {
    const person = this.#people[at % PHONES];
    if (person?.phone === undefined) throw new Error('the first residents have phones');
    return { phone: person.phone, index: person.index, order: person.order };
  }

  #newPass(): number {
    this.#passes += 1;
    return this.#passes;
  }

  #next(): number {
    this.#made += 1;
    return this.#made;
  }
}

function no(refusal: Refusal, text: string, kind?: number): LabelledCode {
  const decision = refusal === 'needs-guard' ? 'guard' : 'refused';
  return { text, expected: { decision, refusal, ...(kind === undefined ? {} : { kind }) } };
}

/** The last character but nineteen, changed: well-formed, and signed by nobody. */
function forged(text: string): string {
  const at = text.length - 20;
  return `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`;
}

function localDay(seconds: number): number {
  return localTime(seconds, 'Asia/Shanghai').day;
}
