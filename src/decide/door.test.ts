import { describe, expect, it } from 'vitest';
import { AWAITED_MAX, DOOR_DEFAULTS, RELAY_ON_MS_MAX } from './door-state.ts';
import { UNFOLLOWED_MAX } from './door-following.ts';
import { DoorTwin } from './testing.ts';

const door = (...made: ConstructorParameters<typeof DoorTwin>) => new DoorTwin(...made);

describe('with a contact alone', () => {
  it('opened and closed again counts as passed', () => {
    const { events } = door()
      .pulse(1)
      .advance(1_000)
      .input('contact', true)
      .advance(2_000)
      .input('contact', false)
      .advance(60_000);
    expect(events).toEqual(['opened 1', 'closed', 'passed 1']);
  });

  it('never opened is annulled, after the time in which the code opens again', () => {
    const twin = door()
      .pulse(1)
      .advance(DOOR_DEFAULTS.annulMs - 1);
    expect(twin.events).toEqual([]);
    expect(twin.advance(1).events).toEqual(['annulled 1']);
    expect(DOOR_DEFAULTS.annulMs).toBeGreaterThan(15_000);
  });

  it('opened again for the same entry, it is annulled once, no sooner than the new pulse ends', () => {
    const twin = door().pulse(1).advance(14_000).pulse(1).advance(5_999);
    expect(twin.events).toEqual([]);
    expect(twin.advance(60_000).events).toEqual(['annulled 1']);
  });

  it('who stands in the doorway is waited for', () => {
    const twin = door().pulse(1).input('contact', true).advance(25_000);
    expect(twin.events).toEqual(['opened 1']);
    expect(twin.input('contact', false).events).toEqual(['opened 1', 'closed', 'passed 1']);
  });

  it('one opening may be of all who were let in: each counts as used', () => {
    const { events } = door()
      .pulse(1)
      .pulse(2)
      .input('contact', true)
      .input('contact', false)
      .advance(60_000);
    expect(events).toEqual(['opened 1', 'closed', 'passed 1', 'passed 2']);
  });

  it('a door held for the next one counts for him too', () => {
    const { events } = door()
      .pulse(1)
      .input('contact', true)
      .pulse(2)
      .input('contact', false)
      .advance(60_000);
    expect(events).toEqual(['opened 1', 'closed', 'passed 1', 'passed 2']);
  });

  it('a party passes as one', () => {
    expect(door().pulse(1, 3).input('contact', true).input('contact', false).events).toEqual([
      'opened 1',
      'closed',
      'passed 1',
    ]);
  });
});

describe('with a turnstile', () => {
  const turnstile = () => door({ sensor: 'passage' });

  it('each turn is the oldest awaited person’s', () => {
    const { events } = turnstile()
      .pulse(1)
      .pulse(2)
      .input('passage', true)
      .input('passage', false)
      .input('passage', true)
      .advance(60_000);
    expect(events).toEqual(['passed 1', 'passed 2']);
  });

  it('a party turns as often as it has people, and not more', () => {
    const twin = turnstile().pulse(1, 2);
    for (let turn = 0; turn < 3; turn += 1) twin.input('passage', true).input('passage', false);
    expect(twin.advance(60_000).events).toEqual(['passed 1', 'passed 1', 'passed']);
  });

  it('a party of which one passed is not annulled', () => {
    expect(turnstile().pulse(1, 2).input('passage', true).advance(60_000).events).toEqual(['passed 1']);
  });

  it('a contact beside it does not count as passing', () => {
    const { events } = turnstile().pulse(1).input('contact', true).input('contact', false).advance(60_000);
    expect(events).toEqual(['opened 1', 'closed', 'annulled 1']);
  });

  it('a late pulse for an entry that is done brings nothing back', () => {
    const { events } = turnstile()
      .pulse(1)
      .input('passage', true)
      .pulse(1)
      .input('passage', true)
      .advance(60_000);
    expect(events).toEqual(['passed 1', 'passed']);
  });
});

