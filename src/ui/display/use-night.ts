import { useLayoutEffect } from 'preact/hooks';
import type { DisplayState } from '../../wire/index.ts';
import type { Preferences } from '../kit/index.ts';

/**
 * A monitor at a gate does not know that it is night, and a white one blinds whoever comes out of the dark. So the gate's
 * own time decides, where nobody has chosen and the device itself is not dark already.
 */

const LOOK_EVERY_MS = 30_000;

/** Local hours at which lamps are lit, summer and winter alike. */
const NIGHT_FROM = 19;
const NIGHT_UNTIL = 6;

export function isNight(at: number, timeZone: string): boolean {
  const hour = Number(
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(at),
  );
  return hour >= NIGHT_FROM || hour < NIGHT_UNTIL;
}

interface Shown {
  readonly state?: DisplayState;
  readonly stateAtMs: number;
}

export function useNight({ state, stateAtMs }: Shown, preferences: Preferences): void {
  // After every change of a preference, which puts the class of the chosen light on the page anew.
  useLayoutEffect(() => {
    if (state === undefined || preferences.light !== 'auto') return undefined;
    const look = () => {
      const at = Date.parse(state.at) + Math.max(0, performance.now() - stateAtMs);
      document.documentElement.classList.toggle('night', isNight(at, state.timeZone));
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [state, stateAtMs, preferences]);
}
