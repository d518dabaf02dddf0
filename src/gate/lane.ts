import type { Reader } from '../ports/index.ts';
import type { Direction } from '../wire/index.ts';
import type { DoorKeeper } from './door-keeper.ts';

/** One way through the gate: its readers and its door. */
export interface Lane {
  readonly id: string;
  readonly direction: Direction;
  readonly readers: readonly Reader[];
  readonly door: DoorKeeper;
  /** The reader types like a keyboard, so that its layout may be wrong. */
  isKeyboard(reader: string): boolean;
  /** Name of the lane's rules in the signed policy. */
  readonly rulesName: string;
  /** Length of an opening where the signed policy names none. */
  readonly pulseMs?: number;
}
