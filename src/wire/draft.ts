import type { RowDraft } from './row.ts';

/**
 * A draft in a batch that the journal appends as one. `entryOf` is the place (0 = first) of an earlier draft in the same
 * batch: the journal writes that row's sequence number into `entry`. `entry` and `entryOf` never stand together.
 */
export type BatchDraft = RowDraft & { readonly entryOf?: number };
