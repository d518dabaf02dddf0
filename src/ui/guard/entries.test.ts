import { describe, expect, test } from 'vitest';
import type { GuardEntry } from '../../wire/index.ts';
import {
  alikeAlarms,
  ENTRIES_MAX,
  lastVerdict,
  type Shown,
  WAITING_MAX_MS,
  waitingOf,
  withAlarm,
  withEntry,
} from './entries.ts';

const AT = '2026-11-20T10:04:09.000Z';
const NOW = Date.parse(AT);

function row(seq: number, part: Partial<GuardEntry> = {}): GuardEntry {
  return { type: 'entry', seq, at: AT, clock: 'synced', lane: 'in', decision: 'granted', people: 1, ...part };
}

function list(...rows: readonly GuardEntry[]): readonly Shown[] {
  return rows.reduce<readonly Shown[]>(withEntry, []);
}

describe('the list of entries', () => {
  test('is newest first, in whatever order the rows are told, and each once', () => {
    expect(list(row(2), row(5), row(3), row(5)).map(({ seq }) => seq)).toEqual([5, 3, 2]);
  });

  test('what became of an entry stands in its own line', () => {
    const rows = list(row(2), row(3, { decision: 'door', door: 'passed', entry: 2 }));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ seq: 2, outcome: 'passed' });
  });

  test('a door that nobody was let through by has a line of its own', () => {
    expect(list(row(3, { decision: 'door', door: 'forced' }))).toHaveLength(1);
  });

  test('what the gate says of itself is no entry', () => {
    expect(list(row(3, { decision: 'system' }))).toEqual([]);
  });

  test(`keeps ${ENTRIES_MAX}`, () => {
    const many = list(...Array.from({ length: ENTRIES_MAX + 1 }, (_, at) => row(at + 1)));
    expect(many).toHaveLength(ENTRIES_MAX);
    expect(many.at(-1)?.seq).toBe(2);
  });

  test('the last verdict of a lane is none of its door', () => {
    const rows = list(row(2), row(3, { decision: 'door', door: 'exit-button' }), row(4, { lane: 'out' }));
    expect(lastVerdict(rows, 'in')?.seq).toBe(2);
  });
});

describe('who waits for the guard', () => {
  const asks = (seq: number) => row(seq, { decision: 'guard', refusal: 'needs-guard' });
  const seqs = (rows: readonly Shown[], dismissed: readonly number[] = [], now = NOW) =>
    waitingOf(rows, new Set(dismissed), now).map(({ seq }) => seq);

  test('the one who waits longest is first', () => {
    expect(seqs(list(asks(2), row(3), asks(4)))).toEqual([2, 4]);
  });

  test('waits no longer when a guard’s row answers', () => {
    expect(seqs(list(asks(2), row(3, { decision: 'manual', entry: 2 })))).toEqual([]);
  });

  test('waits no longer when dismissed', () => {
    expect(seqs(list(asks(2), asks(3)), [2])).toEqual([3]);
  });

  test('waits no longer when it is too long ago', () => {
    expect(seqs(list(asks(2)), [], NOW + WAITING_MAX_MS - 1)).toEqual([2]);
    expect(seqs(list(asks(2)), [], NOW + WAITING_MAX_MS)).toEqual([]);
  });
});

test('an alarm that is told again takes its own place', () => {
  const alarm = { type: 'alarm', id: 'a', alarm: 'forced', at: AT } as const;
  const seen = { ...alarm, acknowledged: { by: 'g-07', at: AT } };
  expect(withAlarm(withAlarm([], alarm), seen)).toEqual([seen]);
});

test('alarms of one name at one place are one line, at the place of their first', () => {
  const alarm = { type: 'alarm', at: AT } as const;
  const open = [
    { ...alarm, id: 'a', alarm: 'expiry' },
    { ...alarm, id: 'b', alarm: 'held-open', lane: 'in' },
    { ...alarm, id: 'c', alarm: 'expiry' },
    { ...alarm, id: 'd', alarm: 'held-open', lane: 'out' },
  ] as const;
  const ids = alikeAlarms(open).map((alike) => alike.map(({ id }) => id));
  expect(ids).toEqual([['a', 'c'], ['b'], ['d']]);
});
