import { assert, type MonotonicMs, monotonicMs } from '../base/index.ts';
import { ACK_WAIT_MAX_MS, ACK_WAIT_MS, HEARD_WAIT_MS } from './limits.ts';

/**
 * What to send next. The journal is the outbox; this is only the place in it. Pure.
 * The cursor moves forward alone, and only by an acknowledgement that `judgeAck` found good.
 *
 *     1 … acked │ acked+1 … next-1: in flight │ next … head: not yet sent
 */
export interface Outbox {
  /** Last row that the district is known to have stored: the cursor. */
  readonly acked: number;
  /** First row of the next batch. It falls back at a reconnect, a time-out, or when the district asks again. */
  readonly next: number;
  readonly inFlight?: { readonly from: number; readonly to: number; readonly until: MonotonicMs };
  /** Batches sent since the last acknowledgement. */
  readonly repetitions: number;
}

export type OutboxEvent =
  | { readonly type: 'sent'; readonly from: number; readonly to: number; readonly at: MonotonicMs }
  | { readonly type: 'acknowledged'; readonly seq: number }
  /** No acknowledgement came in time, or the broker did not take the batch. */
  | { readonly type: 'timed-out' }
  /** The district spoke, and of an earlier row than the batch ends with: it is there and may not have the batch. */
  | { readonly type: 'heard'; readonly at: MonotonicMs }
  | { readonly type: 'reconnected' }
  | { readonly type: 'asked-again'; readonly from: number };

export type OutboxStep =
  | { readonly do: 'send'; readonly from: number }
  | { readonly do: 'wait'; readonly until: MonotonicMs }
  | { readonly do: 'rest' };

export function startOutbox(acked: number): Outbox {
  assert(acked >= 0, 'a cursor counts rows');
  return { acked, next: acked + 1, repetitions: 0 };
}

export function nextStep(outbox: Outbox, present: { head: number; now: MonotonicMs }): OutboxStep {
  const { inFlight } = outbox;
  if (inFlight !== undefined && present.now < inFlight.until) return { do: 'wait', until: inFlight.until };
  const from = inFlight?.from ?? outbox.next;
  return from <= present.head ? { do: 'send', from } : { do: 'rest' };
}

export function advance(outbox: Outbox, event: OutboxEvent): Outbox {
  switch (event.type) {
    case 'sent':
      return sent(outbox, event);
    case 'acknowledged':
      return acknowledged(outbox, event.seq);
    case 'timed-out':
      return withoutFlight(outbox, outbox.inFlight?.from ?? outbox.next);
    case 'heard':
      return sooner(outbox, event.at);
    case 'reconnected':
      return { ...startOutbox(outbox.acked), next: Math.min(outbox.next, outbox.acked + 1) };
    case 'asked-again':
      // The cursor stays: rows are sent again from here, what is acknowledged remains so.
      return withoutFlight(outbox, Math.max(1, Math.min(event.from, outbox.acked + 1)));
  }
}

export interface AckFacts {
  readonly journal: string;
  readonly acked: number;
  readonly head: number;
  /** Hash of the gate's own row; undefined when it has no such row. */
  hashOf(seq: number): string | undefined;
}

/** `old` is no fault: a retained acknowledgement comes again with every connection. */
export type AckVerdict = 'good' | 'old' | 'other-journal' | 'beyond-head' | 'hash-mismatch';

/** Rule 1 of docs/mqtt.md, on an acknowledgement whose signature holds. */
export function judgeAck(ack: { journal: string; seq: number; hash: string }, facts: AckFacts): AckVerdict {
  if (ack.journal !== facts.journal) return 'other-journal';
  if (ack.seq > facts.head) return 'beyond-head';
  if (ack.seq === 0) return 'old';
  const own = facts.hashOf(ack.seq);
  if (own !== ack.hash) return own === undefined && ack.seq <= facts.acked ? 'old' : 'hash-mismatch';
  return ack.seq <= facts.acked ? 'old' : 'good';
}

function sent(outbox: Outbox, event: { from: number; to: number; at: MonotonicMs }): Outbox {
  assert(event.from >= 1 && event.from <= event.to, 'a batch has rows');
  const waitMs = Math.min(ACK_WAIT_MAX_MS, ACK_WAIT_MS * 2 ** Math.min(outbox.repetitions, 20));
  return {
    acked: outbox.acked,
    next: event.to + 1,
    inFlight: { from: event.from, to: event.to, until: monotonicMs(event.at + waitMs) },
    repetitions: outbox.repetitions + 1,
  };
}

/** Waits shorter for the batch in flight, and longer each time, so that two who disagree do not spin. */
function sooner(outbox: Outbox, at: MonotonicMs): Outbox {
  const { inFlight, repetitions } = outbox;
  if (inFlight === undefined) return outbox;
  const until = at + HEARD_WAIT_MS * 2 ** Math.min(repetitions - 1, 20);
  return { ...outbox, inFlight: { ...inFlight, until: monotonicMs(Math.min(inFlight.until, until)) } };
}

function acknowledged(outbox: Outbox, seq: number): Outbox {
  const acked = Math.max(outbox.acked, seq);
  const { inFlight } = outbox;
  if (inFlight !== undefined && seq < inFlight.to) return { ...outbox, acked };
  return { acked, next: Math.max(outbox.next, seq + 1), repetitions: 0 };
}

function withoutFlight(outbox: Outbox, next: number): Outbox {
  return { acked: outbox.acked, next, repetitions: outbox.repetitions };
}
