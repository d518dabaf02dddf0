import { type LineLevel, type Machine, type Pulse, pulsesOf } from '../../device/rig/index.ts';
import type { Row } from '../scenario/trial.ts';
import { check, type Violation } from '../twins/checker.ts';
import type { ShownCode } from '../twins/simulator/district.ts';
import type { TraceEvent } from '../twins/simulator/trace.ts';
import { LINE } from './place.ts';
import { count } from './promises.ts';

/**
 * What was seen of a virtual Pi, told as the simulator tells its own days, so that the same checker proves the same invariants:
 * rows from the disk after the cut, the relay's line from the kernel, codes from whoever showed them.
 */
export interface Boot {
  /** Wall time at which the guest's monotonic clock was zero, or somewhat later: rows seem the earlier for it. */
  readonly wallAtBootMs: number;
  /** Of the guest's monotonic clock: when the gate's process was started. */
  readonly sinceMs: number;
  readonly machine: Machine;
  /** Of the same clock: when the next gate was started in the same machine. */
  untilMs?: number;
  /** Once the machine is off. */
  lines?: readonly LineLevel[];
  end: 'stop' | 'kill' | 'power';
}

export interface Seen {
  readonly lane: string;
  readonly pulseMs: number;
  /** Rows of the disk, oldest first. */
  readonly rows: readonly Row[];
  readonly boots: readonly Boot[];
  readonly codes: readonly ShownCode[];
  /** What tells that somebody passed; the door's contact by default. */
  readonly sensor?: 'contact' | 'passage';
}

/** Of the checker's invariants, those that this evidence can break. */
const PROVED = ['J1', 'J3', 'R1', 'R2', 'A1', 'A4', 'C1', 'C3'] as const;
/** The emulator is slow, and a busy machine stops it for whole seconds: an order and its relay may lie so far apart. */
const SLOW_MS = 20_000;
/** Between the two clocks: uptime tells hundredths of a second, rows thousandths. */
const APART_MS = 11;

function violationsOf(seen: Seen): readonly Violation[] {
  const codes = new Map(seen.codes.map((code) => [code.hash, code]));
  const trace = seen.boots.flatMap((boot, life) => lifeOf(seen, boot, life));
  const evidence = {
    trace,
    codes,
    rows: seen.rows,
    logLines: [],
    buildMs: Date.parse(seen.rows[0]?.at ?? ''),
  };
  const lanes = [{ id: seen.lane, direction: 'in', sensor: seen.sensor ?? 'contact' }] as const;
  const checked = check({ ...evidence, lanes }).filter(({ invariant }) =>
    PROVED.some((each) => each === invariant),
  );
  return [...checked, ...unordered(seen)];
}

/** The checker takes an order's slowness into account, and might take a second pulse for the same order's. */
function unordered(seen: Seen): readonly Violation[] {
  return seen.boots.flatMap((boot, life) =>
    ordersOf(seen, rowsOf(seen, boot, life), boot)
      .filter(({ orders }) => orders.length === 0)
      .map(({ pulse }) => ({
        invariant: 'R1',
        detail: `the line went up at ${pulse.onMs} ms of boot ${life}, and no row before it says so`,
        at: 0,
      })),
  );
}

/** The same, and counts each invariant, each pulse and each code as a promise. @returns what was broken */
export function proved(seen: Seen): readonly Violation[] {
  const violations = violationsOf(seen);
  const broken = (invariant: string) => violations.filter((each) => each.invariant === invariant).length;
  for (const invariant of PROVED)
    count(`${invariant}, proved by the checker`, 1, Math.min(1, broken(invariant)));
  const pulses = seen.boots.flatMap((boot) => pulsesOf(linesOf(boot), { line: LINE.relay }));
  const unordered = broken('J1') + broken('R1');
  count('pulses, each with a durable row before it (J1, R1)', pulses.length, unordered);
  count('codes that were shown, each counted once at most (J2, A1)', seen.codes.length, countedTwice(seen));
  return violations;
}

/** Grants for which no code is left that was shown: each is taken by one row of its person or pass. */
function countedTwice({ rows, codes }: Seen): number {
  const left = [...codes];
  return rows.filter((row) => {
    if (row.decision !== 'granted') return false;
    const code = left.findIndex((each) => isOf(each, row));
    if (code >= 0) left.splice(code, 1);
    return code < 0;
  }).length;
}

function linesOf({
  lines,
  machine,
  sinceMs,
  untilMs = Number.POSITIVE_INFINITY,
}: Boot): readonly LineLevel[] {
  return (lines ?? machine.lines).filter(({ atMs }) => atMs >= sinceMs && atMs < untilMs);
}

type Told = TraceEvent extends infer Each
  ? Each extends TraceEvent
    ? Omit<Each, 'life' | 'trueMs' | 'monotonic'>
    : never
  : never;

