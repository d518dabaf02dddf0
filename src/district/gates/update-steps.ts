import type { UpdateStage, UpdateState, UpdateTold } from '../../wire/index.ts';
import { UPDATE_ANSWER_MS, UPDATE_AWAY_MS, UPDATE_STEADY_MS } from '../limits.ts';

/**
 * One gate's way through an update, by what it says of itself. It only judges: a gate is in order again when it runs the
 * release and has stayed in order for a while, and whatever fails stays failed until somebody looks.
 */
export interface GateOrder {
  readonly gate: string;
  readonly stage: UpdateStage;
  readonly state: UpdateState;
  /** Unix milliseconds since it is in this state, and since its stage was begun. */
  readonly since: number;
  readonly begunAt: number;
  readonly why?: string;
  /** Who has looked at the failure. */
  readonly lookedBy?: string;
}

/** What is known of a gate now. */
export interface GateWord {
  /** It is heard, and none of its doors is out of order. */
  readonly isInOrder: boolean;
  /** Number of the release that it runs. */
  readonly release?: number;
  /** Its own row about this release, written since it was ordered. */
  readonly told?: UpdateTold;
}

/** Of these, an order that was given twice is told; the first goes on. */
const NO_FAILURE = new Set(['busy', 'runs-already']);

/** @param release that was ordered; @param now Unix milliseconds */
export function stepped(
  order: GateOrder,
  { release, word, now }: { readonly release: number; readonly word: GateWord; readonly now: number },
): GateOrder {
  if (order.state === 'queued' || order.state === 'failed') return order;
  const next = nextOf(order, { ...word, runs: (word.release ?? 0) >= release, goneMs: now - order.since });
  if (next === undefined) return order;
  const { why: _, ...rest } = order;
  return { ...rest, ...next, since: now };
}

interface Seen extends GateWord {
  readonly runs: boolean;
  /** Since it is in its state. */
  readonly goneMs: number;
}

/** @returns undefined where nothing has changed */
function nextOf({ state }: GateOrder, seen: Seen): Pick<GateOrder, 'state' | 'why'> | undefined {
  const failure = failureOf(seen.told);
  if (failure !== undefined) return { state: 'failed', why: failure };
  if (state === 'ordered') return answered(seen);
  if (!seen.runs) return { state: 'failed', why: 'back' };
  if (state === 'back') return watched(seen);
  return state === 'away' ? awaited(seen) : undefined;
}

function answered({ runs, isInOrder, goneMs }: Seen) {
  if (runs) return { state: isInOrder ? 'back' : 'away' } as const;
  return goneMs > UPDATE_ANSWER_MS ? ({ state: 'failed', why: 'no-answer' } as const) : undefined;
}

function watched({ isInOrder, goneMs }: Seen) {
  if (!isInOrder) return { state: 'away' } as const;
  return goneMs >= UPDATE_STEADY_MS ? ({ state: 'healthy' } as const) : undefined;
}

function awaited({ isInOrder, goneMs }: Seen) {
  if (isInOrder) return { state: 'back' } as const;
  return goneMs > UPDATE_AWAY_MS ? ({ state: 'failed', why: 'lost' } as const) : undefined;
}

function failureOf(told: UpdateTold | undefined): string | undefined {
  if (told === undefined || told.outcome === 'done') return undefined;
  if (told.outcome !== 'refused') return told.outcome;
  return told.why !== undefined && NO_FAILURE.has(told.why) ? undefined : (told.why ?? 'refused');
}
