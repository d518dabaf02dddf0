import type { WallMs } from '../base/index.ts';
import type { UsedEffect } from '../decide/index.ts';
import type { Journal } from '../journal/index.ts';
import type { Clock, DoorItem, Log } from '../ports/index.ts';
import type { ClockFloor } from '../time/index.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import type { Verify } from '../verify/index.ts';
import type { WallWitness } from './clock-keeper.ts';
import type { Lane } from './lane.ts';
import type { MachineParts } from './vitals.ts';

/** All that a gate is handed: it makes none of it, so that a simulator can take every one away. */
export interface GateParts {
  readonly gate: string;
  readonly journal: Journal;
  readonly trust: { snapshot(): TrustSnapshot; onChange(listener: () => void): () => void };
  readonly verify: Verify;
  /** SHA-256, hex. */
  readonly hash: (bytes: Uint8Array) => string;
  readonly clock: Clock;
  readonly witness: WallWitness;
  readonly floor: ClockFloor;
  /** Time of the newest durable row whose clock was sure: asked again when a journal that could not be read at the start can be. */
  readonly lastSureTime?: () => WallMs | undefined;
  /** Builds the lanes; doors tell what they see through `tell`. */
  readonly lanes: (tell: (item: DoorItem) => void) => readonly Lane[];
  readonly machine: MachineParts;
  readonly announceUsed: (used: UsedEffect) => void;
  /** Fingerprint of the device key while its district has not confirmed it: the displays show it. */
  readonly unconfirmed?: () => string | undefined;
  /** Eight figures while no guard has an account: the displays of this machine show them. */
  readonly firstAccount?: () => string | undefined;
  /** Other gates of the community cannot be told of a code used here. */
  readonly standsAlone?: () => boolean;
  readonly log: Log;
}
