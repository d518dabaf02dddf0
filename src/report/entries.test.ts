import { describe, expect, test } from 'vitest';
import { simulatedClock } from '../../device/sim/index.ts';
import { memoryLog } from '../../test/twins/broker.ts';
import {
  keyPair,
  memoryCursor,
  type MemoryJournal,
  memoryJournal,
  testSigner,
} from '../../test/twins/gate.ts';
import { type EntriesPayload, entriesPayload } from '../wire/index.ts';
import { Entries } from './entries.ts';
import { HEARD_WAIT_MS } from './limits.ts';
import type { JournalSource } from './source.ts';

const OLD = 'a'.repeat(32);
const NEW = 'b'.repeat(32);

/** A journal that can be set aside: from then on another one stands in its place. */
function sending() {
  let present: MemoryJournal = memoryJournal(OLD);
  const journal: JournalSource = {
    get id() {
      return present.id;
    },
    head: () => present.head(),
    rows: (from, limit) => present.rows(from, limit),
    onAppend: (listener) => present.onAppend(listener),
  };
  const sent: EntriesPayload[] = [];
  const clock = simulatedClock();
  const log = memoryLog();
  const { privateKey, publicKeyHex } = keyPair();
  const entries = new Entries({
    district: 'd-1',
    gate: 'gate-1',
    journal,
    cursor: memoryCursor(),
    signer: testSigner(privateKey, publicKeyHex),
    clock,
    log,
    send: async (payload) => {
      sent.push(entriesPayload.parse(JSON.parse(payload)));
      return 'delivered';
    },
    packetBytesMax: () => 65_536,
    quality: () => 'synced',
  });
  const settled = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    entries,
    sent,
    clock,
    log,
    settled,
    append: (rows: number) => {
      for (let row = 0; row < rows; row += 1) present.append();
    },
    setAside: () => {
      present = memoryJournal(NEW);
    },
    rowsFail: () => {
      present.rows = () => {
        throw new Error('row 2 is not what was written');
      };
    },
    acknowledge: (journalId: string, seq: number) =>
      entries.acknowledge(
        {
          iss: 'd-1',
          aud: 'gate-1',
          iat: 1,
          journal: journalId,
          seq,
          hash: present.rows(seq, 1)[0]?.hash ?? '',
        },
        false,
      ),
  };
}

describe('after a damaged journal was set aside', () => {
  test('N2: the new one goes out from its first row, whatever the old one had reached', async () => {
    const gate = sending();
    gate.append(9);
    gate.entries.connected();
    await gate.settled();
    gate.acknowledge(OLD, 9);
    gate.setAside();
    gate.append(2);
    expect(gate.entries.acked).toBe(0);
    expect(gate.entries.unsent).toBe(2);
    gate.entries.wake();
    await gate.settled();
    expect(gate.sent.at(-1)).toMatchObject({ journal: NEW, rows: [{ seq: 1 }, { seq: 2 }] });
    expect(gate.acknowledge(NEW, 2)).toBe('good');
    expect(gate.entries.acked).toBe(2);
  });
});

describe('a batch that nobody was there to take', () => {
  test('goes again soon after the district has acknowledged less than it holds', async () => {
    const gate = sending();
    gate.append(9);
    gate.entries.connected();
    await gate.settled();
    // The acknowledgement of row 2 was lost with the connection, and the batch that begins anew at row 1 as well.
    expect(gate.acknowledge(OLD, 2)).toBe('good');
    gate.clock.advance(HEARD_WAIT_MS - 1);
    await gate.settled();
    expect(gate.sent).toHaveLength(1);
    gate.clock.advance(1);
    await gate.settled();
    expect(gate.sent).toHaveLength(2);
    expect(gate.sent.at(-1)?.rows.at(-1)?.seq).toBe(9);
  });
});

describe('rows that cannot be read', () => {
  test('are tried again after a while, not in a spin', async () => {
    const gate = sending();
    gate.append(3);
    gate.rowsFail();
    gate.entries.connected();
    await gate.settled();
    for (let step = 0; step < 200; step += 1) {
      gate.clock.advance(5);
      await gate.settled();
    }
    expect(gate.log.lines.length).toBeLessThan(3);
  });
});
