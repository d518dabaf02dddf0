import { effect, signal } from '@preact/signals';
import { type Loudness, VOLUME_MAX } from './quiet.ts';
import { applyPreferences, loadPreferences, type Preferences, type Text } from '../kit/index.ts';

/** What this screen remembers about itself: language, light, how loud by day and in quiet hours. Nothing about anybody. */

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
