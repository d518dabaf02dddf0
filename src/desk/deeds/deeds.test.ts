import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeedBody, deedBody } from '../../wire/index.ts';
import { DeskTwin, FORCED, GUARD } from '../testing.ts';
import { Deeds, type SecondVerdict } from './deeds.ts';

let names = 0;
function deed(body: object): DeedBody {
  names += 1;
  const once = `deed-number-${String(names).padStart(8, '0')}`;
  return deedBody.parse({ once, ...('entry' in body ? {} : { lane: 'north' }), ...body });
}
const LET_IN = { deed: 'let-in', reason: 'no-phone', index: 11 } as const;
const SECOND = { account: 'g-08', secret: '480592' };

function desk(verdict: SecondVerdict = { ok: true, duress: false }) {
  const twin = new DeskTwin();
  const asked: object[] = [];
  const deeds = new Deeds({
    gate: twin.deskGate,
    work: twin.work,
    isSecond: (second) => {
      asked.push(second);
      return Promise.resolve(verdict);
    },
  });
  const last = () => {
    const {
      previousHash: _previous,
      digest: _digest,
      hash: _hash,
      at: _at,
      clock: _clock,
      ...row
    } = twin.rows().at(-1) ?? ({} as never);
    return row;
  };
  const pulses = () => twin.gate.pulses.length;
  return { twin, deeds, asked, last, pulses };
}

describe('a guard’s deed', () => {
  it.each([
    [
      { ...LET_IN, party: [12] },
      { decision: 'manual', reason: 'let-in:no-phone', index: 11, party: [12] },
    ],
    [
      { deed: 'visitor', reason: 'host-asked', index: 11, people: 3 },
      { reason: 'visitor:host-asked/3', index: 11 },
    ],
    [{ deed: 'delivery', reason: 'parcel' }, { reason: 'delivery:parcel' }],
    [{ deed: 'emergency', reason: 'police' }, { reason: 'emergency:police' }],
    [{ deed: 'end-hold', reason: 'over' }, { reason: 'end-hold:over' }],
    [
      { deed: 'lock-down', reason: 'threat' },
      { reason: 'lock-down:threat', lane: 'north' },
    ],
    [{ deed: 'release', reason: 'over', lane: undefined }, { reason: 'release:over' }],
  ])('%j has its row with deed, reason and who', async (body, row) => {
    const { deeds, twin } = desk();
    const answer = await deeds.take(deed(body), GUARD);
    expect(answer).toMatchObject({ ok: true, value: { row: 1 } });
    expect(twin.rows()[0]).toMatchObject({ decision: 'manual', actor: 'g-07', ...row });
  });

  it('opens for as many as come, and longer for who needs it', async () => {
    const { deeds, twin } = desk();
    await deeds.take(deed({ ...LET_IN, party: [12, 13], long: true }), GUARD);
    await deeds.take(deed({ deed: 'visitor', reason: 'host-came', index: 11, people: 4 }), GUARD);
    expect(twin.gate.pulses).toMatchObject([{ people: 3, pulseMs: 10_000 }, { people: 4 }]);
  });

  it('that opens can be taken back within ten seconds, by whomever', async () => {
    const { deeds, twin, last } = desk();
    const opened = await deeds.take(deed(LET_IN), GUARD);
    expect(opened).toEqual({ ok: true, value: { row: 1, undoMs: 10_000 } });
    twin.gate.advance(9_000);
    const undo = { deed: 'undo', entry: 1, reason: 'did-not-enter' };
    expect(await deeds.take(deed(undo), { ...GUARD, account: 'g-08' })).toEqual({
      ok: true,
      value: { row: 2, undoMs: 0 },
    });
    expect(last()).toEqual({
      seq: 2,
      decision: 'door',
      door: 'undone',
      lane: 'north',
      entry: 1,
      actor: 'g-08',
      reason: 'undo:did-not-enter',
    });
    expect(await deeds.take(deed(undo), GUARD)).toMatchObject({ error: { problem: 'nothing-to-undo' } });
  });

  it('on a lane that is not here, or for a row that is not there, is not done', async () => {
    const { deeds, twin } = desk();
    expect(await deeds.take(deed({ ...LET_IN, lane: 'west' }), GUARD)).toMatchObject({
      error: { problem: 'lane-unknown' },
    });
    expect(await deeds.take(deed({ ...LET_IN, lane: 'north', entry: 5 }), GUARD)).toMatchObject({
      error: { problem: 'person-unknown' },
    });
    expect(twin.rows()).toEqual([]);
  });

  it('under duress looks as usual', async () => {
    const { deeds, twin } = desk();
    expect(await deeds.take(deed(LET_IN), FORCED)).toEqual({ ok: true, value: { row: 1, undoMs: 10_000 } });
    expect(twin.rows().map(({ reason }) => reason)).toEqual(['let-in:no-phone', 'alarm:duress']);
  });
});

