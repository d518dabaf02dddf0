import type { Refusal } from '../../code/index.ts';

/** The shape of what is said about a refusal. A dictionary that leaves one out does not compile. */

export interface Advice {
  /** One sentence, spoken and shown. */
  readonly sentence: string;
  /** What to do now. */
  readonly next: string;
}

export interface RefusalWords {
  /** What happened, in a few words: for lists and the log. */
  readonly cause: string;
  readonly resident: Advice;
  readonly guard: Advice;
}

export type RefusalDictionary = { readonly [Code in Refusal]: RefusalWords };

export interface Words {
  readonly refusals: RefusalDictionary;
  /** The phone's clock minus the gate's; told instead of the plain sentence when it is known. */
  clockOffset(offsetSeconds: number): Advice;
}
