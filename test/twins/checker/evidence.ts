import type { StoredRow } from '../../../src/journal/index.ts';
import type { ChainedRow } from '../../../src/wire/index.ts';
import type { ShownCode } from '../simulator/district.ts';
import type { TraceEvent } from '../simulator/trace.ts';
import type { LanePlan } from '../simulator/world.ts';

/** What the checker is given, and how it speaks. It knows no rule of the gate's own code; it reads the standard again. */

export const INVARIANTS = [
  'J1',
  'J2',
  'J3',
  'R1',
  'R2',
  'A1',
  'A2',
  'A3',
  'A4',
  'C1',
  'C3',
  'N1',
  'P1',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
  /** Place in the trace. */
  readonly at: number;
}

export interface Evidence {
  readonly trace: readonly TraceEvent[];
  /** Rows that are durable at the end. */
  readonly rows: readonly StoredRow[];
  readonly codes: ReadonlyMap<string, ShownCode>;
  readonly lanes: readonly LanePlan[];
  readonly logLines: readonly string[];
  readonly buildMs: number;
}

/** Says what is broken, at the present place of the trace. */
export type Say = (invariant: Invariant, detail: string) => void;

/** One rule's memory; it is told every event in its order. */
export interface Proof {
  see(event: TraceEvent, at: number): void;
  /** When everything is over. */
  end?(at: number): void;
}

export type Seen<Type extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: Type }>;

/** A row with what is known of the event that it came with. */
export interface RowSeen {
  readonly row: ChainedRow;
  readonly event: Seen<'appended'>;
}

export function secondsOf(row: ChainedRow): number {
  return Math.floor(Date.parse(row.at) / 1_000);
}
