import type { MonotonicMs } from '../base/index.ts';
import { monotonicMs } from '../base/index.ts';
import type { Refusal } from '../code/index.ts';
import type { Draft } from './draft.ts';
import { reasonOf } from './draft.ts';
import { COUNT_FLUSH_MS, REFUSAL_BURST, REFUSAL_REFILL_MS } from './limits.ts';
import type { Repeats, Tally } from './volatile.ts';

/**
 * Every scan is counted exactly once: it has a row of its own, or it is in the number of a later row
 * (`repeated:17` with the row it repeats, `flooded:17` beyond what is written one by one). So a printed page held to a
 * reader for a day neither fills the disk nor goes unrecorded. Grants take no part: a flood keeps no resident out.
 */

export interface Origin {
  readonly lane?: string;
  readonly reader?: string;
}

export function tallyOf(
  draft: Draft,
  key: string,
  origin: Origin & { readonly at: MonotonicMs; readonly burst?: number },
): Tally {
  const { lane, reader, at, burst = REFUSAL_BURST } = origin;
  const place = { ...(lane !== undefined && { lane }), ...(reader !== undefined && { reader }) };
  const known = draft.next.tallies.get(key);
  if (known === undefined) return { ...place, unreadable: 0, tokens: burst, tokensAt: at };
  const fresh = Math.max(0, Math.floor((at - known.tokensAt) / REFUSAL_REFILL_MS));
  const tokens = Math.min(burst, known.tokens + fresh);
  return { ...known, ...place, tokens, tokensAt: monotonicMs(known.tokensAt + fresh * REFUSAL_REFILL_MS) };
}

/** Counts a scan with the row that it repeats. */
export function countRepeat(
  draft: Draft,
  tally: Tally,
  repeated: { readonly entry: number; readonly refusal?: Refusal; readonly at: MonotonicMs },
): Tally {
  if (tally.repeats?.entry === repeated.entry) {
    return { ...tally, repeats: { ...tally.repeats, count: tally.repeats.count + 1 } };
  }
  const { entry, refusal, at } = repeated;
  const repeats: Repeats = { entry, count: 1, since: at, ...(refusal !== undefined && { refusal }) };
  return { ...writeRepeats(draft, tally), repeats };
}

/** @returns undefined when the burst is spent: the scan has no row and goes into the flood's count */
export function spend(tally: Tally): Tally | undefined {
  return tally.tokens > 0 ? { ...tally, tokens: tally.tokens - 1 } : undefined;
}

export function countFlood(
  draft: Draft,
  tally: Tally,
  { at, count }: { at: MonotonicMs; count: number },
): Tally {
  if (tally.flood !== undefined)
    return { ...tally, flood: { ...tally.flood, count: tally.flood.count + count } };
  const { lane, reader } = tally;
  draft.alarmWithRow('flood', { lane, reader });
  return { ...tally, flood: { count, since: at } };
}

/** Writes down the counts that have waited long enough. */
export function writeDueCounts(draft: Draft, at: MonotonicMs): void {
  for (const [key, tally] of draft.next.tallies) {
    const repeated = isDue(tally.repeats?.since, at) ? writeRepeats(draft, tally) : tally;
    const written = isDue(tally.flood?.since, at) ? writeFlood(draft, repeated, at) : repeated;
    if (written !== tally) draft.tally(key, written);
  }
}

/** Writes down all of them: the gate stops. */
export function writeAllCounts(draft: Draft, at: MonotonicMs): void {
  for (const [key, tally] of draft.next.tallies)
    draft.tally(key, writeFlood(draft, writeRepeats(draft, tally), at));
}

export function writeRepeats(draft: Draft, tally: Tally): Tally {
  const { repeats, ...rest } = tally;
  if (repeats === undefined) return tally;
  const { lane, reader } = tally;
  const { entry, refusal, count } = repeats;
  draft.row({
    decision: 'system',
    reason: reasonOf('repeated', String(count)),
    lane,
    reader,
    entry,
    refusal,
  });
  return rest;
}

/** A flood goes on until so long nothing was added to it; until then its alarm stands. */
function writeFlood(draft: Draft, tally: Tally, at: MonotonicMs): Tally {
  const { flood, ...rest } = tally;
  if (flood === undefined || flood.count === 0) return rest;
  const { lane, reader } = tally;
  draft.row({ decision: 'system', reason: reasonOf('flooded', String(flood.count)), lane, reader });
  return { ...rest, flood: { count: 0, since: at } };
}

function isDue(since: MonotonicMs | undefined, at: MonotonicMs): boolean {
  return since !== undefined && at - since >= COUNT_FLUSH_MS;
}
