import { unixSeconds } from '../base/index.ts';
import type { MemoryChange, UsedElsewhereItem } from '../wire/index.ts';
import { Draft } from './draft.ts';
import type { Now, Setting } from './evidence.ts';
import { SEEN_MAX, SEEN_SECONDS, SEEN_SECONDS_MAX } from './limits.ts';
import type { MemoryView } from './memory.ts';
import type { Outcome } from './outcome.ts';

/**
 * Codes that sister gates of the community have just used. They are matched by the hash of a code actually shown, so
 * announcing locks nobody out, and believed only from gates that the signed policy lists.
 */

export interface SeenWay {
  readonly count: number;
  /** Unix seconds of the newest use; 0: none. */
  readonly last: number;
}

export interface Seen {
  readonly in: SeenWay;
  readonly out: SeenWay;
}

const UNSEEN: Seen = { in: { count: 0, last: 0 }, out: { count: 0, last: 0 } };

export function seenElsewhere(memory: MemoryView, codeHash: string, seconds: number): Seen {
  const value = memory.get(`seen/${codeHash}`, seconds);
  if (value === undefined) return UNSEEN;
  const [inCount = 0, inLast = 0, outCount = 0, outLast = 0] = value.split(',').map(Number);
  return { in: { count: inCount, last: inLast }, out: { count: outCount, last: outLast } };
}

/** No row: the sister gate has it. The memory is durable, so that a restart forgets no use. */
export function decideUsed(item: UsedElsewhereItem, setting: Setting, now: Now): Outcome {
  const draft = new Draft(setting.state, now);
  // A broker gives our own words back to us.
  if (item.gate === setting.gate || setting.policy.gates[item.gate] === undefined) return draft.finish();
  const seconds = unixSeconds(now.wall);
  const { memory } = setting.state;
  const key = `seen/${item.code}`;
  const before = seenElsewhere(memory, item.code, seconds);
  const after = {
    in: item.direction === 'out' ? before.in : more(before.in, item.at),
    out: item.direction === 'in' ? before.out : more(before.out, item.at),
  };
  if (after.in === before.in && after.out === before.out) return draft.finish();
  const value = [after.in.count, after.in.last, after.out.count, after.out.last].join(',');
  draft.remember(...makeRoom(memory, key), { key, value, until: seenUntil(item, seconds) });
  return draft.finish();
}

/** The same word twice, or an older one, is one use. */
function more(way: SeenWay, at: number): SeenWay {
  return at > way.last ? { count: way.count + 1, last: at } : way;
}

function seenUntil(item: UsedElsewhereItem, seconds: number): number {
  const end = item.expiresAt ?? seconds + SEEN_SECONDS;
  return Math.min(Math.max(end, seconds + SEEN_SECONDS), seconds + SEEN_SECONDS_MAX);
}

function makeRoom(memory: MemoryView, key: string): MemoryChange[] {
  const oldest = memory.oldest('seen');
  return memory.size('seen') >= SEEN_MAX && oldest !== undefined && oldest !== key ? [{ key: oldest }] : [];
}
