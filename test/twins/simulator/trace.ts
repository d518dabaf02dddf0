import type { ClockQuality } from '../../../src/base/index.ts';
import type { Priority } from '../../../src/journal/index.ts';
import type { Receipt } from '../../../src/ports/index.ts';
import type { BatchDraft, ChainedRow, MemoryChange } from '../../../src/wire/index.ts';

/**
 * Everything that was seen of a simulated gate from outside, in the order in which it happened: what went in at the readers, what
 * the journal acknowledged, what the relays did. The checker proves the invariants from this alone.
 */
export type TraceEvent = Stamp & Seen;

export interface Stamp {
  /** 0, 1, 2, …: each start of the service is another life. */
  readonly life: number;
  /** True time, Unix milliseconds: what no part of the gate knows. */
  readonly trueMs: number;
  /** Of this life's machine. */
  readonly monotonic: number;
}

export type Seen =
  | Started
  | { readonly type: 'end'; readonly how: 'stop' | 'kill' | 'power' }
  /** A lane's queue took a text. */
  | { readonly type: 'scan'; readonly lane: string; readonly reader: string; readonly what: string }
  /** A text that was lost on its way. */
  | { readonly type: 'dropped'; readonly lane: string; readonly reader: string }
  /** The journal failed while the last of them was told. */
  | { readonly type: 'drop-unwritten' }
  /** The pipeline looks at a code that could be parsed. */
  | { readonly type: 'judged'; readonly codeHash: string }
  | Appended
  | {
      readonly type: 'append-failed';
      readonly priority: Priority;
      readonly drafts: readonly BatchDraft[];
    }
  | { readonly type: 'open'; readonly lane: string; readonly receipt: Receipt; readonly pulseMs: number }
  | { readonly type: 'hold'; readonly lane: string; readonly receipt: Receipt; readonly open: boolean }
  /** `when`: monotonic; the switching may be noticed later than it was. */
  | { readonly type: 'relay'; readonly lane: string; readonly on: boolean; readonly when: number }
  | SentOrder
  | { readonly type: 'manual'; readonly verb: string; readonly actor: string; readonly reason: string }
  /** A status list came to hold. */
  | {
      readonly type: 'list';
      readonly subject: 'residents' | 'visitors';
      readonly states: ReadonlyMap<number, number>;
    }
  | { readonly type: 'versions'; readonly versions: ReadonlyMap<string, number> }
  | { readonly type: 'signed-time'; readonly atMs: number }
  /** The district said, signed, that it has stored this row. */
  | { readonly type: 'acknowledged'; readonly journal: string; readonly seq: number; readonly hash: string }
  | { readonly type: 'cursor'; readonly journal: string; readonly seq: number; readonly hash: string }
  | { readonly type: 'purged'; readonly seconds: number }
  /** The wall clock is believed from here on, and it lies. */
  | { readonly type: 'clock-lied' }
  | { readonly type: 'clock'; readonly what: string }
  | { readonly type: 'note'; readonly what: string };

export interface SentOrder {
  readonly type: 'command';
  readonly jti: string;
  readonly counter: number;
  /** A gate may carry it out; `unsure`: only while it does not know the time; `as-before`: the same token comes again. */
  readonly mayAct: 'yes' | 'no' | 'unsure' | 'as-before';
  /** What is wrong with it. */
  readonly fraud: string;
}

export interface Started {
  readonly type: 'start';
  readonly journal: string | undefined;
  /** What the journal remembers; undefined: it could not be read. */
  readonly memory: readonly MemoryChange[] | undefined;
  /** The wall clock is believed at this start, and it lies. */
  readonly lies: boolean;
}

export interface Appended {
  readonly type: 'appended';
  readonly journal: string;
  readonly rows: readonly ChainedRow[];
  readonly memory: readonly MemoryChange[];
  /** false: it is durable, but the process died before it could hear so. */
  readonly heard: boolean;
}

/** One line each, for whoever replays a seed. */
export function describeEvent(event: TraceEvent): string {
  const { type, life, trueMs, monotonic, ...rest } = event;
  const at = new Date(trueMs).toISOString().slice(11, 23);
  return `${life} ${at} +${Math.round(monotonic)} ${type} ${said(type, rest)}`;
}

export function describeRow(
  row: Pick<ChainedRow, 'seq' | 'at' | 'clock' | 'decision'> & Partial<ChainedRow>,
): string {
  const { previousHash: _previous, digest: _digest, hash: _hash, seq, at, clock, decision, ...more } = row;
  return `#${seq} ${at} ${clock satisfies ClockQuality} ${decision} ${JSON.stringify(more)}`;
}

function said(type: Seen['type'], rest: object): string {
  if (type === 'appended' && 'rows' in rest && 'memory' in rest)
    return `${(rest.rows as ChainedRow[]).map(describeRow).join('; ')} ${JSON.stringify(rest.memory)}`;
  return JSON.stringify(rest, (_, value: unknown) => (value instanceof Map ? [...value] : value)).slice(
    0,
    400,
  );
}
