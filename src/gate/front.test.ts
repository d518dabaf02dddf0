import { describe, expect, it } from 'vitest';
import { monotonicMs } from '../base/index.ts';
import type { InboxItem, Scan } from '../ports/index.ts';
import { Front, INBOX_ITEMS_MAX, LANE_SCANS_MAX } from './front.ts';

function front() {
  const told: InboxItem[] = [];
  return { front: new Front(['main', 'side'], (item) => told.push(item)), told };
}

function scan(text: string): Scan {
  return { reader: 'scanner', text, at: monotonicMs(0) };
}

describe('the front of a gate', () => {
  it('holds so many scans a lane, then makes a patient reader wait', async () => {
    const { front: gate } = front();
    const sink = gate.sink({ lane: 'main', reader: 'scanner' });
    for (let count = 0; count < LANE_SCANS_MAX; count += 1) expect(sink.offer(scan(`${count}`))).toBe(true);
    expect(sink.offer(scan('one more'))).toBe(false);
    const room = sink.room();
    expect((await gate.nextScan('main'))?.text).toBe('0');
    await room;
    expect(sink.offer(scan('one more'))).toBe(true);
    expect(gate.depth()).toBe(LANE_SCANS_MAX);
  });

  it('keeps lanes apart', () => {
    const { front: gate } = front();
    const main = gate.sink({ lane: 'main', reader: 'scanner' });
    while (main.offer(scan('x')));
    expect(gate.sink({ lane: 'side', reader: 'other' }).offer(scan('y'))).toBe(true);
  });

  it('tells at once of dropped scans and of readers lost and found', () => {
    const { front: gate, told } = front();
    const sink = gate.sink({ lane: 'main', reader: 'scanner' });
    sink.dropped('keys-lost');
    sink.changed({ reader: 'scanner', state: 'starting' });
    sink.changed({ reader: 'scanner', state: 'lost', detail: 'unplugged' });
    sink.changed({ reader: 'scanner', state: 'ready' });
    expect(told).toEqual([
      { type: 'reader', reader: 'scanner', lane: 'main', event: 'dropped', count: 1, detail: 'keys-lost' },
      { type: 'reader', reader: 'scanner', lane: 'main', event: 'lost', detail: 'unplugged' },
      { type: 'reader', reader: 'scanner', lane: 'main', event: 'ready' },
    ]);
  });

  it('takes so many items of the network, and says no to more', async () => {
    const { front: gate } = front();
    const item: InboxItem = { type: 'system', event: 'clock' };
    let taken = 0;
    while (gate.offer(item)) taken += 1;
    expect(taken).toBe(INBOX_ITEMS_MAX);
    await gate.nextItem();
    expect(gate.offer(item)).toBe(true);
  });

  it('gives what it holds after it has closed, and then nothing', async () => {
    const { front: gate } = front();
    gate.sink({ lane: 'main', reader: 'scanner' }).offer(scan('last'));
    gate.close();
    expect([(await gate.nextScan('main'))?.text, await gate.nextScan('main')]).toEqual(['last', undefined]);
  });
});
