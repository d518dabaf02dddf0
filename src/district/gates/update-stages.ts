import { err, ok, type Result } from '../../base/index.ts';
import type { NewStage, StageOffer, UpdateStage } from '../../wire/index.ts';
import type { GateOrder } from './update-steps.ts';

/**
 * Which stage of an update may be begun, and which gates it takes. It never begins one by itself, offers none while a gate
 * of the stage before is under way or has failed unseen, and never takes more gates than the stage says.
 */
export interface GateStanding {
  readonly gate: string;
  readonly community: number;
  /** Number of the release that it runs, 0 for none; absent: it takes no orders to update. */
  readonly release?: number;
  readonly isOnline: boolean;
}

export interface ReleaseStanding<Of extends GateOrder = GateOrder> {
  readonly release: number;
  /** There is none with a higher number. */
  readonly isNewest: boolean;
  readonly isStopped: boolean;
  /** Unix milliseconds */
  readonly expiresAt: number;
  readonly orders: readonly Of[];
}

export type Waiting = 'newer' | 'stopped' | 'expired' | 'failed' | 'running' | 'nothing-left';

export interface Outlook {
  /** Absent: the offers may be begun. */
  readonly waitsFor?: Waiting;
  readonly offers: readonly StageOffer[];
}

const UNDER_WAY = new Set<GateOrder['state']>(['queued', 'ordered', 'back', 'away']);
/** Its gate has not changed anything: it may be ordered once more. */
const ORDERED_AGAIN = new Set([
  'no-answer',
  'gate-offline',
  'not-sent',
  'key-not-known',
  'stopped',
  'address',
]);

export function outlook(standing: ReleaseStanding, gates: readonly GateStanding[], now: number): Outlook {
  const waitsFor = waitingOf(standing, gates, now);
  return waitsFor === undefined ? { offers: offersOf(standing, gates) } : { waitsFor, offers: [] };
}

/** Orders of this release may go out: nobody has ended it, and nothing has failed unseen. */
export function maySend({ isNewest, isStopped, expiresAt, orders }: ReleaseStanding, now: number): boolean {
  return isNewest && !isStopped && now < expiresAt && !orders.some(isUnseenFailure);
}

function waitingOf(
  standing: ReleaseStanding,
  gates: readonly GateStanding[],
  now: number,
): Waiting | undefined {
  const { isNewest, isStopped, expiresAt, orders } = standing;
  if (!isNewest) return 'newer';
  if (isStopped) return 'stopped';
  if (now >= expiresAt) return 'expired';
  if (orders.some(isUnseenFailure)) return 'failed';
  if (orders.some(({ state }) => UNDER_WAY.has(state))) return 'running';
  return candidates(standing, gates).length === 0 ? 'nothing-left' : undefined;
}

export function isUnseenFailure({ state, lookedBy }: GateOrder): boolean {
  return state === 'failed' && lookedBy === undefined;
}

/** Gates that can be ordered now: they are there, take orders, run an older release, and were not ordered this one. */
function candidates({ release, orders }: ReleaseStanding, gates: readonly GateStanding[]): GateStanding[] {
  const closed = new Set(orders.filter((order) => !isOrderedAgain(order)).map(({ gate }) => gate));
  return gates.filter(
    ({ gate, isOnline, release: runs }) =>
      isOnline && runs !== undefined && runs < release && !closed.has(gate),
  );
}

function isOrderedAgain({ state, why = '', lookedBy }: GateOrder): boolean {
  return state === 'failed' && lookedBy !== undefined && ORDERED_AGAIN.has(why);
}

function offersOf(standing: ReleaseStanding, gates: readonly GateStanding[]): StageOffer[] {
  const open = candidates(standing, gates);
  const passed = (stage: UpdateStage) =>
    standing.orders.some((order) => order.stage === stage && order.state === 'healthy');
  if (!passed('one')) return [{ stage: 'one', gates: 1 }];
  if (!passed('tenth')) return [{ stage: 'tenth', gates: Math.min(open.length, tenthOf(gates)) }];
  const communities = Map.groupBy(open, ({ community }) => community);
  const some = [...communities]
    .toSorted(([left], [right]) => left - right)
    .map(([community, of]) => ({ stage: 'community' as const, community, gates: of.length }));
  return [...(some.length > 1 ? some : []), { stage: 'all', gates: open.length }];
}

function tenthOf(gates: readonly GateStanding[]): number {
  return Math.max(1, Math.ceil(gates.filter(({ release }) => release !== undefined).length / 10));
}

export type StageProblem = 'stage-waits' | 'stage-not-offered' | 'gate-takes-no-update';

/** @returns the gates of that stage, at least one */
export function gatesOf(
  { stage, gate, community }: NewStage,
  standing: ReleaseStanding,
  { gates, now }: { readonly gates: readonly GateStanding[]; readonly now: number },
): Result<readonly string[], StageProblem> {
  const { waitsFor, offers } = outlook(standing, gates, now);
  if (waitsFor !== undefined) return err('stage-waits');
  const offer = offers.find((each) => each.stage === stage && each.community === community);
  if (offer === undefined) return err('stage-not-offered');
  const open = candidates(standing, gates)
    .filter((each) => community === undefined || each.community === community)
    .map((each) => each.gate)
    .toSorted();
  if (stage !== 'one') return ok(spread(open, offer.gates));
  return gate !== undefined && open.includes(gate) ? ok([gate]) : err('gate-takes-no-update');
}

/** So many of them, evenly over the names: neighbours stand beside each other, and should not all be first. */
function spread(names: readonly string[], count: number): string[] {
  return names.filter(
    (_, at) => Math.floor((at * count) / names.length) !== Math.floor(((at - 1) * count) / names.length),
  );
}
