/** How loud the desk is at which hour. Pure. */

export interface Loudness {
  /** 0 (silent) to VOLUME_MAX. */
  readonly day: number;
  readonly night: number;
  /** Hours of the gate's day, 0 to 23: quiet from the first until the second. */
  readonly quietFrom: number;
  readonly quietUntil: number;
}

export const VOLUME_MAX = 4;
/** @param hour of the gate's day */
export function isQuiet({ quietFrom, quietUntil }: Loudness, hour: number): boolean {
  if (quietFrom === quietUntil) return false;
  if (quietFrom < quietUntil) return hour >= quietFrom && hour < quietUntil;
  return hour >= quietFrom || hour < quietUntil;
}

/** @returns 0 to 1; what wakes is heard also when everything else is silent */
export function volumeAt(loud: Loudness, hour: number, wakes: boolean): number {
  const step = isQuiet(loud, hour) ? loud.night : loud.day;
  const heard = wakes ? Math.max(step, WAKING_STEP) : step;
  return (heard / VOLUME_MAX) ** 2;
}

const WAKING_STEP = 2;
