/**
 * A gate in memory, for tests of any room: it decides, numbers the rows as the journal would, keeps what is durable,
 * and can lose its power. Codes are made as verify would hand them on; nothing is signed.
 */
import { err, type MonotonicMs, monotonicMs, ok, wallMs } from '../base/index.ts';
import type { Assurance, CodeFields, Refusal } from '../code/index.ts';
import type { RosterEntry, Verified } from '../verify/index.ts';
import {
  type Direction,
  type DoorItem,
  type MemoryChange,
  type Policy,
  policyPayload,
} from '../wire/index.ts';
import { decide } from './decide.ts';
import { superviseDoor } from './door.ts';
import {
  DOOR_DEFAULTS,
  type DoorEvidence,
  type DoorInputName,
  type DoorSettings,
  type DoorState,
  doorState,
} from './door-state.ts';
import type { Evidence, FreshnessByKind, LaneHealth, Now, ScanEvidence, Setting } from './evidence.ts';
import type { Effect, OpenEffect, Outcome } from './outcome.ts';
import { apply, type GateState, restore } from './state.ts';

/** 2026-01-05T04:00:00Z, a Monday, noon in Shanghai. */
export const TWIN_START_MS = 1_767_585_600_000;
export const FRESH: FreshnessByKind = { 1: 'normal', 2: 'normal', 3: 'normal', 4: 'normal', 5: 'normal' };
export const HEALTHY: LaneHealth = { journal: true, door: true, sensor: 'none' };
export const SENSED: LaneHealth = { journal: true, door: true, sensor: 'healthy' };

/** A row with the number that the journal gave it. */
export type TwinRow = Outcome['rows'][number] & { readonly seq: number };

export class GateTwin {
  policy: Policy;
  lanes: readonly string[] = ['north', 'south'];
  quality: Now['quality'] = 'synced';
  errorSeconds = 0;
  state: GateState = restore([], 0);
  readonly rows: TwinRow[] = [];
  readonly memory = new Map<string, MemoryChange>();
  readonly effects: Effect[] = [];
  #elapsedMs = 0;

  constructor(policy: Partial<Policy> = {}) {
    this.policy = policyOf(policy);
  }

