import { isoTime, type WallMs } from '../base/index.ts';
import type { JournalHealth } from '../journal/index.ts';
import type { ClockReading } from '../time/index.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import {
  GUARD_PROBLEMS,
  type GuardLane,
  type GuardProblem,
  type GuardState,
  type StatusPayload,
} from '../wire/index.ts';
import type { Lane } from './lane.ts';
import type { MachineWatch } from './machine-watch.ts';
import { PageReader } from './page-reader.ts';
import { LOW_DISK_BYTES } from './watchman.ts';

/** What the guard's page is told of the gate: its lanes, and all that is out of order, worst first. Reading it changes nothing. */
export interface GuardStateSources {
  readonly gate: string;
  readonly timeZone: string;
  readonly now: ClockReading;
  readonly lanes: readonly Lane[];
  readonly status: Pick<StatusPayload, 'lanes'>;
  readonly trust: TrustSnapshot;
  readonly journalWorks: boolean;
  readonly journal: JournalHealth;
  readonly unrecorded: number;
  /** Troubles of the machine itself (machine-watch.ts). */
  readonly machine: ReturnType<MachineWatch['standing']>;
  /** The district has not confirmed the device key yet. */
  readonly unconfirmed: boolean;
  readonly outside: OutsideState;
}

/** What the gate itself does not know: how it stands with the district and with its sisters. */
export interface OutsideState {
  /** Undefined: the gate stands alone. */
  readonly uplink?: { readonly connected: boolean; readonly unsent: number };
  /** When the district was last heard, as far as anybody knows. */
  readonly heardAt?: WallMs;
  /** Other gates of the community that cannot be told of a code used here. */
  readonly sistersOutOfReach: number;
}

type Problem = GuardState['problems'][number];

const BYTES_PER_MEBIBYTE = 1_048_576;
/** A broker may stand while nobody behind it takes a row: rows that wait so long mean that the district is not reached. */
const DISTRICT_SILENT_MS = 30_000;

export function guardStateOf(sources: GuardStateSources): Omit<GuardState, 'type'> {
  const { gate, timeZone, now, outside } = sources;
  const { uplink, heardAt } = outside;
  const lanes = lanesOf(sources);
  const isReached = uplink?.connected === true && !isSilent(sources);
  return {
    gate,
    at: isoTime(now.at),
    timeZone,
    clock: now.quality,
    uplink: {
      state: uplink === undefined ? 'none' : isReached ? 'connected' : 'away',
      ...(heardAt === undefined ? {} : { heardAt: isoTime(heardAt) }),
      unsent: uplink?.unsent ?? 0,
    },
    problems: [
      ...laneProblems(lanes),
      ...sources.lanes
        .filter(({ door }) => door.isStill)
        .map(({ id }): Problem => ({ problem: 'door-still', lane: id })),
      ...machineProblems(sources),
      ...trustProblems(sources),
      ...outsideProblems(sources),
    ].sort((left, right) => rankOf(left) - rankOf(right)),
    lanes,
  };
}

function lanesOf({ lanes, status }: GuardStateSources): GuardLane[] {
  return lanes.map((lane): GuardLane => {
    const told = status.lanes.find((each) => each.lane === lane.id);
    const { ok, relayOn, open } = told?.door ?? lane.door.report();
    const contact = open === undefined ? 'none' : open ? 'open' : 'closed';
    return {
      lane: lane.id,
      direction: lane.direction,
      mode: told?.mode ?? 'normal',
      door: {
        healthy: ok,
        relay: ok ? (relayOn ? 'open' : 'closed') : 'unknown',
        contact: ok || contact === 'none' ? contact : 'unknown',
      },
      readers: lane.readers.map((reader) => ({
        reader: reader.id,
        ready: reader.health().state === 'ready',
      })),
      pageReads: lane.readers.some((reader) => reader instanceof PageReader),
    };
  });
}

function laneProblems(lanes: readonly GuardLane[]): Problem[] {
  return lanes.flatMap(({ lane, mode, door, readers }) => {
    const lost = readers.filter(({ ready }) => !ready);
    const all = lost.length === readers.length;
    const found: [GuardProblem, boolean][] = [
      ['fire', mode === 'fire'],
      ['lockdown', mode === 'lock-down'],
      ['held-open', mode === 'held-open'],
      ['door', !door.healthy],
      ['readers-all', all],
    ];
    return [
      ...found.filter(([, is]) => is).map(([problem]) => ({ problem, lane })),
      ...(all ? [] : lost.map(({ reader }) => ({ problem: 'reader' as const, lane, reader }))),
    ];
  });
}

function machineProblems({ journalWorks, journal, unrecorded, machine, now }: GuardStateSources): Problem[] {
  const { reserve, freeBytes } = journal;
  const isLow = reserve === 'released' || (freeBytes !== undefined && freeBytes < LOW_DISK_BYTES);
  const free = freeBytes === undefined ? {} : { amount: Math.floor(freeBytes / BYTES_PER_MEBIBYTE) };
  return [
    ...when(!journalWorks, { problem: 'journal' }),
    ...when(isLow, { problem: 'storage', ...free }),
    ...when(unrecorded > 0, { problem: 'unrecorded', amount: unrecorded }),
    ...when(now.quality === 'unsure', { problem: 'clock' }),
    ...machine,
  ];
}

/** The lowest step of the ladder that any kind of code stands on, with the greatest age that led to it. */
function trustProblems({ trust, now, unconfirmed }: GuardStateSources): Problem[] {
  const { kinds, reasons } = trust.freshness(now);
  const standings = Object.values(kinds);
  const ages = (...states: string[]) =>
    reasons.filter(({ state }) => states.includes(state)).flatMap(({ seconds }) => seconds ?? []);
  const withAge = (problem: GuardProblem, seconds: readonly number[]): Problem[] =>
    seconds.length === 0 ? [{ problem }] : [{ problem, amount: Math.max(...seconds) }];
  const unconfirmedOnes = when(unconfirmed, { problem: 'not-enrolled' });
  if (standings.every((standing) => standing === 'none'))
    return [...withAge('keyset-expired', ages('expired')), ...unconfirmedOnes];
  if (standings.includes('guard'))
    return [...withAge('trust-stale', ages('stale', 'expired')), ...unconfirmedOnes];
  if (standings.includes('flagged'))
    return [...withAge('trust-flagged', ages('aging', 'expired')), ...unconfirmedOnes];
  return unconfirmedOnes;
}

function outsideProblems(sources: GuardStateSources): Problem[] {
  const { outside, now } = sources;
  const { uplink, heardAt, sistersOutOfReach: alone } = outside;
  const age = heardAt === undefined ? {} : { amount: Math.max(0, Math.floor((now.at - heardAt) / 1_000)) };
  return [
    ...when(uplink?.connected === false || isSilent(sources), { problem: 'uplink', ...age }),
    ...when(alone > 0, { problem: 'alone', amount: alone }),
  ];
}

function isSilent({ outside: { uplink, heardAt }, now }: GuardStateSources): boolean {
  return (
    uplink !== undefined &&
    uplink.unsent > 0 &&
    heardAt !== undefined &&
    now.at - heardAt >= DISTRICT_SILENT_MS
  );
}

function when(is: boolean, problem: Problem): Problem[] {
  return is ? [problem] : [];
}

function rankOf({ problem }: Problem): number {
  return GUARD_PROBLEMS.indexOf(problem);
}
