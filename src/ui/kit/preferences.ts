import type { Language } from '../../wire/index.ts';

/** What a screen remembers about itself: language, light, sound, camera. Never anything about a person. */
export interface Preferences {
  readonly language: Language;
  readonly light: 'auto' | 'day' | 'night';
  readonly sound: boolean;
  /** The page reads codes with its camera, also after a restart. */
  readonly camera: boolean;
}

const KEY = 'menwei-screen';

/** Reads what was kept; anything unreadable is the default. */
export function loadPreferences(): Preferences {
  const kept = readKept();
  const language = kept['language'] === 'en' ? 'en' : 'zh-CN';
  const light = kept['light'] === 'day' || kept['light'] === 'night' ? kept['light'] : 'auto';
  return { language, light, sound: kept['sound'] !== false, camera: kept['camera'] === true };
}

/** Puts them on the page (`lang`, the class of the light) and keeps them. */
export function applyPreferences(preferences: Preferences): void {
  const root = document.documentElement;
  root.lang = preferences.language;
  root.classList.toggle('day', preferences.light === 'day');
  root.classList.toggle('night', preferences.light === 'night');
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // A private window refuses storage; the screen then starts with its defaults.
  }
}

function readKept(): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? { ...kept } : {};
  } catch {
    return {};
  }
}