describe('holding a door open', () => {
  const HOLD = { deed: 'hold', reason: 'removal', second: SECOND };
  it('takes two guards, and each has a row', async () => {
    const { deeds, twin, asked } = desk();
    expect(await deeds.take(deed(HOLD), GUARD, '10.0.0.7')).toEqual({
      ok: true,
      value: { row: 1, undoMs: 0 },
    });
    expect(asked).toEqual([{ ...SECOND, address: '10.0.0.7' }]);
    expect(twin.rows()).toMatchObject([
      { decision: 'manual', actor: 'g-07', reason: 'hold:removal' },
      { decision: 'system', actor: 'g-08', reason: 'second:hold', entry: 1 },
    ]);
    expect(JSON.stringify(twin.rows())).not.toContain(SECOND.secret);
  });

  it('is not done with oneself, nor with a wrong secret, and says for how long to wait', async () => {
    const same = desk();
    const own = { ...HOLD, second: { ...SECOND, account: 'g-07' } };
    expect(await same.deeds.take(deed(own), GUARD)).toEqual({ ok: false, error: { problem: 'second-same' } });
    expect(same.asked).toEqual([]);
    const wrong = desk({ ok: false, problem: 'locked', waitSeconds: 30 });
    expect(await wrong.deeds.take(deed(HOLD), GUARD)).toEqual({
      ok: false,
      error: { problem: 'locked', waitSeconds: 30 },
    });
    expect([...same.twin.rows(), ...wrong.twin.rows()]).toEqual([]);
  });

  it('by a second guard who is forced raises the silent alarm', async () => {
    const { deeds, twin } = desk({ ok: true, duress: true });
    await deeds.take(deed(HOLD), GUARD);
    expect(twin.gate.effects).toMatchObject([{ type: 'hold' }, { alarm: 'duress', silent: true }]);
  });

  it('alone is for an emergency, and is an alarm at once', async () => {
    const { deeds, twin } = desk();
    const hold = { deed: 'emergency', reason: 'ambulance', hold: true };
    expect(await deeds.take(deed(hold), GUARD)).toEqual({ ok: true, value: { row: 1, undoMs: 0 } });
    expect(twin.gate.effects).toMatchObject([{ type: 'hold', open: true }, { alarm: 'emergency' }]);
  });
});

describe('a door or a journal that does not do it', () => {
  it.each([
    ['faulty', 'door-faulty'],
    ['released', 'door-released'],
  ] as const)('a door that is %s: the row stands, and the guard is told', async (door, problem) => {
    const { deeds, twin } = desk();
    twin.door = door;
    expect(await deeds.take(deed(LET_IN), GUARD)).toEqual({ ok: false, error: { problem, row: 1 } });
    // A lock-down asks nothing of a door.
    expect((await deeds.take(deed({ deed: 'lock-down', reason: 'threat' }), GUARD)).ok).toBe(true);
  });

  it('a journal that takes no row: nothing is done', async () => {
    const { deeds, twin, pulses } = desk();
    twin.isFull = true;
    expect(await deeds.take(deed(LET_IN), GUARD)).toEqual({ ok: false, error: { problem: 'not-recorded' } });
    expect(pulses()).toBe(0);
  });
});

