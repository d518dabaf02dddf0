import type { SignatureEngine, VerifyNow } from '../verify/index.ts';
import type { GateKey } from './envelope.ts';
import type { Held } from './held.ts';

/** What a document is judged by: the gate it came to, what is held there, and when. */
export interface GateIdentity {
  readonly district: string;
  readonly community: number;
  readonly gate: string;
  readonly pin: string;
  readonly engine: SignatureEngine;
  readonly gateKey?: GateKey;
  readonly plainRoster: boolean;
}

/** `restore`: the document was accepted before and comes from the cache, so its version and age are not judged again. */
export type Occasion = { readonly type: 'accept'; readonly now: TrustNow } | { readonly type: 'restore' };

export type TrustNow = Pick<VerifyNow, 'seconds' | 'quality'>;

export interface Case {
  readonly held: Held;
  readonly identity: GateIdentity;
  readonly occasion: Occasion;
}

/** What a verified time document is evidence of, for the clock. */
export interface SignedTimeSeen {
  /** Unix milliseconds */
  readonly timeMs: number;
  /** The gate's own nonce, in an answer. */
  readonly nonce?: string;
}
