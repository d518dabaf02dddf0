import { assert } from '../../base/index.ts';
import { type StatusPayload, statusPayload, UPDATE_STAGES, UPDATE_STATES } from '../../wire/index.ts';
import type { Database, Gate } from '../database/database.ts';
import { GATE_HEARD_WITHIN_MS } from '../limits.ts';
import type { StoredRelease } from '../publishing/releases.ts';
import type { GateStanding, ReleaseStanding } from './update-stages.ts';
import type { GateOrder, GateWord } from './update-steps.ts';
import type { ReleaseGateTable } from './update-tables.ts';

/** What the database holds of gates and their updates, as the stages ask for it. */

export interface KnownGate extends GateStanding {
  readonly software?: string;
  readonly word: GateWord;
}

export interface Ordered extends GateOrder {
  readonly begunBy: string;
}

export function knownGate({ id, community, status, seen_at: seenAt }: Gate, now: number): KnownGate {
  const said = saidOf(status);
  const release = said?.documents['release'];
  const isOnline = said?.state === 'online' && seenAt !== null && now - seenAt <= GATE_HEARD_WITHIN_MS;
  const isInOrder = isOnline && said.lanes.every(({ door }) => door?.ok !== false);
  return {
    gate: id,
    community,
    isOnline,
    ...(said === undefined ? {} : { software: said.software }),
    ...(release === undefined ? {} : { release }),
    word: { isInOrder, ...(release === undefined ? {} : { release }) },
  };
}

function saidOf(status: string | null): StatusPayload | undefined {
  try {
    return statusPayload.safeParse(JSON.parse(status ?? 'null')).data;
  } catch {
    return undefined;
  }
}

export async function ordersIn(
  database: Database,
  releases: readonly number[],
): Promise<ReadonlyMap<number, readonly Ordered[]>> {
  const rows = await database
    .selectFrom('release_gate')
    .selectAll()
    .where('release', 'in', [0, ...releases])
    .orderBy('begun_at')
    .orderBy('gate')
    .execute();
  return Map.groupBy(rows.map(orderOf), ({ release }) => release);
}

function orderOf(row: ReleaseGateTable): Ordered & { readonly release: number } {
  const [stage, state] = [
    UPDATE_STAGES.find((each) => each === row.stage),
    UPDATE_STATES.find((each) => each === row.state),
  ];
  assert(stage !== undefined && state !== undefined, 'a stored order is of one stage and in one state');
  return {
    release: row.release,
    gate: row.gate,
    stage,
    state,
    since: row.since,
    begunAt: row.begun_at,
    begunBy: row.begun_by,
    ...(row.why === null ? {} : { why: row.why }),
    ...(row.looked_by === null ? {} : { lookedBy: row.looked_by }),
  };
}

export function standingOf<Of extends GateOrder>(
  { number, expires_at: expiresAt, stopped_by: stoppedBy }: StoredRelease,
  all: readonly StoredRelease[],
  orders: readonly Of[],
): ReleaseStanding<Of> {
  const isNewest = all.every((each) => each.number <= number);
  return { release: number, isNewest, isStopped: stoppedBy !== null, expiresAt, orders };
}

export function viewOf(row: StoredRelease, orders: readonly GateOrder[]) {
  return {
    release: row.number,
    version: row.version,
    architectures: row.architectures.split(','),
    address: row.address,
    expiresAt: row.expires_at,
    registeredAt: row.registered_at,
    registeredBy: row.registered_by,
    ...(row.stopped_by === null ? {} : { stoppedBy: row.stopped_by }),
    gates: orders.map(({ gate, stage, state, since, why, lookedBy }) => ({
      gate,
      stage,
      state,
      since,
      ...(why === undefined ? {} : { why }),
      ...(lookedBy === undefined ? {} : { lookedBy }),
    })),
  };
}
