import { join } from 'node:path';
import { openDatabase, Registry } from '../../src/district/testing.ts';
import type { Clock, Random } from '../../src/ports/index.ts';
import { realClock } from '../twins/broker.ts';
import { addTrialGate, TRIAL_JOURNAL } from '../twins/stored-gates.ts';
import { addDayOfHealth, dayOfRows } from './day-of-a-gate.ts';

/** What the console's pages show of gates in a browser: a district in the middle of its day, most of them in order, some not. */
export interface StoredDay {
  readonly folder: string;
  readonly district: string;
  readonly community: number;
  readonly resident: number;
  readonly clock: Clock;
  readonly random: Random;
}

export async function storeGates({ folder, community, resident, ...base }: StoredDay): Promise<void> {
  const database = await openDatabase(join(folder, 'district.sqlite'));
  const place = {
    ...base,
    database,
    registry: new Registry({ ...base, database, places: 65_536 }),
  };
  const at = (minutes: number) => new Date(realClock.wall() - minutes * 60_000).toISOString();
  const person = { index: resident, lane: 'main', reader: 'usb-1' } as const;
  await addTrialGate(place, {
    name: 'north-1',
    community,
    status: {},
    rows: [
      { at: at(30), decision: 'system', reason: 'started' },
      { at: at(25), decision: 'granted', kind: 1, direction: 'in', ...person },
      { at: at(24.9), decision: 'door', door: 'opened', entry: 2, lane: 'main' },
      { at: at(24.8), decision: 'door', door: 'passed', entry: 2, lane: 'main' },
      { at: at(12), decision: 'refused', refusal: 'already-used', kind: 1, ...person },
      { at: at(8), decision: 'guard', refusal: 'needs-guard', kind: 5, ...person },
      { at: at(7), decision: 'manual', actor: 'g-07', reason: 'let-in:no-phone', lane: 'main' },
      { at: at(6), decision: 'system', actor: 'g-07', index: resident, reason: 'look-up:visitor' },
      { at: at(5), decision: 'system', reason: 'drill:journal:passed' },
    ],
  });
  const alarm = {
    id: 'x-1',
    at: at(4),
    alarm: 'forced',
    cleared: false,
    lane: 'main',
    detail: 'opened without an order',
  } as const;
  const unsure = { quality: 'unsure', errorSeconds: 40 } as const;
  await addTrialGate(place, {
    name: 'south-2',
    community,
    status: { clock: unsure },
    alarms: [alarm],
  });
  const behind = { id: TRIAL_JOURNAL, seq: 512, hash: 'b'.repeat(64) };
  await addTrialGate(place, {
    name: 'west-lift',
    community,
    status: { state: 'offline', ended: 'connection-lost', journal: behind },
  });
  const closed = [
    { lane: 'in', direction: 'in', mode: 'lock-down', door: { ok: true, relayOn: false } },
  ] as const;
  await addTrialGate(place, { name: 'depot-7', community: 1002, status: { lanes: [...closed] } });
  await addTrialGate(place, { name: 'new-gate', community, confirmed: false });
  for (let at = 1; at <= 24; at += 1)
    await addTrialGate(place, {
      name: `yard-${String(at).padStart(2, '0')}`,
      community: 1002,
      status: { documents: { release: 6 } },
    });
  const day = dayOfRows(realClock.wall(), person);
  await addTrialGate(place, { name: 'plaza-3', community, status: {}, rows: day });
  await addDayOfHealth(database, 'plaza-3', realClock.wall());
  await database.destroy();
}