describe('without a sensor a grant is a use', () => {
  it('nothing is annulled and nothing passed', () => {
    expect(door({ sensor: 'none' }).pulse(1).advance(60_000).events).toEqual([]);
  });

  it('nor when the sensor fails while somebody is awaited, or before', () => {
    const twin = door().pulse(1).hear({ type: 'sensor', healthy: false }).pulse(2).advance(60_000);
    expect(twin.events).toEqual([]);
    expect(twin.hear({ type: 'sensor', healthy: true }).pulse(3).advance(60_000).events).toEqual([
      'annulled 3',
    ]);
  });

  it('an entry pushed out by many others counts as used', () => {
    const twin = door();
    for (let entry = 1; entry <= AWAITED_MAX + 1; entry += 1) twin.pulse(entry);
    expect(twin.advance(60_000).events).toHaveLength(AWAITED_MAX);
    expect(twin.events).not.toContain('annulled 1');
  });

  it('a pulse that failed is a fault of that entry, and its code is not freed', () => {
    const twin = door().pulse(1).hear({ type: 'pulse-failed', entry: 1, fault: 'gpio' });
    expect(twin.advance(60_000).told).toEqual([
      { type: 'door', lane: 'north', event: 'fault', entry: 1, detail: 'gpio' },
    ]);
  });
});

describe('forced open', () => {
  it('is opened with no cause', () => {
    expect(door().input('contact', true).events).toEqual(['forced']);
  });

  it.each([
    ['a pulse that just ended', (twin: DoorTwin) => twin.pulse(1).advance(4_999), 'opened 1'],
    ['a pulse that ended long ago', (twin: DoorTwin) => twin.pulse(1).advance(5_000), 'forced'],
    ['the exit button', (twin: DoorTwin) => twin.input('exitButton', true).advance(9_999), 'opened'],
    [
      'the exit button long ago',
      (twin: DoorTwin) => twin.input('exitButton', true).advance(10_000),
      'forced',
    ],
    ['fire', (twin: DoorTwin) => twin.input('fire', true).advance(600_000), 'opened'],
    [
      'a fire that is over',
      (twin: DoorTwin) => twin.input('fire', true).input('fire', false).advance(3_000),
      'forced',
    ],
    [
      'held open on purpose',
      (twin: DoorTwin) => twin.hear({ type: 'hold', open: true }).advance(600_000),
      'opened',
    ],
    [
      'no longer held open',
      (twin: DoorTwin) =>
        twin.hear({ type: 'hold', open: true }).hear({ type: 'hold', open: false }).advance(3_000),
      'forced',
    ],
  ])('%s', (_, before, event) => {
    expect(before(door()).input('contact', true).events.at(-1)).toBe(event);
  });

  it('says nothing of who was awaited: the code is neither freed nor said to have passed', () => {
    const { events } = door()
      .pulse(1)
      .advance(6_000)
      .input('contact', true)
      .input('contact', false)
      .advance(60_000);
    expect(events).toEqual(['forced', 'closed']);
  });
});

describe('held open', () => {
  it('is told once, at its limit', () => {
    const twin = door().pulse(1).input('contact', true).advance(29_999);
    expect(twin.events).not.toContain('held');
    expect(twin.advance(600_000).events.filter((event) => event === 'held')).toHaveLength(1);
  });

  it('is not told while it is held on purpose or in a fire, but from then on', () => {
    const twin = door().hear({ type: 'hold', open: true }).input('contact', true).advance(600_000);
    expect(twin.events).toEqual(['opened']);
    expect(twin.hear({ type: 'hold', open: false }).advance(30_000).events).toEqual(['opened', 'held']);
  });

  it('is told of a door that stood open at the start, and it is not said to be forced', () => {
    expect(new DoorTwin({}, { contact: true }).advance(30_000).events).toEqual(['held']);
  });
});

