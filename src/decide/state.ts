import { assert, type MonotonicMs, monotonicMs } from '../base/index.ts';
import type { MemoryChange } from '../wire/index.ts';
import { COUNT_FLUSH_MS, GRANTS_MAX, READERS_MAX } from './limits.ts';
import { MemoryStore, type MemoryView } from './memory.ts';
import type { Outcome } from './outcome.ts';
import type { Tally, Volatile } from './volatile.ts';

/**
 * The state of a gate: what outlives a power cut (memory), and what need not (volatile). Deciding reads it; only `apply`
 * takes it on. What is volatile errs on the safe side when lost: a grant that nobody remembers is a used code.
 */
export interface ReadState {
  readonly memory: MemoryView;
  readonly volatile: Volatile;
}

export interface GateState extends ReadState {
  readonly memory: MemoryStore;
}

/** Stands for the sequence number of the first row of the outcome, until the journal has given it. */
export const FIRST_ROW = 0;
/** Stands for a row that could not be written. */
export const NO_ROW = -1;

const EMPTY: Volatile = { grants: [], tallies: new Map(), wrongTries: new Map(), forgetBefore: 0 };

/** The state after a start: what was durable, and nothing else. A grant that was open is a use. */
export function restore(memory: Iterable<MemoryChange>, nowSeconds: number): GateState {
  const store = new MemoryStore();
  for (const change of memory) {
    if (change.until === undefined || change.until >= nowSeconds) store.write(change);
  }
  return { memory: store, volatile: EMPTY };
}

/**
 * The state after the journal was read again or begun anew while the gate was at work: nothing that is known is forgotten,
 * for what could be read of a damaged file may be less. Openings of before mean nothing in the new journal; they are uses.
 * @returns also what is known and was not read: it is to be written down again
 */
export function rejoin(
  state: GateState,
  memory: Iterable<MemoryChange>,
  nowSeconds: number,
): { readonly state: GateState; readonly missing: readonly MemoryChange[] } {
  const read = restore(memory, nowSeconds);
  const missing: MemoryChange[] = [];
  for (const change of state.memory.changes()) {
    if (change.until !== undefined && change.until < nowSeconds) continue;
    if (read.memory.get(change.key, nowSeconds) !== change.value) missing.push(change);
  }
  for (const change of missing) read.memory.write(change);
  return { state: { ...read, volatile: carriedOver(state.volatile) }, missing };
}

/** Scans that wait to be counted still count, with no row of the new journal to be counted with. */
function carriedOver({ tallies, wrongTries, forgetBefore }: Volatile): Volatile {
  const carried = [...tallies].map(([reader, { last: _, repeats, ...tally }]): [string, Tally] => [
    reader,
    { ...tally, ...(repeats && { repeats: { ...repeats, entry: NO_ROW } }) },
  ]);
  return { grants: [], tallies: new Map(carried), wrongTries, forgetBefore };
}

/**
 * Takes the state on, once the outcome's rows and memory are durable. The memory is changed in place, the old state must
 * not be used any more.
 * @param firstSeq sequence number that the journal gave the first row; undefined when there was no row, or when a row
 * without memory could not be written
 */
export function apply(state: GateState, outcome: Outcome, firstSeq: number | undefined): GateState {
  for (const change of outcome.memory) state.memory.write(change);
  state.memory.sweep(outcome.next.forgetBefore);
  assert(outcome.next.grants.length <= GRANTS_MAX, 'open grants have a limit');
  assert(outcome.next.tallies.size <= READERS_MAX, 'readers have a limit');
  return { memory: state.memory, volatile: numbered(outcome.next, firstSeq ?? NO_ROW) };
}

/** When a `timer` is wanted next; undefined: nothing waits. */
export function wakeAt(state: ReadState): MonotonicMs | undefined {
  let soonest: number | undefined;
  for (const tally of state.volatile.tallies.values()) {
    for (const counted of [tally.repeats, tally.flood]) {
      if (counted === undefined) continue;
      soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, counted.since + COUNT_FLUSH_MS);
    }
  }
  return soonest === undefined ? undefined : monotonicMs(soonest);
}

/** Who is inside, by index, and since when (Unix seconds). */
export function insideNow(state: ReadState, nowSeconds: number): Map<number, number> {
  const inside = new Map<number, number>();
  for (const [index, since] of state.memory.all('inside', nowSeconds))
    inside.set(Number(index), Number(since));
  return inside;
}

export function isLockedDown(state: ReadState, lane: string, nowSeconds: number): boolean {
  return ['*', lane].some((each) => state.memory.get(`lockdown/${each}`, nowSeconds) !== undefined);
}

function numbered(next: Volatile, firstSeq: number): Volatile {
  const told = <Linked extends { readonly entry: number }>(linked: Linked): Linked =>
    linked.entry === FIRST_ROW ? { ...linked, entry: firstSeq } : linked;
  const tallies = new Map<string, Tally>();
  for (const [reader, tally] of next.tallies) {
    tallies.set(reader, {
      ...tally,
      ...(tally.last && { last: told(tally.last) }),
      ...(tally.repeats && { repeats: told(tally.repeats) }),
    });
  }
  return { ...next, grants: next.grants.map(told), tallies };
}
