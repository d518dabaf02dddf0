/** Tables of what gates send. Times are Unix milliseconds, `at` is a gate's ISO 8601 text in UTC, flags are 0 or 1. */

export interface JournalRowTable {
  gate: string;
  journal: string;
  seq: number;
  hash: string;
  previous_hash: string;
  digest: string;
  /** null for a row that is past its retention, and with it all below but the last */
  content: string | null;
  at: string | null;
  decision: string | null;
  refusal: string | null;
  /** the resident's index */
  place: number | null;
  pass: number | null;
  received_at: number;
}

export interface EntryPartyTable {
  place: number;
  at: string;
  gate: string;
  journal: string;
  seq: number;
  hash: string;
}

export interface StreamTable {
  gate: string;
  journal: string;
  seq: number;
  hash: string;
  checkpoint: string | null;
  updated_at: number;
}

export interface AlarmTable {
  gate: string;
  id: string;
  alarm: string;
  cleared: number;
  at: string;
  payload: string;
  received_at: number;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
}

export interface LeaseTable {
  name: string;
  worker: string;
  until: number;
}

export interface MissingTable {
  gate: string;
  journal: string;
  from_seq: number;
  /** 1: rows that are stored, wanted once more to find the first that differs; 0: rows that are not here */
  search: number;
  /** null: asked, and nothing new is known since */
  ask_at: number | null;
  asked_at: number | null;
}

export interface ChainCheckTable {
  gate: string;
  journal: string;
  checked_at: number;
  rows: number;
  problem: string | null;
  problem_seq: number | null;
}

/** A gate's health reports of one quarter of an hour, put together. */
export interface GateHealthTable {
  gate: string;
  /** When it began. */
  at: number;
  reports: number;
  /** Scans whose way to the relay was measured, and the sum of their p50. */
  timed: number;
  p50_sum: number;
  /** The worst of its reports. */
  p99_ms: number | null;
  /** The highest, degrees Celsius. */
  temperature: number | null;
  /** Most rows that the district did not have. */
  unsent: number;
  /** The least. */
  free_bytes: number | null;
  /** The worst: 0 synced, 1 holdover, 2 unsure. */
  clock: number;
}
