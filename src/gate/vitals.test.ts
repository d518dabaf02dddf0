import { describe, expect, it } from 'vitest';
import { simulatedClock, simulatedDoor } from '../../device/sim/index.ts';
import { wallMs } from '../base/index.ts';
import { DOOR_DEFAULTS } from '../decide/index.ts';
import type { Reader } from '../ports/index.ts';
import { healthPayload, statusPayload } from '../wire/index.ts';
import { DoorKeeper } from './door-keeper.ts';
import { GateVitals } from './vitals.ts';

const LONG = 'Error: something failed in a module that nobody has heard of\n    at it '.repeat(9);

function vitalsOfTroubled(): GateVitals {
  const clock = simulatedClock();
  const door = simulatedDoor({ id: 'north', contact: false }, { clock });
  door.health = () => ({ ok: false, relayOn: false, detail: LONG });
  const reader: Reader = {
    id: 'north-1',
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    health: () => ({ reader: 'north-1', state: 'lost', detail: LONG }),
  };
  const settings = { ...DOOR_DEFAULTS, lane: 'north', sensor: 'none' as const };
  return new GateVitals({
    software: '1.0.0',
    lanes: [
      {
        id: 'north',
        direction: 'in',
        readers: [reader],
        door: new DoorKeeper({ door, clock, settings }, () => undefined),
        isKeyboard: () => false,
        rulesName: 'north',
      },
    ],
    now: () => ({ at: wallMs(0), seconds: 0, quality: 'synced', errorSeconds: 0 }),
    isLockedDown: () => false,
    queueDepth: () => 0,
    uptimeSeconds: () => 1,
    memoryBytes: () => 1,
    storage: () => undefined,
    sample: () => ({ temperatureC: undefined, power: undefined }),
  });
}

describe('what a gate says of itself', () => {
  it('fits the wire, whatever its devices complain of', () => {
    const vitals = vitalsOfTroubled();
    const { clock, lanes, software } = statusPayload.shape;
    const status = vitals.status();
    expect(lanes.safeParse(status.lanes).error).toBeUndefined();
    expect(clock.safeParse(status.clock).error).toBeUndefined();
    expect(software.safeParse(status.software).error).toBeUndefined();
    const health = { ...vitals.health(), at: '2026-03-01T08:00:00.000Z', unsentRows: 0 };
    expect(healthPayload.safeParse(health).error).toBeUndefined();
  });
});
