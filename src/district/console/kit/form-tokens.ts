import { createHmac, timingSafeEqual } from 'node:crypto';
import { toHex } from '../../../base/index.ts';
import type { Clock, Random } from '../../../ports/index.ts';
import { FORM_TOKEN_MS, FORM_TOKENS_USED_MAX, FORM_SESSIONS_MAX } from '../limits.ts';

/**
 * One-time tokens of forms, bound to the session that was shown the page: a form of another site has none, and a form that
 * is sent twice opens no door twice. Only spent ones are remembered.
 */
export class FormTokens {
  readonly #key: Uint8Array;
  readonly #random: Random;
  readonly #clock: Clock;
  /** Spent tokens by session, the session used last at the end. */
  readonly #spent = new Map<string, Set<string>>();

  constructor({ random, clock }: { readonly random: Random; readonly clock: Clock }) {
    this.#key = random.bytes(32);
    this.#random = random;
    this.#clock = clock;
  }

  give(session: string): string {
    const body = `${toHex(this.#random.bytes(12))}.${this.#clock.wall() + FORM_TOKEN_MS}`;
    return `${body}.${this.#sign(session, body)}`;
  }

  /** @returns true once for each token that was given to that session */
  take(session: string, token: string): boolean {
    const [nonce = '', until = '', signature = ''] = token.split('.');
    if (!this.#isOurs(session, `${nonce}.${until}`, signature)) return false;
    if (this.#clock.wall() > Number(until)) return false;
    const spent = this.#spentOf(session);
    if (spent.has(nonce)) return false;
    spent.add(nonce);
    return true;
  }

  #isOurs(session: string, body: string, signature: string): boolean {
    const [given, right] = [Buffer.from(signature), Buffer.from(this.#sign(session, body))];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #sign(session: string, body: string): string {
    return createHmac('sha256', this.#key).update(`${session}\n${body}`).digest('hex');
  }

  #spentOf(session: string): Set<string> {
    const spent = this.#spent.get(session) ?? new Set<string>();
    this.#spent.delete(session);
    this.#spent.set(session, spent);
    dropOldest(this.#spent, FORM_SESSIONS_MAX);
    dropOldest(spent, FORM_TOKENS_USED_MAX - 1);
    return spent;
  }
}

function dropOldest(kept: Map<string, unknown> | Set<string>, sizeMax: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= sizeMax) return;
    kept.delete(oldest);
  }
}
