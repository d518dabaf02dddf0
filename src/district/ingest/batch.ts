import type { EntriesPayload } from '../../wire/index.ts';

/** What one gate sent at once. */
export interface Batch {
  readonly gate: string;
  readonly batch: EntriesPayload;
  readonly now: number;
}