  get at(): MonotonicMs {
    return monotonicMs(1_000_000 + this.#elapsedMs);
  }

  get seconds(): number {
    return Math.floor((TWIN_START_MS + this.#elapsedMs) / 1_000);
  }

  get pulses(): OpenEffect[] {
    return this.effects.filter((effect) => effect.type === 'open');
  }

  get setting(): Setting {
    return { state: this.state, policy: this.policy, gate: 'gate-1', lanes: this.lanes };
  }

  get now(): Now {
    const wall = wallMs(TWIN_START_MS + this.#elapsedMs);
    return { wall, monotonic: this.at, quality: this.quality, errorSeconds: this.errorSeconds };
  }

  advance(milliseconds: number): this {
    this.#elapsedMs += milliseconds;
    return this;
  }

  take(evidence: Evidence): Outcome {
    const outcome = decide(evidence, this.setting, this.now);
    const firstSeq = this.rows.length + 1;
    for (const { entryOf, ...row } of outcome.rows) {
      const link = entryOf === undefined ? {} : { entry: firstSeq + entryOf };
      this.rows.push({ ...row, ...link, seq: this.rows.length + 1 });
    }
    for (const change of outcome.memory) {
      if (change.value === undefined) this.memory.delete(change.key);
      else this.memory.set(change.key, change);
    }
    this.state = apply(this.state, outcome, outcome.rows.length > 0 ? firstSeq : undefined);
    this.effects.push(...outcome.effects);
    return outcome;
  }

  scan(shown: CodeTwin | Refusal, more: Partial<ScanEvidence> = {}): Outcome {
    return this.take(this.scanOf(shown, more));
  }

  scanOf(shown: CodeTwin | Refusal, more: Partial<ScanEvidence> = {}): ScanEvidence {
    const read = {
      type: 'scan',
      lane: 'north',
      direction: 'in',
      reader: 'scanner-1',
      keyboard: false,
    } as const;
    const present = { at: this.at, health: HEALTHY, freshness: FRESH };
    if (typeof shown === 'string') return { ...read, ...present, outcome: err({ refusal: shown }), ...more };
    return { ...read, ...present, outcome: ok(shown.verified), codeHash: shown.codeHash, ...more };
  }

  /** Power off and on: only what was durable is there. */
  restart(): this {
    this.state = restore(this.memory.values(), this.seconds);
    return this;
  }
}

export function policyOf(policy: Partial<Policy> = {}): Policy {
  return policyPayload.parse({
    iss: 'district-1',
    aud: 7,
    version: 1,
    iat: 0,
    exp: 4_102_444_800,
    timeZone: 'Asia/Shanghai',
    gates: { 'gate-1': 'a'.repeat(64), 'gate-2': 'b'.repeat(64), 'gate-3': 'c'.repeat(64) },
    ...policy,
  });
}

/** The policy with these rules on every lane. */
export function lanePolicy(lane: { readonly [Rule in keyof Policy['lane']]?: unknown }): Partial<Policy> {
  return { lane: policyPayload.shape.lane.parse(lane) };
}

export interface CodeTwin {
  readonly codeHash: string;
  readonly verified: Verified;
}

export interface CodeWish {
  readonly index?: number;
  /** iat or ts */
  readonly at?: number;
  readonly assurance?: Assurance;
  readonly entry?: Partial<RosterEntry>;
  readonly companions?: readonly RosterEntry[];
  readonly uses?: number;
}

const END_SECONDS = 600;

export function codeTwin(kind: CodeFields['kind'], wish: CodeWish = {}): CodeTwin {
  const { index = 11, at = TWIN_START_MS / 1_000, companions = [] } = wish;
  const fields = fieldsOf(kind, { ...wish, index, at });
  const replayKey = kind === 4 || kind === 5 ? undefined : `${kind}.${index}.${at}`;
  return {
    codeHash: hashOf(`${kind}.${index}.${at}`),
    verified: {
      fields,
      companions,
      expiresAt: at + END_SECONDS,
      ...(wish.entry !== undefined && { entry: rosterTwin(index, wish.entry) }),
      ...(replayKey !== undefined && { replayKey }),
    },
  };
}

export function rosterTwin(index: number, more: Partial<RosterEntry> = {}): RosterEntry {
  return { index, household: 1, order: index % 8, keys: [], ...more };
}

/** Looks like SHA-256 in hex, and differs where the text differs. */
export function hashOf(text: string): string {
  return Array.from(text, (character) => character.charCodeAt(0).toString(16))
    .join('')
    .padEnd(64, '0')
    .slice(0, 64);
}

export const DIRECTIONS: readonly Direction[] = ['in', 'out', 'both'];

function fieldsOf(kind: CodeFields['kind'], wish: CodeWish & { index: number; at: number }): CodeFields {
  const { index, at, assurance = 1, uses = 1 } = wish;
  switch (kind) {
    case 1:
      return { kind, suite: 1, kid: 1, index, iat: at, ttlMinutes: 10, assurance };
    case 2:
      return {
        kind,
        suite: 1,
        kid: 1,
        index,
        lastDay: 3_000,
        assurance,
        holderPublicKey: new Uint8Array(32),
        ts: at,
      };
    case 3:
      return { kind, suite: 1, slot: 0, index, ts: at, party: 0 };
    case 4:
      return {
        kind,
        suite: 1,
        kid: 1,
        passId: index,
        hostIndex: 5,
        community: 7,
        from: at,
        minutes: 10,
        uses,
      };
    default:
      return { kind: 5, suite: 1, kid: 1, index, firstDay: 2_000, lastDay: 3_000, assurance };
  }
}

/** A supervised door that is woken whenever it asks to be. */
export class DoorTwin {
  state: DoorState;
  wakeAt: MonotonicMs | undefined;
  readonly told: DoorItem[] = [];
  #elapsedMs = 0;

  constructor(settings: Partial<DoorSettings> = {}, inputs: { [Input in DoorInputName]?: boolean } = {}) {
    this.state = doorState(
      { lane: 'north', sensor: 'contact', ...DOOR_DEFAULTS, ...settings },
      inputs,
      this.at,
    );
    this.hear({ type: 'tick' });
  }

  get at(): MonotonicMs {
    return monotonicMs(5_000 + this.#elapsedMs);
  }

  hear(evidence: DoorEvidence): this {
    const outcome = superviseDoor(this.state, evidence, this.at);
    this.state = outcome.state;
    this.wakeAt = outcome.wakeAt;
    this.told.push(...outcome.items);
    return this;
  }

  /** Time goes by, and the door is woken whenever it asked to be. */
  advance(milliseconds: number): this {
    const end = this.#elapsedMs + milliseconds;
    while (this.wakeAt !== undefined && this.wakeAt - 5_000 <= end) {
      this.#elapsedMs = Math.max(this.#elapsedMs, this.wakeAt - 5_000);
      this.hear({ type: 'tick' });
    }
    this.#elapsedMs = end;
    return this;
  }

  input(input: DoorInputName, active: boolean): this {
    return this.hear({ type: 'input', input, active });
  }

  pulse(entry: number, people = 1): this {
    return this.hear({ type: 'pulse', entry, people, pulseMs: 3_000 });
  }

  get events(): string[] {
    return this.told.map(({ event, entry }) => (entry === undefined ? event : `${event} ${entry}`));
  }
}
