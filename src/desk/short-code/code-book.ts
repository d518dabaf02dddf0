import type { MonotonicMs } from '../../base/index.ts';
import {
  SHORT_CODE_SECRET_BYTES,
  shortCodeMessage,
  shortCodeSecretMessage,
  truncated,
} from '../../code/index.ts';
import type { TrustSnapshot } from '../../trust/index.ts';
import { MEMBERS_PER_LOOK, SLICE_MS } from './limits.ts';

/**
 * The short codes of everybody on one roster, for the steps that were asked for. It computes in slices, so that a scan
 * never waits for it, and keeps 32 bytes a member and 4 more for each step that is still accepted.
 */
export type CodedRoster = Pick<TrustSnapshot['roster'], 'indices' | 'shortCodeKey'>;

export interface Computing {
  readonly district: string;
  /** HMAC-SHA-256 */
  readonly hmac: (key: Uint8Array, message: Uint8Array) => Uint8Array;
  readonly monotonic: () => MonotonicMs;
  /** Comes back when everything else that waits has had its turn. */
  readonly pause: () => Promise<void>;
}

export class CodeBook {
  readonly roster: CodedRoster;
  readonly #key: Uint8Array;
  readonly #computing: Computing;
  #secrets: Uint8Array | undefined;
  /** Codes by step, in the order of the roster's indices. */
  readonly #steps = new Map<number, Uint32Array>();

  constructor(roster: CodedRoster, key: Uint8Array, computing: Computing) {
    this.roster = roster;
    this.#key = key;
    this.#computing = computing;
  }

  /** Whose code it is at that step. */
  async membersOf(code: number, step: number): Promise<readonly number[]> {
    const codes = this.#steps.get(step) ?? (await this.#codesAt(step));
    this.#steps.set(step, codes);
    const found: number[] = [];
    for (let at = codes.indexOf(code); at !== -1; at = codes.indexOf(code, at + 1)) {
      const index = this.roster.indices[at];
      if (index !== undefined) found.push(index);
    }
    return found;
  }

  forgetAllBut(steps: readonly number[]): void {
    for (const step of this.#steps.keys()) if (!steps.includes(step)) this.#steps.delete(step);
  }

  async #codesAt(step: number): Promise<Uint32Array> {
    const secrets = this.#secrets ?? (await this.#allSecrets());
    this.#secrets = secrets;
    const codes = new Uint32Array(this.roster.indices.length);
    const message = shortCodeMessage(step);
    await this.#forEach((at) => {
      codes[at] = truncated(this.#computing.hmac(secretAt(secrets, at), message));
    });
    return codes;
  }

  async #allSecrets(): Promise<Uint8Array> {
    const { indices } = this.roster;
    const secrets = new Uint8Array(indices.length * SHORT_CODE_SECRET_BYTES);
    const { district, hmac } = this.#computing;
    await this.#forEach((at) => {
      const message = shortCodeSecretMessage(district, indices[at] ?? 0);
      secrets.set(hmac(this.#key, message), at * SHORT_CODE_SECRET_BYTES);
    });
    return secrets;
  }

  async #forEach(act: (at: number) => void): Promise<void> {
    const { monotonic, pause } = this.#computing;
    let since = monotonic();
    for (let at = 0; at < this.roster.indices.length; at += 1) {
      act(at);
      if (at % MEMBERS_PER_LOOK !== 0 || monotonic() - since < SLICE_MS) continue;
      await pause();
      since = monotonic();
    }
  }
}

function secretAt(secrets: Uint8Array, at: number): Uint8Array {
  return secrets.subarray(at * SHORT_CODE_SECRET_BYTES, (at + 1) * SHORT_CODE_SECRET_BYTES);
}