describe('relay and its read-back', () => {
  it('on without a cause is stuck, within 3 s (docs/threats.md, T19)', () => {
    expect(door().hear({ type: 'relay', on: true }).advance(3_000).told).toMatchObject([
      { event: 'stuck', detail: 'relay-on' },
    ]);
  });

  it('welded after a pulse is stuck within 3 s of its end', () => {
    const twin = door({ sensor: 'none' }).pulse(1).hear({ type: 'relay', on: true }).advance(4_999);
    expect(twin.events).toEqual([]);
    expect(twin.advance(1_000).events).toEqual(['stuck']);
  });

  it('that follows its pulse is fine', () => {
    const twin = door({ sensor: 'none' })
      .pulse(1)
      .hear({ type: 'relay', on: true })
      .advance(3_050)
      .hear({ type: 'relay', on: false });
    expect(twin.advance(60_000).events).toEqual([]);
  });

  it('off though it should be on is a fault, and recovered when it is on', () => {
    const twin = door({ sensor: 'none' }).hear({ type: 'relay', on: false }).pulse(1).advance(2_000);
    expect(twin.events).toEqual(['fault']);
    expect(twin.hear({ type: 'relay', on: true }).events).toEqual(['fault', 'recovered']);
  });

  it('that is let go after a long hold gets the same time to fall', () => {
    const twin = door()
      .hear({ type: 'hold', open: true })
      .hear({ type: 'relay', on: true })
      .advance(600_000)
      .hear({ type: 'hold', open: false });
    expect(twin.advance(1_000).hear({ type: 'relay', on: false }).advance(60_000).events).toEqual([]);
  });

  it('is not wanted on after an order that failed: that was told already', () => {
    const twin = door({ sensor: 'none' }).hear({ type: 'relay', on: false }).pulse(1);
    twin.hear({ type: 'pulse-failed', entry: 1, fault: 'no answer' });
    expect(twin.advance(60_000).events).toEqual(['fault 1']);
  });

  it('rests after its longest time in one piece, however often it was told to open', () => {
    const twin = door({ sensor: 'none' }).pulse(1).hear({ type: 'relay', on: true });
    for (let entry = 2; entry <= 24; entry += 1) twin.advance(2_600).pulse(entry);
    twin.advance(RELAY_ON_MS_MAX - 23 * 2_600).hear({ type: 'relay', on: false });
    expect(twin.advance(60_000).events).toEqual([]);
  });

  it('says nothing in a fire', () => {
    expect(door().input('fire', true).hear({ type: 'relay', on: true }).advance(60_000).events).toEqual([
      'fire',
    ]);
  });
});

describe('a door that does not follow its relay', () => {
  const orders = (twin: DoorTwin, count: number, from = 1) => {
    for (let entry = from; entry < from + count; entry += 1) twin.pulse(entry).advance(20_000);
    return twin;
  };
  const told = (twin: DoorTwin) => twin.told.filter(({ entry }) => entry === undefined);

  it('is told after so many openings of which the contact saw none, once', () => {
    const twin = orders(door(), UNFOLLOWED_MAX - 1);
    expect(told(twin)).toEqual([]);
    orders(twin, 1, UNFOLLOWED_MAX);
    expect(told(twin)).toMatchObject([{ event: 'fault', detail: 'contact-still' }]);
    orders(twin, UNFOLLOWED_MAX, 20);
    expect(told(twin)).toHaveLength(1);
  });

  it('is recovered when the contact moves, by whomever', () => {
    const twin = orders(door(), UNFOLLOWED_MAX).input('contact', true);
    expect(told(twin).map(({ event }) => event)).toEqual(['fault', 'recovered', 'forced']);
    orders(twin.input('contact', false), UNFOLLOWED_MAX - 1, 20);
    expect(told(twin).filter(({ event }) => event === 'fault')).toHaveLength(1);
  });

  it('begins to count anew with each movement', () => {
    const twin = orders(door(), UNFOLLOWED_MAX - 1);
    twin.pulse(30).input('contact', true).input('contact', false).advance(20_000);
    expect(told(orders(twin, UNFOLLOWED_MAX - 1, 40)).filter(({ event }) => event === 'fault')).toEqual([]);
  });

  it('cannot be told of a door without a contact, or of one that stands open', () => {
    expect(told(orders(door({ sensor: 'none' }), 20))).toEqual([]);
    const open = orders(new DoorTwin({}, { contact: true }), 20);
    expect(open.told.filter(({ event }) => event === 'fault')).toEqual([]);
  });

  it('does not count openings that failed, overlap, or came in a fire or while it was held open', () => {
    const failing = door();
    for (let entry = 1; entry < 20; entry += 1)
      failing.pulse(entry).hear({ type: 'pulse-failed', entry, fault: 'no answer' }).advance(20_000);
    const crowd = door({ sensor: 'passage' }, { contact: false });
    for (let entry = 1; entry < 10; entry += 1) crowd.pulse(entry).advance(1_000);
    const fire = orders(door().input('fire', true), 20);
    const held = orders(door().hear({ type: 'hold', open: true }), 20);
    const details = [failing, crowd, fire, held].flatMap((twin) => twin.told.map(({ detail }) => detail));
    expect(details).not.toContain('contact-still');
  });

  it('does not call a welded relay recovered because its door moves', () => {
    const twin = orders(door(), UNFOLLOWED_MAX).hear({ type: 'relay', on: true }).advance(3_000);
    twin.input('contact', true);
    expect(told(twin).map(({ event }) => event)).toEqual(['fault', 'stuck', 'forced']);
    expect(told(twin.hear({ type: 'relay', on: false })).at(-1)?.event).toBe('recovered');
  });

  it('wants to be woken for its judgement, and for nothing more', () => {
    const twin = door({ sensor: 'none' }, { contact: false }).pulse(1);
    expect(twin.wakeAt).toBeDefined();
    expect(twin.advance(60_000).wakeAt).toBeUndefined();
  });
});

