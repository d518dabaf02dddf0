import type { Receipt } from '../ports/index.ts';

/** The only cast to Receipt in the house. Nothing calls it but a committed append. */
export function mintReceipt(journalId: string, seq: number, hash: string): Receipt {
  return { journalId, seq, hash } as Receipt;
}
