import type { DisplayVerdict } from '../wire/index.ts';

/** What the display shows; the gate adds sequence number and time. */
export type VerdictSign = Omit<DisplayVerdict, 'type' | 'seq' | 'showMs'> & {
  /** The pulse is the longer one. */
  readonly long?: boolean;
  /** Let in on ageing evidence: the guard sees amber. */
  readonly flagged?: boolean;
};
