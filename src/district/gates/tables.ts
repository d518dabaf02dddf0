/** Tables of a gate's life: its certificates, the keys its name has had, and how it ended. */
export interface GateTables {
  gate_certificate: GateCertificateTable;
  /** Device keys that no longer speak for the name. */
  gate_key: GateKeyTable;
  gate_life: GateLifeTable;
}

interface GateCertificateTable {
  /** hex, upper case */
  serial: string;
  gate: string;
  issued_at: number;
  not_after: number;
  revoked_at: number | null;
}

interface GateKeyTable {
  gate: string;
  device_key: string;
  ended_at: number;
  why: 'replaced' | 'retired' | 'stolen';
}

interface GateLifeTable {
  gate: string;
  /** null: it lives */
  state: 'retired' | 'stolen' | null;
  since: number;
  reason: string | null;
  /** Its broker password as mosquitto keeps it: `$7$…`; null when it has a certificate. */
  broker_hash: string | null;
}
