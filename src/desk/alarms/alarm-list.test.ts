import { describe, expect, it } from 'vitest';
import type { RowDraft } from '../../wire/index.ts';
import { DeskTwin, FORCED, GUARD } from '../testing.ts';
import { AlarmList } from './alarm-list.ts';
import { ALARMS_OPEN_MAX, ALARMS_SEEN_MAX } from './limits.ts';

function desk() {
  const twin = new DeskTwin();
  const list = new AlarmList(twin.deskGate);
  let seen = 0;
  const read = () => {
    for (const row of twin.rows().slice(seen)) list.see(row, twin.journal.id);
    seen = twin.rows().length;
  };
  const raise = (draft: Partial<RowDraft>) => {
    twin.row(draft);
    read();
    return list.known.at(-1);
  };
  return { twin, list, read, raise };
}

describe('a gate’s alarms', () => {
  it.each([
    [{ decision: 'door', door: 'forced', lane: 'north' }, 'forced', undefined],
    [{ decision: 'door', door: 'held', lane: 'north', reason: '45 s' }, 'held-open', '45 s'],
    [{ decision: 'system', reason: 'alarm:flood', lane: 'north', reader: 'scanner' }, 'flood', undefined],
    [{ decision: 'system', reason: 'reader-lost:unplugged', reader: 'scanner' }, 'reader-lost', 'unplugged'],
    [{ decision: 'system', reason: 'look-up:visitor:over', actor: 'g-07' }, 'look-ups', 'g-07'],
    [{ decision: 'system', reason: 'clock:holdover to unsure' }, 'clock', undefined],
    [{ decision: 'system', reason: 'expiry:policy: 7 days' }, 'expiry', 'policy: 7 days'],
    [{ decision: 'system', reason: 'desk-abuse:many' }, 'desk-abuse', 'many'],
    [{ decision: 'system', reason: 'command-rejected:nonce', actor: 'o-1' }, 'command-rejected', 'nonce'],
    [{ decision: 'system', reason: 'alarm:emergency', actor: 'g-07' }, 'emergency', undefined],
  ] as const)('%j is %s', (draft, alarm, detail) => {
    const { raise } = desk();
    expect(raise(draft)).toMatchObject({ type: 'alarm', alarm, ...(detail === undefined ? {} : { detail }) });
  });

  it.each([
    { decision: 'system', reason: 'alarm:duress', actor: 'g-07' },
    { decision: 'system', reason: 'alarm:' },
    { decision: 'system', reason: 'clock:unsure to synced' },
    { decision: 'system', reason: 'look-up:visitor', actor: 'g-07' },
    { decision: 'system', reason: 'started' },
    { decision: 'manual', reason: 'alarm:fire', actor: 'g-07', lane: 'north' },
    { decision: 'door', door: 'fire-cleared', lane: 'north' },
    { decision: 'door', door: 'passed', lane: 'north', entry: 1 },
  ] as const)('%j is none for the guard', (draft) => {
    expect(desk().raise(draft)).toBeUndefined();
  });

  it('are known by the names that the district has for them', () => {
    const { raise, twin } = desk();
    expect(raise({ decision: 'door', door: 'forced', lane: 'north' })?.id).toBe(
      `${twin.journal.id.slice(0, 8)}-1`,
    );
    expect(raise({ decision: 'system', reason: 'alarm:flood' })?.id).toBe(
      `${twin.journal.id.slice(0, 8)}-2-flood`,
    );
  });

  it('wait until somebody has acknowledged them, by a row, also over a restart', () => {
    const { raise, list, read, twin } = desk();
    const id = raise({ decision: 'door', door: 'forced', lane: 'north' })?.id ?? '';
    expect(list.acknowledge(id, GUARD)).toEqual({ ok: true, value: undefined });
    expect(twin.rows().at(-1)).toMatchObject({
      decision: 'system',
      actor: 'g-07',
      reason: `acknowledge:${id}`,
    });
    read();
    expect(list.known).toMatchObject([{ id, acknowledged: { by: 'g-07' } }]);
    const again = new AlarmList(twin.deskGate);
    for (const row of twin.rows()) again.see(row, twin.journal.id);
    expect(again.known).toEqual(list.known);
    // Another guard was quicker: nothing is written twice.
    expect(again.acknowledge(id, { ...GUARD, account: 'g-08' }).ok).toBe(true);
    expect(twin.rows()).toHaveLength(2);
  });

  it('that are not open, or cannot be written down, are not acknowledged', () => {
    const { raise, list, twin } = desk();
    expect(list.acknowledge('nothing', GUARD)).toEqual({ ok: false, error: 'alarm-unknown' });
    const id = raise({ decision: 'door', door: 'forced', lane: 'north' })?.id ?? '';
    twin.isFull = true;
    expect(list.acknowledge(id, GUARD)).toEqual({ ok: false, error: 'not-recorded' });
    expect(list.known).toHaveLength(1);
  });

  it('of duress are none, whoever asks for them by their name', () => {
    const { list, read, twin } = desk();
    twin.takeManual({ type: 'manual', verb: 'sign-in', actor: 'g-07', reason: 'desk', duress: true });
    read();
    expect(list.known).toEqual([]);
    expect(list.acknowledge(`${twin.journal.id.slice(0, 8)}-2-duress`, FORCED)).toEqual({
      ok: false,
      error: 'alarm-unknown',
    });
  });

  it('are kept up to a limit, the open ones apart from those that somebody saw to', () => {
    const { raise, list, read } = desk();
    for (let row = 0; row < ALARMS_OPEN_MAX + 50; row += 1) raise({ decision: 'door', door: 'forced' });
    expect(list.known).toHaveLength(ALARMS_OPEN_MAX);
    for (const { id } of list.known.slice(0, ALARMS_SEEN_MAX + 10)) list.acknowledge(id, GUARD);
    read();
    expect(list.known.filter(({ acknowledged }) => acknowledged !== undefined)).toHaveLength(ALARMS_SEEN_MAX);
  });
});
