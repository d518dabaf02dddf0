import { randomBytes } from 'node:crypto';
import { toHex } from '../../base/index.ts';
import { keyPairOf } from '../../crypto/index.ts';
import { newRosterKey } from '../gate/gate-keys.ts';
import { phoneKey } from './codes.ts';
import type { Phone, Seat } from './messages.ts';
import { BACKLOG_ROW_EVERY_MS } from './sim-gate.ts';
import type { SimulatedDesk } from './simulated-desk.ts';

/** Enrols gates with keys of their own and residents with phones, many at once, at a district that is there for it. */

/** @param each residents with a phone in each community */
export async function enrolPhones(
  desk: SimulatedDesk,
  communities: readonly number[],
  each: number,
): Promise<readonly Phone[]> {
  const phones = communities.flatMap((community) =>
    Array.from({ length: each }, (_, place) => ({ community, place, seed: toHex(randomBytes(32)) })),
  );
  const indices = await desk.addResidents(
    phones.map(({ community, seed }) => ({
      resident: {
        community,
        // A household takes eight members in its life: each run has rooms of its own.
        room: `sim-${seed.slice(0, 12)}`,
        assurance: 1,
        needsMoreTime: false,
        minor: false,
      },
      phone: toHex(phoneKey(seed).publicKey),
      seed,
    })),
  );
  return phones.map(({ community, seed }, at) => ({ community, seed, index: indices[at] ?? -1 }));
}

/** @param names of the gates; they stand evenly in the communities, and the last ones bring the backlog */
export async function enrolGates(
  desk: SimulatedDesk,
  names: readonly string[],
  of: {
    readonly communities: readonly number[];
    readonly backlogHours: number;
    readonly backlogGates: number;
    readonly backlogConnected: boolean;
  },
): Promise<readonly Seat[]> {
  const each = Math.ceil(names.length / of.communities.length);
  const backlogRows = Math.round((of.backlogHours * 3_600_000) / BACKLOG_ROW_EVERY_MS);
  const seats = names.map((gate, at) => ({
    gate,
    place: at,
    community: of.communities[Math.floor(at / each)] ?? 0,
    deviceSeed: toHex(randomBytes(32)),
    rosterKey: newRosterKey(),
    backlogRows: at >= names.length - of.backlogGates ? backlogRows : 0,
    backlogConnected: of.backlogConnected,
  }));
  const passwords = await desk.enrolGates(
    seats.map(({ gate, community, deviceSeed, rosterKey }) => ({
      gate,
      community,
      deviceKey: publicKeyOf(deviceSeed),
      sealKey: rosterKey.x,
    })),
  );
  return seats.map((seat, at) => ({ ...seat, password: passwords[at] ?? '' }));
}

function publicKeyOf(seed: string): string {
  const pair = keyPairOf(1, new Uint8Array(Buffer.from(seed, 'hex')));
  if (pair === undefined) throw new Error('invariant broken: any 32 bytes are an Ed25519 seed');
  return toHex(pair.publicKey);
}
