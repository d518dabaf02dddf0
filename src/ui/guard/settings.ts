import { effect, signal } from '@preact/signals';
import { applyPreferences, loadPreferences, type Preferences, type Text } from '../kit/index.ts';

/** What this screen remembers about itself: language, light, how loud by day and in quiet hours. Nothing about anybody. */

export interface Loudness {
  /** 0 (silent) to VOLUME_MAX. */
  readonly day: number;
  readonly night: number;
  /** Hours of the gate's day, 0 to 23: quiet from the first until the second. */
  readonly quietFrom: number;
  readonly quietUntil: number;
}

export const VOLUME_MAX = 4;
const FIRST_LOUDNESS: Loudness = { day: 3, night: 1, quietFrom: 22, quietUntil: 6 };
const KEY = 'menwei-guard-sound';

export const preferences = signal<Preferences>(loadPreferences());
export const loudness = signal<Loudness>(loadLoudness());

effect(() => applyPreferences(preferences.value));
effect(() => keep(loudness.value));

export function changePreferences(change: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...change };
}

/** The text in the screen's language; what draws it is drawn again when the language changes. */
export function say(text: Text): string {
  return text[preferences.value.language];
}

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

function loadLoudness(): Loudness {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const found = typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {};
    const step = (name: keyof Loudness, max: number) => {
      const value = found[name];
      const isStep = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
      return isStep ? value : FIRST_LOUDNESS[name];
    };
    return {
      day: step('day', VOLUME_MAX),
      night: step('night', VOLUME_MAX),
      quietFrom: step('quietFrom', 23),
      quietUntil: step('quietUntil', 23),
    };
  } catch {
    return FIRST_LOUDNESS;
  }
}

function keep(loud: Loudness): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(loud));
  } catch {
    // A private window refuses storage; the screen then starts with its defaults.
  }
}
