import { LOOK_UPS_PER_HOUR } from './limits.ts';
import type { ReadState } from './state.ts';

/** How often one guard looked somebody up within the hour: remembered, so that a restart gives nobody a new hour. */

const HOUR_SECONDS = 3_600;

/** @returns how many more raise no alarm now */
export function lookUpsLeft(state: ReadState, actor: string, seconds: number): number {
  return Math.max(0, LOOK_UPS_PER_HOUR - lookUpTimes(state, actor, seconds).length);
}

/** Unix seconds, oldest first. */
export function lookUpTimes(state: ReadState, actor: string, seconds: number): number[] {
  const before = state.memory.get(lookUpsKey(actor), seconds)?.split(',').map(Number) ?? [];
  return before.filter((time) => time > seconds - HOUR_SECONDS);
}

export function lookUpsKey(actor: string): string {
  return `look-ups/${actor}`;
}
