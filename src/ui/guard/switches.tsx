import { Button, otherLanguage } from '../kit/index.ts';
import { changePreferences, preferences, say } from './settings.ts';
import { screen } from './words/screen.ts';

/** What stands on every screen before the desk: the language, and day or night. */
export function SmallTop() {
  return (
    <header class="top">
      <strong class="top-name">{say(screen.title)}</strong>
      <div class="top-switches">
        <LightSwitch />
        <LanguageSwitch />
      </div>
    </header>
  );
}

export function LanguageSwitch() {
  const other = otherLanguage(preferences.value.language);
  return (
    <button type="button" class="button" lang={other} onClick={() => changePreferences({ language: other })}>
      {screen.language[other]}
    </button>
  );
}

const LIGHTS = { auto: 'day', day: 'night', night: 'auto' } as const;

export function LightSwitch() {
  const { light } = preferences.value;
  return (
    <Button press={() => changePreferences({ light: LIGHTS[light] })} class="light">
      <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
        <path d={LIGHT_SIGNS[light]} />
      </svg>
      <span class="light-word">{say(screen[light])}</span>
    </Button>
  );
}

const LIGHT_SIGNS = {
  auto: 'M12 3a9 9 0 1 0 0 18ZM12 3a9 9 0 0 1 0 18',
  day: 'M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  night: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
} as const;
