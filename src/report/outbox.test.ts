import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MonotonicMs, monotonicMs } from '../base/index.ts';
import { ACK_WAIT_MAX_MS, ACK_WAIT_MS, HEARD_WAIT_MS } from './limits.ts';
import { type AckVerdict, advance, judgeAck, nextStep, type Outbox, startOutbox } from './outbox.ts';

const at = (milliseconds: number): MonotonicMs => monotonicMs(milliseconds);
const now = at(1_000);

describe('what to send next', () => {
  test('nothing, while the district has everything', () => {
    expect(nextStep(startOutbox(7), { head: 7, now })).toEqual({ do: 'rest' });
  });

  test('from the row after the cursor', () => {
    expect(nextStep(startOutbox(7), { head: 9, now })).toEqual({ do: 'send', from: 8 });
    expect(nextStep(startOutbox(0), { head: 1, now })).toEqual({ do: 'send', from: 1 });
  });

  test('one batch in flight at a time, repeated when no acknowledgement came', () => {
    const outbox = advance(startOutbox(7), { type: 'sent', from: 8, to: 9, at: now });
    const until = at(now + ACK_WAIT_MS);
    expect(nextStep(outbox, { head: 20, now })).toEqual({ do: 'wait', until });
    expect(nextStep(outbox, { head: 20, now: until })).toEqual({ do: 'send', from: 8 });
  });

  test('each repetition waits twice as long, up to a maximum', () => {
    let outbox: Outbox = startOutbox(0);
    const waits = Array.from({ length: 10 }, () => {
      outbox = advance(outbox, { type: 'sent', from: 1, to: 2, at: now });
      return (outbox.inFlight?.until ?? 0) - now;
    });
    expect(waits.slice(0, 3)).toEqual([ACK_WAIT_MS, 2 * ACK_WAIT_MS, 4 * ACK_WAIT_MS]);
    expect(waits.at(-1)).toBe(ACK_WAIT_MAX_MS);
  });

  test('an acknowledgement of the whole batch makes way for the next', () => {
    const outbox = advance(advance(startOutbox(7), { type: 'sent', from: 8, to: 9, at: now }), {
      type: 'acknowledged',
      seq: 9,
    });
    expect(outbox).toEqual({ acked: 9, next: 10, repetitions: 0 });
  });

  test('an acknowledgement of a part moves the cursor, and the batch still waits for the rest', () => {
    const outbox = advance(advance(startOutbox(7), { type: 'sent', from: 8, to: 12, at: now }), {
      type: 'acknowledged',
      seq: 9,
    });
    expect(outbox.acked).toBe(9);
    expect(outbox.inFlight?.to).toBe(12);
  });

  test('the district is heard again: the wait for the batch becomes short, and longer each time', () => {
    const once = advance(startOutbox(7), { type: 'sent', from: 8, to: 9, at: now });
    expect(nextStep(advance(once, { type: 'heard', at: now }), { head: 9, now })).toEqual({
      do: 'wait',
      until: at(now + HEARD_WAIT_MS),
    });
    const twice = advance(once, { type: 'sent', from: 8, to: 9, at: now });
    expect(advance(twice, { type: 'heard', at: now }).inFlight?.until).toBe(now + 2 * HEARD_WAIT_MS);
  });

  test('after a reconnect, again from the row after the cursor', () => {
    const outbox = advance(advance(startOutbox(7), { type: 'sent', from: 8, to: 200, at: now }), {
      type: 'reconnected',
    });
    expect(nextStep(outbox, { head: 300, now })).toEqual({ do: 'send', from: 8 });
  });

  test('asked again: from that row, and the cursor stays', () => {
    const outbox = advance(startOutbox(100), { type: 'asked-again', from: 40 });
    expect(outbox.acked).toBe(100);
    expect(nextStep(outbox, { head: 100, now })).toEqual({ do: 'send', from: 40 });
    const sent = advance(outbox, { type: 'sent', from: 40, to: 60, at: now });
    const acked = advance(sent, { type: 'acknowledged', seq: 60 });
    expect(acked.acked).toBe(100);
    expect(nextStep(acked, { head: 100, now })).toEqual({ do: 'send', from: 61 });
  });

  test('asked for rows that were never sent: goes on from the cursor', () => {
    expect(advance(startOutbox(5), { type: 'asked-again', from: 99 }).next).toBe(6);
    expect(advance(startOutbox(5), { type: 'asked-again', from: 0 }).next).toBe(1);
  });

  test('the cursor never moves backwards, whatever happens', () => {
    const event = fc.oneof(
      fc.record({ type: fc.constant('acknowledged' as const), seq: fc.nat(50) }),
      fc.record({ type: fc.constant('asked-again' as const), from: fc.nat(60) }),
      fc.constant({ type: 'timed-out' as const }),
      fc.constant({ type: 'reconnected' as const }),
      fc
        .tuple(fc.integer({ min: 1, max: 50 }), fc.nat(10))
        .map(([from, more]) => ({ type: 'sent' as const, from, to: from + more, at: now })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let outbox: Outbox = startOutbox(3);
        for (const each of events) {
          const after = advance(outbox, each);
          expect(after.acked).toBeGreaterThanOrEqual(outbox.acked);
          if (each.type !== 'acknowledged') expect(after.acked).toBe(outbox.acked);
          expect(after.next).toBeGreaterThanOrEqual(1);
          outbox = after;
        }
      }),
    );
  });
});

describe('an acknowledgement', () => {
  const facts = {
    journal: 'a',
    acked: 5,
    head: 9,
    hashOf: (seq: number) => (seq >= 3 && seq <= 9 ? `h${seq}` : undefined),
  };
  const table: [string, { journal: string; seq: number; hash: string }, AckVerdict][] = [
    ['names the journal and the hash of its own row', { journal: 'a', seq: 8, hash: 'h8' }, 'good'],
    ['names the head', { journal: 'a', seq: 9, hash: 'h9' }, 'good'],
    ['names a row beyond the head', { journal: 'a', seq: 10, hash: 'h10' }, 'beyond-head'],
    ['names another journal', { journal: 'b', seq: 8, hash: 'h8' }, 'other-journal'],
    ['names another hash', { journal: 'a', seq: 8, hash: 'h7' }, 'hash-mismatch'],
    ['is where the cursor stands', { journal: 'a', seq: 5, hash: 'h5' }, 'old'],
    ['lies before the cursor', { journal: 'a', seq: 3, hash: 'h3' }, 'old'],
    ['lies before the cursor with another hash', { journal: 'a', seq: 4, hash: 'x' }, 'hash-mismatch'],
    ['names a row that is gone', { journal: 'a', seq: 2, hash: 'h2' }, 'old'],
    ['says that nothing is stored', { journal: 'a', seq: 0, hash: '0' }, 'old'],
  ];
  test.each(table)('%s', (_, ack, verdict) => {
    expect(judgeAck(ack, facts)).toBe(verdict);
  });
});
