import { createHmac } from 'node:crypto';
import { memoryJournal } from '../../test/twins/gate.ts';
import { err, isoTime, ok, type Result } from '../base/index.ts';
import { decide, lookUpsLeft, standingOf, UNDO_MS } from '../decide/index.ts';
import { GateTwin } from '../decide/testing.ts';
import type { ManualItem } from '../ports/index.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import type { RosterEntry } from '../verify/index.ts';
import type { ChainedRow, Direction, GuardState, RowDraft, StatusBits } from '../wire/index.ts';
import type { DeskGate } from './gate-port.ts';
import type { Guard } from './guard.ts';
import type { DeskWork } from './work.ts';

export { Deeds } from './deeds/deeds.ts';
export { manualItemOf } from './deeds/manual-item.ts';

/** For tests of the desk: a gate in memory that decides as the real one does, with a journal that has a real chain. */
export const GUARD: Guard = { account: 'g-07', role: 'guard', duress: false, session: 's1' };
export const FORCED: Guard = { ...GUARD, duress: true };
export const LOOKUP_KEY = new Uint8Array(32).fill(7);
const JOURNAL = 'ab'.repeat(16);

export interface Neighbour extends Partial<RosterEntry> {
  readonly index: number;
  readonly status?: StatusBits;
  /** What is hashed for the roster, e.g. `room:8-2-2702`. */
  readonly lookups?: readonly string[];
}

export class DeskTwin {
  readonly gate = new GateTwin();
  readonly journal = memoryJournal(JOURNAL);
  readonly changes = new Set<() => void>();
  /** Of the doors, from the next order on. */
  door: Awaited<ReturnType<DeskWork['doorAfter']>> = 'works';
  /** The journal takes no row. */
  isFull = false;
  lookupKey: Uint8Array | undefined = LOOKUP_KEY;
  passes = new Map<number, StatusBits>();
  problems: GuardState['problems'] = [];
  directions: Readonly<Record<string, Direction>> = { north: 'in', south: 'out' };
  readonly #neighbours: readonly Neighbour[];

  constructor(neighbours: readonly Neighbour[] = []) {
    this.#neighbours = neighbours;
  }

  get now() {
    return this.gate.now.wall;
  }

  readonly deskGate: DeskGate = {
    gate: 'north-1',
    now: () => this.now,
    takeManual: (item) => this.takeManual(item),
    take: (item) => this.#write(decide(item, this.gate.setting, this.gate.now).rows),
  };

  get work(): DeskWork {
    return {
      community: 7,
      lanes: Object.entries(this.directions).map(([lane, direction]) => ({ lane, direction })),
      undoMs: UNDO_MS,
      trust: () => this.trust(),
      standing: (person) => {
        const at = (lane: string) => standingOf({ person, lane }, this.gate.setting, this.gate.now);
        const found = Object.keys(this.directions).flatMap((lane) => {
          const refusal = at(lane);
          return refusal === undefined ? [] : [[lane, refusal] as const];
        });
        return Object.fromEntries(found);
      },
      lookUpsLeft: (guard) => lookUpsLeft(this.gate.state, guard, this.gate.seconds),
      doorAfter: () => Promise.resolve(this.door),
      state: () => this.state(),
      onChange: (listener) => {
        this.changes.add(listener);
        return () => this.changes.delete(listener);
      },
      journal: this.journal,
      lookupHash: hashed,
      pause: () => Promise.resolve(),
    };
  }

  takeManual(item: ManualItem): Result<{ row: number }, string> {
    if (this.isFull) return err('disk-full');
    const outcome = this.gate.take(item);
    if (outcome.problem !== undefined) return err(outcome.problem);
    return ok({ row: this.#write(outcome.rows) });
  }

  /** A row of anything else. */
  row(draft: Partial<RowDraft>): ChainedRow {
    const at = isoTime(this.now);
    this.gate.rows.push({
      at,
      clock: 'synced',
      decision: 'system',
      ...draft,
      seq: this.gate.rows.length + 1,
    });
    return this.journal.append({ at, ...draft });
  }

  rows(): readonly ChainedRow[] {
    return this.journal.rows(1, 1_000_000) as ChainedRow[];
  }

  trust(): ReturnType<DeskWork['trust']> {
    const entry = (of: Neighbour): RosterEntry => {
      const { status: _status, lookups: _lookups, ...member } = of;
      return { household: 1, order: 0, ...member, keys: [] };
    };
    const all = this.#neighbours;
    const found = (one: Neighbour | undefined) => (one === undefined ? undefined : entry(one));
    const { lookupKey } = this;
    const roster: TrustSnapshot['roster'] = {
      size: all.length,
      indices: Uint32Array.from(all, ({ index }) => index),
      get: (index) => found(all.find((one) => one.index === index)),
      member: (household, order) =>
        found(all.find((one) => (one.household ?? 1) === household && (one.order ?? 0) === order)),
      find: (hash) =>
        all
          .filter(({ lookups = [] }) => lookups.some((text) => hashed(LOOKUP_KEY, text) === hash))
          .map(entry),
      ...(lookupKey === undefined ? {} : { lookupKey }),
    };
    const residents = {
      length: 100,
      at: (place: number): StatusBits => all.find(({ index }) => index === place)?.status ?? 0,
    };
    const passes = { length: 100, at: (place: number): StatusBits => this.passes.get(place) ?? 0 };
    return { roster, residents, passes, policy: this.gate.policy };
  }

  state(): Omit<GuardState, 'type'> {
    return {
      gate: 'north-1',
      at: isoTime(this.now),
      timeZone: 'Asia/Shanghai',
      clock: 'synced',
      uplink: { state: 'none', unsent: 0 },
      problems: this.problems,
      lanes: [],
    };
  }

  #write(rows: readonly { readonly entryOf?: number }[]): number {
    const first = this.journal.head().seq + 1;
    for (const { entryOf, ...row } of rows)
      this.journal.append({ ...row, ...(entryOf === undefined ? {} : { entry: first + entryOf }) });
    return first;
  }
}

export function hashed(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}

/** A guard's page that keeps what it is told. */
export function pageTwin() {
  const told: { event: string; id?: string; message: Record<string, unknown> }[] = [];
  let finished = false;
  return {
    told,
    isFinished: () => finished,
    ofType: (type: string) => told.filter(({ event }) => event === type).map(({ message }) => message),
    push: ({ event, data, id }: { event: string; data: string; id?: string }) =>
      void told.push({
        event,
        message: JSON.parse(data) as Record<string, unknown>,
        ...(id === undefined ? {} : { id }),
      }),
    finish: () => {
      finished = true;
    },
  };
}
