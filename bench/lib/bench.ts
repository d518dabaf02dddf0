import type { Report } from './report.ts';

/** How a bench is asked. */
export interface Asked {
  /** Fewer rounds and smaller data: for a look in between, not for the record. */
  readonly quick: boolean;
  /** Of pictures made anew; absent: the bench's own. */
  readonly seed?: number;
}

/** Nothing to measure here, and why. */
export interface Skipped {
  readonly skipped: string;
}

export type Bench = (asked: Asked) => Promise<Report | Skipped>;