describe('a request that is sent again', () => {
  it('does nothing twice and gets the same answer, also of a door that failed', async () => {
    const { deeds, twin, pulses } = desk();
    const body = deed(LET_IN);
    const answers = await Promise.all([deeds.take(body, GUARD), deeds.take(body, GUARD)]);
    expect(await deeds.take(structuredClone(body), GUARD)).toEqual(answers[0]);
    expect(answers[1]).toEqual(answers[0]);
    expect([twin.rows().length, pulses()]).toEqual([1, 1]);
    twin.door = 'faulty';
    const failing = deed(LET_IN);
    const first = await deeds.take(failing, GUARD);
    expect(await deeds.take(failing, GUARD)).toEqual(first);
    expect(twin.rows()).toHaveLength(2);
  });

  it('of which nothing was done is done now', async () => {
    const { deeds, twin } = desk();
    const body = deed(LET_IN);
    twin.isFull = true;
    await deeds.take(body, GUARD);
    twin.isFull = false;
    expect((await deeds.take(body, GUARD)).ok).toBe(true);
  });

  it('under the name of another deed is refused; another guard’s names are their own', async () => {
    const { deeds, twin } = desk();
    const body = deed(LET_IN);
    await deeds.take(body, GUARD);
    const other = { ...body, lane: 'south' } as DeedBody;
    expect(await deeds.take(other, GUARD)).toEqual({ ok: false, error: { problem: 'once-taken' } });
    expect((await deeds.take(body, { ...GUARD, account: 'g-08' })).ok).toBe(true);
    expect(twin.rows()).toHaveLength(2);
  });
});

describe('whatever guards do', () => {
  const lane = fc.constantFrom('north', 'south', 'west');
  const body = fc.oneof(
    fc.record({
      deed: fc.constant('let-in'),
      reason: fc.constantFrom('no-phone', 'child'),
      index: fc.nat(3),
      lane,
    }),
    fc.record({ deed: fc.constant('hold'), reason: fc.constant('event'), second: fc.constant(SECOND), lane }),
    fc.record({ deed: fc.constant('emergency'), reason: fc.constant('police'), hold: fc.boolean(), lane }),
    fc.record({ deed: fc.constantFrom('lock-down'), reason: fc.constant('drill'), lane }),
    fc.record({ deed: fc.constantFrom('end-hold', 'release'), reason: fc.constant('over'), lane }),
  );
  const step = fc.record({ body, twice: fc.boolean(), full: fc.boolean(), forced: fc.boolean() });

  it('every order to a door has its own row before it, which names a person and a reason; no deed is done twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const { deeds, twin } = desk();
        for (const { body: wish, twice, full, forced } of steps) {
          twin.isFull = full;
          const before = twin.rows().length;
          const effectsBefore = twin.gate.effects.length;
          const asked = deed(wish);
          const guard = forced ? FORCED : GUARD;
          const answer = await deeds.take(asked, guard);
          if (twice) expect(await deeds.take(asked, guard)).toEqual(answer);
          const rows = twin.rows().slice(before);
          const orders = twin.gate.effects
            .slice(effectsBefore)
            .filter(({ type }) => type === 'open' || type === 'hold');
          expect(orders.length).toBeLessThanOrEqual(rows.length === 0 ? 0 : 1);
          expect(answer.ok).toBe(rows.length > 0);
          for (const row of rows.filter(({ decision }) => decision === 'manual'))
            expect([row.actor, /^[a-z-]+:[a-z-]+$/.test(row.reason ?? '')]).toEqual(['g-07', true]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
