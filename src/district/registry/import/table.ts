import type { Both } from '../../../wire/index.ts';

/** What is wrong with a file; never with what stands there. */
export interface FileProblem extends Both {
  /** From 1, as a spreadsheet counts; absent: the whole file. */
  readonly row?: number;
}

export type Table = readonly (readonly string[])[];