describe('what drives the relay', () => {
  const gone = { type: 'driver', ok: false, detail: 'the relay process ended' } as const;

  it('is a fault when it is gone for a while, also while nobody comes, and recovered when it is back', () => {
    const twin = door().hear(gone).advance(3_000);
    expect(twin.told).toMatchObject([{ event: 'fault', detail: 'the relay process ended' }]);
    expect(twin.hear({ type: 'driver', ok: true }).advance(60_000).events).toEqual(['fault', 'recovered']);
  });

  it('may be replaced in a moment without a word', () => {
    expect(
      door().hear(gone).advance(1_500).hear({ type: 'driver', ok: true }).advance(60_000).events,
    ).toEqual([]);
  });

  it('says nothing of the relay while it is gone, and a hold that it has lost is a fault of its own', () => {
    const twin = door().hear({ type: 'hold', open: true }).hear({ type: 'relay', on: true }).advance(5_000);
    twin.hear(gone).hear({ type: 'relay', on: false });
    expect(twin.told).toMatchObject([{ event: 'fault', detail: 'not-held' }]);
    twin.advance(10_000).hear({ type: 'driver', ok: true }).advance(60_000);
    expect(twin.told.map(({ event, detail }) => detail ?? event)).toEqual([
      'not-held',
      'the relay process ended',
      'recovered',
    ]);
  });

  it('wants no waking for a relay of which nobody knows', () => {
    const twin = door().pulse(1).hear({ type: 'relay', on: true }).hear(gone);
    twin.advance(60_000);
    expect(twin.wakeAt).toBeUndefined();
  });

  it('does not call a welded relay recovered by going away', () => {
    const twin = door().hear({ type: 'relay', on: true }).advance(3_000).hear(gone).advance(5_000);
    expect(twin.events).toEqual(['stuck', 'fault']);
    expect(twin.hear({ type: 'driver', ok: true }).advance(5_000).events).toEqual(['stuck', 'fault']);
    expect(twin.hear({ type: 'relay', on: false }).events.at(-1)).toBe('recovered');
  });
});

describe('wired inputs', () => {
  it('are told as they come', () => {
    const twin = door()
      .input('exitButton', true)
      .input('exitButton', false)
      .input('fire', true)
      .input('fire', true);
    twin.input('fire', false).input('tamper', true).input('tamper', false);
    expect(twin.events).toEqual(['exit-button', 'fire', 'fire-cleared', 'tamper', 'tamper-cleared']);
  });

  it('in a fire nobody knows who passes: what was granted counts as used', () => {
    const { events } = door().pulse(1).input('fire', true).input('fire', false).advance(60_000);
    expect(events).toEqual(['fire', 'fire-cleared']);
  });

  it('a start with everything active tells nothing as new', () => {
    const all = { contact: true, passage: true, exitButton: true, fire: true, tamper: true };
    expect(new DoorTwin({}, all).events).toEqual([]);
  });
});
