import { timingSafeEqual } from 'node:crypto';
import { encodeBase64url } from '../base/index.ts';
import { RateLimit } from '../http/index.ts';
import type { Clock, Random } from '../ports/index.ts';
import {
  CALLERS_MAX,
  CODE_TRIES,
  CODE_TRIES_WITHIN_MS,
  SESSION_IDLE_MS,
  SESSIONS_MAX,
  WRONG_CODES_MAX,
} from './limits.ts';

/**
 * Who may set a gate up: whoever sits at it, whoever reads the eight figures on its console, and, once it runs, a head guard.
 * Nothing of it is kept on disk: a restarted gate has other figures and nobody inside.
 */
export interface EntranceOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly random: Random;
  /** Told whenever there are new figures; absent: figures let nobody in. */
  readonly tellCode?: (code: string) => void;
}

/** `closed`: no figures let anybody in here. */
export type EntranceRefusal = 'closed' | 'code-wanted' | 'wrong-code' | { readonly waitSeconds: number };

export interface Visitor {
  /** Stands in rows: who answers for what is done. */
  readonly actor: string;
  /** A head guard who signed in under duress: nothing shows it here, a silent alarm goes out with the deed. */
  readonly duress?: true;
}

const INSTALLER = 'installer';
const TOKEN_BYTES = 32;
const FIGURES = 8;

export class SetupEntrance {
  readonly #options: EntranceOptions;
  readonly #tries: RateLimit;
  readonly #open = new Map<string, { readonly visitor: Visitor; seenAt: number }>();
  #code = '';
  #wrong = 0;

  constructor(options: EntranceOptions) {
    this.#options = options;
    const { clock } = options;
    this.#tries = new RateLimit({
      count: CODE_TRIES,
      withinMs: CODE_TRIES_WITHIN_MS,
      callersMax: CALLERS_MAX,
      clock,
    });
    this.#renewCode();
  }

  /** @param caller its address: tries are counted by it, and all wrong ones together */
  enter(who: {
    readonly isHere: boolean;
    readonly headGuard: Visitor | undefined;
    readonly code: string | undefined;
    readonly caller: string;
  }): { readonly token: string } | EntranceRefusal {
    if (who.isHere) return this.#begin({ actor: INSTALLER });
    if (who.headGuard !== undefined) return this.#begin(who.headGuard);
    if (this.#options.tellCode === undefined) return 'closed';
    if (who.code === undefined) return 'code-wanted';
    const waitMs = this.#tries.take(who.caller);
    if (waitMs > 0) return { waitSeconds: Math.ceil(waitMs / 1_000) };
    if (isSame(who.code, this.#code)) return this.#begin({ actor: INSTALLER });
    this.#wrong += 1;
    if (this.#wrong >= WRONG_CODES_MAX) this.#renewCode();
    return 'wrong-code';
  }

  /** @param isDeed what a page asks by itself keeps no session alive @returns undefined for whoever is not inside */
  visitor(token: string | undefined, isDeed: boolean): Visitor | undefined {
    this.#sweep();
    const session = token === undefined ? undefined : this.#open.get(token);
    if (session === undefined) return undefined;
    if (isDeed) session.seenAt = this.#options.clock.monotonic();
    return session.visitor;
  }

  /** Somebody is setting the gate up. */
  get isInUse(): boolean {
    this.#sweep();
    return this.#open.size > 0;
  }

  close(): void {
    this.#open.clear();
  }

  /** Eight, for whoever stands before this machine; undefined: none let anybody in. */
  get figures(): string | undefined {
    return this.#options.tellCode === undefined ? undefined : this.#code;
  }

  #begin(visitor: Visitor): { readonly token: string } {
    this.#sweep();
    const [oldest] = this.#open.keys();
    if (this.#open.size >= SESSIONS_MAX && oldest !== undefined) this.#open.delete(oldest);
    const token = encodeBase64url(this.#options.random.bytes(TOKEN_BYTES));
    this.#open.set(token, { visitor, seenAt: this.#options.clock.monotonic() });
    return { token };
  }

  #sweep(): void {
    const now = this.#options.clock.monotonic();
    for (const [token, { seenAt }] of this.#open)
      if (now - seenAt > SESSION_IDLE_MS) this.#open.delete(token);
  }

  /** Too many wrong tries: whoever tries on begins anew, against other figures. */
  #renewCode(): void {
    const { random, tellCode } = this.#options;
    this.#wrong = 0;
    this.#code = eightFigures(random);
    tellCode?.(this.#code);
  }
}

/** Evenly spread: bytes beyond the last whole ten are passed over. */
function eightFigures(random: Random): string {
  let figures = '';
  while (figures.length < FIGURES)
    for (const byte of random.bytes(FIGURES))
      if (byte < 250 && figures.length < FIGURES) figures += byte % 10;
  return figures;
}

function isSame(said: string, code: string): boolean {
  const [left, right] = [Buffer.from(said), Buffer.from(code)];
  return left.length === right.length && timingSafeEqual(left, right);
}
