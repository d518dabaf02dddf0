/** Append-only hash-chained rows on SQLite: the only room that promises durability, the only one that mints a Receipt. */
export { CHAIN_START, type ChainEnd, checkRow, link as linkRow, type StoredRow } from './chain.ts';
export type { Checkpoint } from './checkpoints-table.ts';
export { Damage, JOURNAL_FAULTS, type JournalFault, type JournalFaultCode } from './faults.ts';
export { openJournal } from './journal.ts';
export type {
  CheckpointTime,
  Journal,
  JournalHealth,
  JournalOptions,
  Priority,
  VerifyReport,
} from './journal-types.ts';
export { APPEND_MEMORY_MAX, APPEND_ROWS_MAX, RESERVE_BYTES, UNSENT_KEPT_MS_MIN } from './limits.ts';
export type { OpenedAt } from './opening.ts';
export type { PurgeReport, PurgeRequest } from './purge.ts';
export { lockJournal } from './lock.ts';
export { listSetAside, type SetAside } from './set-aside.ts';
export type { CursorPosition } from './store.ts';
