/** Tables of staged updates. Times are Unix milliseconds. */
export interface UpdateTables {
  release: ReleaseTable;
  release_gate: ReleaseGateTable;
}

export interface ReleaseTable {
  number: number;
  version: string;
  /** As its makers signed it. */
  text: string;
  address: string;
  /** With commas between. */
  architectures: string;
  expires_at: number;
  registered_at: number;
  registered_by: string;
  /** null: it goes on */
  stopped_by: string | null;
}

export interface ReleaseGateTable {
  release: number;
  gate: string;
  stage: string;
  state: string;
  since: number;
  begun_at: number;
  /** The account whose key signs the order. */
  begun_by: string;
  why: string | null;
  looked_by: string | null;
}
