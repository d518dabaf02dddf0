import type { Refusal } from '../../code/index.ts';

/** The shape of what is said about a refusal. A dictionary that leaves one out does not compile. */

export interface Advice {
  /** One sentence, spoken and shown. */
  readonly sentence: string;
  /** What to do now. */
  readonly next: string;
}

export interface GuardWords {
  /** What happened, in a few words: for lists and the log. */
  readonly cause: string;
  readonly guard: Advice;
}

export interface RefusalWords extends GuardWords {
  readonly resident: Advice;
}

export type GuardDictionary = { readonly [Code in Refusal]: GuardWords };
export type ResidentDictionary = { readonly [Code in Refusal]: Advice };

export type RefusalDictionary = { readonly [Code in Refusal]: RefusalWords };

export interface Words {
  readonly refusals: RefusalDictionary;
  /** The phone's clock minus the gate's; told instead of the plain sentence when it is known. */
  clockOffset(offsetSeconds: number): Advice;
}

/** The two halves of a language as one. */
export function joined(residents: ResidentDictionary, guards: GuardDictionary): RefusalDictionary {
  const codes = Object.keys(guards) as Refusal[];
  return Object.fromEntries(
    codes.map((code) => [code, { ...guards[code], resident: residents[code] }]),
  ) as RefusalDictionary;
}
