import { describe, expect, it } from 'vitest';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { guardMessage } from '../../wire/index.ts';
import { AlarmList } from '../alarms/alarm-list.ts';
import { DeskTwin, GUARD, pageTwin } from '../testing.ts';
import { ENTRIES_KEPT_MAX, PAGES_MAX } from './limits.ts';
import { LivePages } from './live-pages.ts';

function desk() {
  const twin = new DeskTwin([{ index: 11, display: '张*' }]);
  const clock = new SteppedClock();
  const alarms = new AlarmList(twin.deskGate);
  const live = new LivePages({ work: twin.work, clock, alarms: () => alarms.known });
  live.start();
  twin.journal.onAppend((row) => {
    live.row(row, twin.journal.id);
    const alarm = alarms.see(row, twin.journal.id);
    if (alarm !== undefined) live.alarm(alarm);
  });
  const open = (lastId?: string) => {
    const page = pageTwin();
    const end = live.listen(GUARD, page, lastId);
    return { ...page, end };
  };
  return { twin, clock, live, open };
}

describe('a guard’s page', () => {
  it('begins with the state, then the alarms that are open, then the newest entries', () => {
    const { twin, open } = desk();
    twin.row({ decision: 'door', door: 'forced', lane: 'north' });
    twin.row({ decision: 'granted', lane: 'north', direction: 'in', kind: 1, index: 11, party: [12] });
    const { told } = open();
    expect(told.map(({ event }) => event)).toEqual(['state', 'alarm', 'entry', 'entry']);
    for (const { message } of told) guardMessage.parse(message);
    expect(told.at(-1)?.message).toMatchObject({ seq: 2, display: '张*', people: 2, decision: 'granted' });
  });

  it('is told each entry once, as soon as its row is durable, and only what concerns a guard', () => {
    const { twin, open } = desk();
    const { ofType } = open();
    twin.takeManual({
      type: 'manual',
      verb: 'open',
      lane: 'north',
      actor: 'g-07',
      reason: 'let-in:child',
      index: 11,
    });
    twin.row({ decision: 'door', door: 'opened', lane: 'north', entry: 1 });
    twin.row({ decision: 'door', door: 'passed', lane: 'north', entry: 1 });
    twin.row({ decision: 'system', reason: 'started' });
    expect(ofType('entry')).toMatchObject([
      { seq: 1, decision: 'manual', actor: 'g-07', reason: 'let-in:child', display: '张*' },
      { seq: 3, decision: 'door', door: 'passed', entry: 1 },
    ]);
  });

  it('shows no name for a visitor’s pass, whose index is the host', () => {
    const { twin, open } = desk();
    const { ofType } = open();
    twin.row({ decision: 'guard', refusal: 'needs-guard', kind: 4, passId: 40, index: 11, lane: 'north' });
    expect(ofType('entry')).toMatchObject([{ index: 11, kind: 4 }]);
    expect(ofType('entry')[0]).not.toHaveProperty('display');
  });

  it('learns nothing of a silent alarm', () => {
    const { twin, open } = desk();
    const page = open();
    twin.takeManual({
      type: 'manual',
      verb: 'open',
      lane: 'north',
      actor: 'g-07',
      reason: 'let-in:child',
      duress: true,
    });
    expect(page.told.map(({ event }) => event)).toEqual(['state', 'entry']);
    expect(JSON.stringify([page.told, open().told])).not.toContain('duress');
  });

  it('that comes back is told what it has missed', () => {
    const { twin, open } = desk();
    const first = open();
    for (let row = 0; row < 5; row += 1) twin.row({ decision: 'granted', index: 11, lane: 'north' });
    const id = first.told.filter(({ event }) => event === 'entry')[2]?.id;
    expect(
      open(id)
        .ofType('entry')
        .map(({ seq }) => seq),
    ).toEqual([4, 5]);
    expect(open('unknown-1').ofType('entry')).toHaveLength(5);
  });

  it('begins with so many entries, and with none of a journal that was replaced', () => {
    const { twin, open, live } = desk();
    for (let row = 0; row < ENTRIES_KEPT_MAX + 10; row += 1) twin.row({ decision: 'granted', lane: 'north' });
    expect(open().ofType('entry')).toHaveLength(ENTRIES_KEPT_MAX);
    const [row] = twin.rows();
    if (row !== undefined) live.row(row, 'cd'.repeat(16));
    expect(open().ofType('entry')).toHaveLength(1);
  });

  it('hears of the state when it changes, and of an age by the minute', () => {
    const { twin, clock, open } = desk();
    const page = open();
    clock.step(3_000);
    expect(page.ofType('state')).toHaveLength(1 + 1);
    twin.problems = [{ problem: 'uplink', amount: 61 }];
    for (const change of twin.changes) change();
    twin.problems = [{ problem: 'uplink', amount: 119 }];
    clock.step(2_000);
    expect(page.ofType('state')).toHaveLength(3);
    twin.problems = [{ problem: 'uplink', amount: 120 }];
    clock.step(2_000);
    expect(page.ofType('state').at(-1)?.['problems']).toEqual([{ problem: 'uplink', amount: 120 }]);
  });

  it('is told that its session is over, and no other page is', () => {
    const { live, open } = desk();
    const mine = open();
    const other = pageTwin();
    live.listen({ ...GUARD, session: 's2' }, other);
    live.signedOut(GUARD, 'idle');
    expect([mine.ofType('signed-out'), mine.isFinished()]).toEqual([
      [{ type: 'signed-out', why: 'idle' }],
      true,
    ]);
    expect([other.ofType('signed-out'), other.isFinished()]).toEqual([[], false]);
  });

  it('has its place as long as there is one, and gives it back', () => {
    const { open } = desk();
    const pages = Array.from({ length: PAGES_MAX }, () => open());
    expect(open().end).toBeUndefined();
    pages[0]?.end?.();
    expect(open().end).toBeDefined();
  });

  it('waits for a desk that is still reading the journal back', () => {
    const twin = new DeskTwin();
    const live = new LivePages({ work: twin.work, clock: new SteppedClock(), alarms: () => [] });
    expect(live.listen(GUARD, pageTwin())).toBeUndefined();
    live.start();
    expect(live.listen(GUARD, pageTwin())).toBeDefined();
    live.stop();
  });
});
