import type { Clock } from '../../ports/index.ts';
import { askState, openControl } from '../control/client.ts';
import type { ControlState, DrillOutcome } from '../control/protocol.ts';
import { type Drill, missing, type SimulatedDrill, type WatchedDrill } from './modes.ts';

/** One drill from beginning to end. However it ends, the gate is as it was: what is played ends with the connection. */

export interface Rehearsed {
  readonly outcome: DrillOutcome;
  /** Why not `passed`. */
  readonly why?: 'absent' | 'nobody' | 'missing' | 'staysOn' | 'busy' | 'stopped';
  /** `missing`: where it was not shown. */
  readonly missing?: readonly string[];
  /** Shown in the trouble, as far as it came to that. */
  readonly during?: ControlState;
}

export interface Stage {
  readonly dataDir: string;
  readonly clock: Clock;
  /** How long somebody may take to bring it about, and to end it. */
  readonly waitMs: number;
  /** Aborted by Ctrl-C. */
  readonly stop: AbortSignal;
  say(what: 'begin' | 'end'): Promise<void>;
}

const LOOK_EVERY_MS = 250;
/** Displays are told each second. */
const SHOWN_WITHIN_MS = 5_000;
const PLAYED_SECONDS = 30;

export function rehearse(drill: Drill, stage: Stage): Promise<Rehearsed> {
  return drill.kind === 'simulated' ? simulate(drill, stage) : watch(drill, stage);
}

async function simulate(drill: SimulatedDrill, stage: Stage): Promise<Rehearsed> {
  const request = { ask: 'rehearse', mode: drill.mode, seconds: PLAYED_SECONDS } as const;
  const line = await openControl(stage.dataDir, request);
  let shown: Rehearsed;
  try {
    const answer = (await line.first) as { readonly done?: unknown };
    if (answer.done !== true) return { outcome: 'skipped', why: 'busy' };
    await stage.say('begin');
    shown = await expectShown(drill, stage);
  } finally {
    line.end();
  }
  if (shown.outcome !== 'passed') return shown;
  const over = await until(stage, SHOWN_WITHIN_MS, (state) => missing(drill, state).length > 0);
  return over === undefined ? { ...shown, outcome: 'failed', why: 'staysOn' } : shown;
}

async function watch(drill: WatchedDrill, stage: Stage): Promise<Rehearsed> {
  const before = await askState(stage.dataDir);
  if (drill.absent(before)) return { outcome: 'skipped', why: 'absent' };
  await stage.say('begin');
  const happened = await until(stage, stage.waitMs, (state) => drill.happened(state, before));
  if (happened === undefined) return { outcome: 'skipped', why: stage.stop.aborted ? 'stopped' : 'nobody' };
  const shown = await expectShown(drill, stage);
  await stage.say('end');
  const over = await until(stage, stage.waitMs, (state) => drill.over(state, before));
  if (shown.outcome !== 'passed') return shown;
  return over === undefined ? { ...shown, outcome: 'failed', why: 'staysOn' } : shown;
}

async function expectShown(drill: Drill, stage: Stage): Promise<Rehearsed> {
  let last: ControlState | undefined;
  const seen = await until(stage, SHOWN_WITHIN_MS, (state) => {
    last = state;
    return missing(drill, state).length === 0;
  });
  if (seen !== undefined) return { outcome: 'passed', during: seen };
  if (stage.stop.aborted) return { outcome: 'skipped', why: 'stopped' };
  const during = last ?? (await askState(stage.dataDir));
  return { outcome: 'failed', why: 'missing', missing: missing(drill, during), during };
}

/** @returns the first state that is so; undefined when the time is over or somebody stopped it */
async function until(
  { dataDir, clock, stop }: Stage,
  withinMs: number,
  is: (state: ControlState) => boolean,
): Promise<ControlState | undefined> {
  const end = clock.monotonic() + withinMs;
  for (;;) {
    if (stop.aborted) return undefined;
    const state = await askState(dataDir);
    if (is(state)) return state;
    if (clock.monotonic() >= end) return undefined;
    await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve));
  }
}
