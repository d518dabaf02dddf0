/** What the doctor says: one thing each, with how bad it is. The words are in `words/`; figures and names are filled in there. */

export const CHECKS = [
  'configuration',
  'gate',
  'folder',
  'clock',
  'trust',
  'journal',
  'reader',
  'door',
  'broker',
  'district',
  'pages',
  'guards',
  'machine',
] as const;
export type Check = (typeof CHECKS)[number];

/**
 * `stops`: no code opens, or nothing can be recorded. `hurts`: something is out of order or soon will be. `unchecked`: could not
 * be looked at, so nothing is claimed. `note`: worth knowing. `well`: looked at and in order.
 */
export const LEVELS = ['stops', 'hurts', 'unchecked', 'note', 'well'] as const;
export type Level = (typeof LEVELS)[number];

export interface Finding {
  readonly check: Check;
  readonly level: Level;
  /** Names the sentence: a key of the words. */
  readonly code: string;
  /** Which one, where there are several: a reader, a lane, a document. */
  readonly about?: string;
  /** Filled into the sentence. Never a secret and nothing about a person. */
  readonly values?: Values;
}

export type Values = Readonly<Record<string, string | number>>;

/** What was looked at; `unseen` says in a word or two why it could not be. */
export type Looked<Seen> = { readonly seen: Seen } | { readonly unseen: string };

export const EXIT_OF_LEVEL: Readonly<Record<Level, 0 | 1 | 2>> = {
  stops: 2,
  hurts: 1,
  unchecked: 1,
  note: 0,
  well: 0,
};

/** Worst first within the order of the checks is of no use to who mends: the worst come first of all. */
export function sorted(findings: readonly Finding[]): Finding[] {
  const rank = ({ level, check }: Finding) => LEVELS.indexOf(level) * CHECKS.length + CHECKS.indexOf(check);
  return [...findings].sort((left, right) => rank(left) - rank(right));
}

/** 0: looked at everything, all in order. 1: something hurts or could not be looked at. 2: the gate cannot do its work. */
export function exitOf(findings: readonly Finding[]): 0 | 1 | 2 {
  return findings.reduce<0 | 1 | 2>((worst, { level }) => {
    const exit = EXIT_OF_LEVEL[level];
    return exit > worst ? exit : worst;
  }, 0);
}

export function found(
  check: Check,
  level: Level,
  said: { readonly code: string; readonly about?: string; readonly values?: Values },
): Finding {
  return { check, level, ...said };
}

export const unchecked = (check: Check, why: string): Finding =>
  found(check, 'unchecked', { code: `${check}-unchecked`, values: { why } });
