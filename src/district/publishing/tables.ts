/** Tables of what is published. */
export interface PublishingTables {
  sealed_roster: SealedRosterTable;
  registry_news: RegistryNewsTable;
  list_change: ListChangeTable;
  list_uptake: ListUptakeTable;
}

/** The newest roster of each gate, as only the gate can open it: sealing thousands again is no part of a start. */
interface SealedRosterTable {
  gate: string;
  /** Names the gate's key and the roster. */
  mark: string;
  text: string;
}

/** How often another process than the leader has changed a community. */
interface RegistryNewsTable {
  community: number;
  changes: number;
}

/** How long a gate took to hold a version of a list, as the district heard it. */
interface ListUptakeTable {
  list: string;
  version: number;
  gate: string;
  after_ms: number;
  /** Unix milliseconds */
  at: number;
}

/** The newest change of a place, and the version of its list that was the first to carry it. */
interface ListChangeTable {
  list: string;
  place: number;
  version: number;
  /** Unix milliseconds */
  at: number;
}
