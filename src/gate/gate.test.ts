import { beforeAll, describe, expect, it } from 'vitest';
import { judge, startDocuments, type StartDocuments } from '../../test/twins/gate-simulator.ts';
import { showCode, signedList } from '../../test/twins/simulator/district.ts';
import { GateSimulator, settled } from '../../test/twins/simulator/simulator.ts';
import { answeredTime } from '../../test/twins/simulator/steps-network.ts';
import type { ChainedRow } from '../wire/index.ts';

/** A whole gate on simulated parts, led through one bad moment at a time; random days are in test/fault/gate-simulator.test.ts. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let documents: StartDocuments;
let gate: GateSimulator;

beforeAll(async () => {
  documents = await startDocuments();
});

async function begin({ sensor = 'none' }: { sensor?: 'none' | 'contact' } = {}): Promise<void> {
  const lanes = [{ id: 'north', direction: 'in', sensor }] as const;
  const machine = { battery: false, ntp: false, driftPpm: 0 };
  gate = new GateSimulator({ seed: 1, steps: 0, journal: 'model', lanes, policy: 1, ...machine }, documents);
  await gate.begin();
  await answeredTime(gate);
}

async function show(index: number, wish: { seconds?: number; forged?: boolean } = {}): Promise<void> {
  const { world, life } = gate;
  const code = world.remember(await showCode(1, { index, seconds: world.seconds, ...wish }));
  void life.readers.get('north-serial')?.feed(code.text);
  await settled();
}

const rows = () =>
  gate.world.trace.flatMap((event): readonly ChainedRow[] => (event.type === 'appended' ? event.rows : []));
const doorEvents = () => rows().flatMap(({ door }) => door ?? []);
const reasons = () => rows().map(({ reason, refusal }) => refusal ?? reason ?? '');

describe('a gate', () => {
  it('writes the row of a scan before the row of the clock that this scan moved', async () => {
    await begin();
    await gate.pass(16 * MINUTE);
    for (const index of [10, 11, 12]) await show(index, { seconds: gate.world.seconds + 4_000 });
    expect(reasons().slice(-2)).toEqual(['not-yet-valid', 'clock:holdover to unsure']);
    const times = rows().map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    await gate.finish();
    expect(judge(gate.world).violations).toEqual([]);
  });

  it('offers a count again that the journal did not take', async () => {
    await begin();
    await show(10, { forged: true });
    const [code] = gate.world.shown;
    await gate.pass(3 * SECOND);
    void gate.life.readers.get('north-serial')?.feed(code?.text ?? '');
    await gate.pass(9 * SECOND);
    gate.world.trouble = { code: 'io', for: 'all', left: 1 };
    await gate.pass(2 * SECOND);
    expect(reasons()).not.toContain('repeated:1');
    await gate.pass(2 * SECOND);
    expect(gate.world.trouble.left).toBe(0);
    expect(rows().map(({ reason }) => reason)).toContain('repeated:1');
  });

  it('tells late, in order, what a door did while the journal took no row', async () => {
    await begin({ sensor: 'contact' });
    await gate.pass(MINUTE);
    const { world, life } = gate;
    world.trouble = { code: 'disk-full', for: 'all', left: 1_000 };
    life.doors.get('north')?.move('contact', true);
    await gate.pass(MINUTE);
    life.doors.get('north')?.move('fire', true);
    await gate.pass(10 * SECOND);
    expect(doorEvents()).toEqual([]);
    world.trouble = undefined;
    await gate.pass(10 * SECOND);
    expect(doorEvents()).toEqual(['forced', 'held', 'fire']);
    await gate.finish();
    expect(judge(gate.world).violations).toEqual([]);
  });

  it('never falls below its last sure row, also when the journal can be read only after the start', async () => {
    await begin();
    await gate.pass(MINUTE);
    await show(10);
    const newest = rows().at(-1);
    expect(newest).toMatchObject({ decision: 'granted', clock: 'synced' });
    gate.world.unreadable = gate.world.medium.setUnreadable(true);
    await gate.cut('power');
    expect(gate.life.gate.clock.now().quality).toBe('unsure');
    gate.makeReadable();
    await gate.pass(3 * SECOND);
    expect(gate.life.gate.clock.now().at).toBeGreaterThanOrEqual(Date.parse(newest?.at ?? ''));
  });

  it('keeps a used code used when a journal that has lost it takes the place of a damaged one', async () => {
    await begin();
    await show(10);
    const [code] = gate.world.shown;
    const { journal, readers } = gate.life;
    const [health, head] = [journal.health(), journal.head];
    const written: string[] = [];
    const append = journal.append.bind(journal);
    let damage: { damage?: string } = { damage: 'row 7 is not what was written' };
    journal.health = () => ({ ...health, ...damage });
    journal.startAnew = () => {
      damage = {};
      return { ok: true, value: head ?? { id: '', seq: 0, hash: '' } };
    };
    journal.loadMemory = () => [];
    journal.append = (rows, memory, priority) => {
      written.push(...memory.map(({ key }) => key));
      return append(rows, memory, priority);
    };
    await gate.pass(5 * SECOND);
    void readers.get('north-serial')?.feed(code?.text ?? '');
    await settled();
    expect(reasons().at(-1)).toBe('already-used');
    expect(written.some((key) => key.startsWith('used/'))).toBe(true);
  });

  const reader = { type: 'reader', reader: 'north-serial', lane: 'north' } as const;
  const door = { type: 'door', lane: 'north' } as const;

  it.each<[Parameters<typeof gate.life.gate.take>[0], string]>([
    [{ type: 'command-rejected', why: 'signature' }, 'network'],
    [{ ...reader, event: 'lost' }, 'network'],
    [{ ...reader, event: 'ready' }, 'network'],
    [{ ...reader, event: 'dropped', count: 1 }, 'manual'],
    [{ ...door, event: 'opened' }, 'network'],
    [{ ...door, event: 'closed' }, 'network'],
    [{ ...door, event: 'passed' }, 'network'],
    [{ ...door, event: 'exit-button' }, 'network'],
    [{ ...door, event: 'passed', entry: 5 }, 'manual'],
    [{ ...door, event: 'forced' }, 'manual'],
    [{ ...door, event: 'fault' }, 'manual'],
    [{ ...door, event: 'recovered' }, 'manual'],
  ])('leaves the reserve to manual openings and alarms: %j has the priority %s', async (item, priority) => {
    await begin();
    const { world, life } = gate;
    world.trouble = { code: 'disk-full', for: 'all', left: 1 };
    life.gate.take(item);
    const failed = world.trace.flatMap((event) => (event.type === 'append-failed' ? [event.priority] : []));
    expect(failed).toEqual([priority]);
  });

  it('tells an alarm of a door ahead of what waits until more than the reserve is free', async () => {
    await begin({ sensor: 'contact' });
    await gate.pass(MINUTE);
    const { world, life } = gate;
    const contact = (open: boolean) => life.doors.get('north')?.move('contact', open);
    life.doors.get('north')?.move('exitButton', true);
    world.trouble = { code: 'disk-full', for: 'code', left: 1_000 };
    contact(true);
    contact(false);
    await gate.pass(MINUTE);
    contact(true);
    contact(false);
    expect(doorEvents()).toEqual(['exit-button', 'forced']);
    world.trouble = undefined;
    await gate.pass(10 * SECOND);
    expect(doorEvents()).toEqual(['exit-button', 'forced', 'opened', 'closed', 'closed']);
    await gate.finish();
    expect(judge(gate.world).violations).toEqual([]);
  });

  it('is not ready for codes while only the reserve is left', async () => {
    await begin();
    const { journal, gate: service } = gate.life;
    expect(service.journalWorks).toBe(true);
    const health = journal.health();
    journal.health = () => ({ ...health, reserve: 'released' });
    expect(service.journalWorks).toBe(false);
  });

  it('writes nothing about documents that come once it has stopped', async () => {
    await begin();
    const { world, life } = gate;
    const stopping = life.gate.stop();
    await gate.pass(30 * SECOND);
    await stopping;
    const written = rows().length;
    const text = await signedList(world.documents, {
      subject: 'residents',
      version: 99,
      states: {},
      seconds: world.seconds,
    });
    expect(await life.trust.accept(text, life.gate.clock.now())).toMatchObject({ ok: true });
    expect(rows().length).toBe(written);
  });

  it('says the number of the scans that no journal took, once it works again', async () => {
    await begin();
    gate.world.trouble = { code: 'io', for: 'all', left: 4 };
    await show(10);
    await show(11, { forged: true });
    const { gate: service } = gate.life;
    expect([service.unrecorded, service.journalWorks]).toEqual([2, false]);
    await gate.pass(20 * SECOND);
    expect(reasons().filter((reason) => reason.startsWith('unrecorded'))).toEqual(['unrecorded:2']);
    expect([service.unrecorded, service.journalWorks]).toEqual([0, true]);
    await gate.finish();
    expect(judge(gate.world).violations).toEqual([]);
  });

  it('turns as long as it settles what comes, and leaves no trace of having been asked', async () => {
    await begin();
    const { gate: service } = gate.life;
    await show(10);
    const before = rows().length;
    expect(service.isTurning()).toBe(true);
    await gate.pass(11 * SECOND);
    expect(service.isTurning()).toBe(true);
    expect(
      rows()
        .slice(before)
        .filter(({ reader }) => reader === 'self-check'),
    ).toEqual([]);
    const door = service.lanes.get('north')?.door;
    if (door !== undefined) door.told = () => new Promise(() => undefined);
    await show(11);
    expect(service.isTurning()).toBe(true);
    await gate.pass(11 * SECOND);
    expect(service.isTurning()).toBe(false);
  });
});
