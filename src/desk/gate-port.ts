import type { Result, WallMs } from '../base/index.ts';
import type { ManualItem, SystemItem } from '../ports/index.ts';

/** What the desk asks of the gate that it stands at. Whatever it wants done goes in here as data and is settled there. */
export interface DeskGate {
  readonly gate: string;
  /** Effective time: it never falls below the gate's floor. */
  now(): WallMs;
  /** Settled at once. @returns the sequence number of its durable row, or why there is none and nothing was done */
  takeManual(item: ManualItem): Result<{ readonly row: number }, string>;
  /** For what this machine itself says. */
  take(item: SystemItem): void;
}
