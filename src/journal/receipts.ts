import type { Receipt } from '../ports/index.ts';

/** The only cast to Receipt in the house. Nothing calls it but a committed append and `emergencyReceipt`. */
export function mintReceipt(journalId: string, seq: number, hash: string): Receipt {
  return { journalId, seq, hash } as Receipt;
}

/** Being told of each use is what switches emergency openings on: there is no silent way. */
export interface EmergencyOpenings {
  /** Red light, buzzer, log: called before the receipt exists. */
  announce(reason: string): void;
}

export type EmergencyRefusal = 'switched-off' | 'journal-works';
