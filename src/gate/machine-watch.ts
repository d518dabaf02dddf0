import type { MonotonicMs } from '../base/index.ts';
import type { GuardProblem, HealthPayload } from '../wire/index.ts';
import {
  APPENDS_JUDGED,
  COOL_C,
  HOT_C,
  POWER_QUIET_MS,
  QUICK_APPENDS,
  SLOW_APPEND_MS,
  SLOW_APPENDS,
  SLOW_FOR_MS,
} from './limits.ts';

/**
 * Judges the troubles of the gate's own machine: heat, a weak supply, a slow card. It measures nothing and tells nobody; what
 * cannot be measured is no trouble.
 */
export const MACHINE_TROUBLES = ['temperature', 'power', 'storage-slow'] as const satisfies GuardProblem[];
export type MachineTrouble = (typeof MACHINE_TROUBLES)[number];

export type Power = HealthPayload['power'];

export interface MachineSample {
  readonly temperatureC: number | undefined;
  readonly power: Power;
}

export interface MachineChange {
  readonly trouble: MachineTrouble;
  /** It begins; false: it is over. */
  readonly stands: boolean;
}

interface Append {
  readonly at: MonotonicMs;
  readonly isSlow: boolean;
}

export class MachineWatch {
  readonly #standing = new Set<MachineTrouble>();
  #appends: readonly Append[] = [];
  #temperatureC: number | undefined;
  #weakAt = Number.NEGATIVE_INFINITY;

  /** What stands now, with the figure that its banner names. */
  standing(): readonly { readonly problem: MachineTrouble; readonly amount?: number }[] {
    return MACHINE_TROUBLES.filter((trouble) => this.#standing.has(trouble)).map((problem) => ({
      problem,
      ...(problem === 'temperature' && this.#temperatureC !== undefined
        ? { amount: Math.round(this.#temperatureC) }
        : {}),
    }));
  }

  /** A batch of rows was made durable, or was tried to be, in so long. */
  appended(tookMs: number, at: MonotonicMs): void {
    this.#appends = [...this.#appends, { at, isSlow: tookMs >= SLOW_APPEND_MS }].slice(-APPENDS_JUDGED);
  }

  /** @returns what is another since the last look */
  look({ temperatureC, power }: MachineSample, at: MonotonicMs): readonly MachineChange[] {
    this.#temperatureC = temperatureC;
    if (power === 'undervoltage') this.#weakAt = at;
    const is: Readonly<Record<MachineTrouble, boolean>> = {
      temperature: this.#isHot(),
      power: at - this.#weakAt < POWER_QUIET_MS,
      'storage-slow': this.#isSlow(),
    };
    const changes = MACHINE_TROUBLES.filter((trouble) => is[trouble] !== this.#standing.has(trouble));
    for (const trouble of changes) {
      if (is[trouble]) this.#standing.add(trouble);
      else this.#standing.delete(trouble);
    }
    return changes.map((trouble) => ({ trouble, stands: is[trouble] }));
  }

  #isHot(): boolean {
    const bound = this.#standing.has('temperature') ? COOL_C : HOT_C;
    return this.#temperatureC !== undefined && this.#temperatureC >= bound;
  }

  #isSlow(): boolean {
    const slow = this.#appends.filter(({ isSlow }) => isSlow);
    const isQuick =
      this.#appends.length >= QUICK_APPENDS &&
      this.#appends.slice(-QUICK_APPENDS).every(({ isSlow }) => !isSlow);
    if (this.#standing.has('storage-slow')) return !isQuick;
    const [first, last] = [slow[0], slow.at(-1)];
    if (isQuick || slow.length < SLOW_APPENDS || first === undefined || last === undefined) return false;
    return last.at - first.at >= SLOW_FOR_MS;
  }
}