function rowsOf(seen: Seen, boot: Boot, life: number): readonly Row[] {
  const next = seen.boots[life + 1]?.wallAtBootMs ?? Number.POSITIVE_INFINITY;
  const until = next === Number.POSITIVE_INFINITY ? next : next + (seen.boots[life + 1]?.sinceMs ?? 0);
  const from = boot.wallAtBootMs + boot.sinceMs;
  return seen.rows.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < until);
}

function lifeOf(seen: Seen, boot: Boot, life: number): TraceEvent[] {
  const rows = rowsOf(seen, boot, life);
  const events: { readonly at: number; readonly told: Told }[] = rows.flatMap((row) =>
    rowEvents(row, seen.codes, boot),
  );
  events.push(...relayEvents(seen, rows, boot));
  // What was asked for stands before what it did.
  const order = ({ told }: { readonly told: Told }) =>
    told.type === 'relay' ? 2 : told.type === 'open' ? 1 : 0;
  events.sort((left, right) => left.at - right.at || order(left) - order(right));
  const start: Told = { type: 'start', journal: 'journal', memory: [], lies: false };
  const all = [{ at: boot.sinceMs, told: start }, ...events];
  all.push({ at: Math.max(...all.map(({ at }) => at)), told: { type: 'end', how: boot.end } });
  return all.map(({ at, told }) => ({ ...told, life, monotonic: at, trueMs: boot.wallAtBootMs + at }));
}

/** Each grant is led back to the code that was shown for it: by kind and by whose it is. */
function rowEvents(row: Row, codes: readonly ShownCode[], boot: Boot): { at: number; told: Told }[] {
  const at = Date.parse(row.at) - boot.wallAtBootMs;
  const code = row.decision === 'granted' ? codes.find((each) => isOf(each, row)) : undefined;
  const judged: { at: number; told: Told }[] =
    code === undefined ? [] : [{ at, told: { type: 'judged', codeHash: code.hash } }];
  return [
    ...judged,
    { at, told: { type: 'appended', journal: 'journal', rows: [row], memory: [], heard: true } },
  ];
}

function isOf({ fields }: ShownCode, { kind, index, passId }: Row): boolean {
  if (fields.kind !== kind) return false;
  return fields.kind === 4 ? fields.passId === passId : fields.index === index;
}

interface Ordered {
  readonly pulse: Pulse;
  /** Empty: nobody ordered it. */
  readonly orders: readonly { readonly row: Row; readonly at: number }[];
}

/**
 * A pulse is somebody's order when a row of that life that opens, and that no other pulse has, came before the line went up;
 * rows that follow while it is up prolong it.
 */
function ordersOf(seen: Seen, rows: readonly Row[], boot: Boot): readonly Ordered[] {
  const free = rows
    .filter(({ decision }) => decision === 'granted' || decision === 'manual')
    .map((row) => ({ row, at: Date.parse(row.at) - boot.wallAtBootMs }));
  return pulsesOf(linesOf(boot), { line: LINE.relay }).map((pulse) => {
    const { onMs, offMs } = pulse;
    const near = free.filter(({ at }) => at <= Math.min(offMs, onMs + seen.pulseMs) && at >= onMs - SLOW_MS);
    const orders = near.some(({ at }) => at <= onMs + APART_MS) ? near : [];
    for (const order of orders) free.splice(free.indexOf(order), 1);
    return { pulse, orders };
  });
}

function relayEvents(seen: Seen, rows: readonly Row[], boot: Boot): { at: number; told: Told }[] {
  const cutMs = Math.max(
    boot.sinceMs,
    ...rows.map(({ at }) => Date.parse(at) - boot.wallAtBootMs),
    ...linesOf(boot).map(({ atMs }) => atMs),
  );
  return ordersOf(seen, rows, boot).flatMap(({ pulse: { onMs, offMs }, orders }) => {
    const opens = orders.map(({ row, at }) => ({ at: Math.max(onMs, at), told: openOf(seen, row) }));
    // Without power a relay falls.
    const endMs = Number.isFinite(offMs) ? offMs : boot.end === 'power' ? cutMs : undefined;
    const ends = endMs === undefined ? [] : [switched(seen.lane, false, endMs)];
    return [...opens, switched(seen.lane, true, onMs), ...ends];
  });
}

function openOf(seen: Seen, { seq, hash }: Row): Told {
  // A receipt is minted by the journal alone; this is one that was read off its effect.
  const receipt = { seq, hash } as Extract<TraceEvent, { type: 'open' }>['receipt'];
  return { type: 'open', lane: seen.lane, receipt, pulseMs: seen.pulseMs + SLOW_MS };
}

function switched(lane: string, on: boolean, at: number): { at: number; told: Told } {
  return { at, told: { type: 'relay', lane, on, when: at } };
}
