import { useLayoutEffect, useState } from 'preact/hooks';
import { applyPreferences, loadPreferences, type Preferences } from './preferences.ts';

/** The screen's own settings; a change is put on the page and kept. */
export function usePreferences(): readonly [Preferences, (change: Partial<Preferences>) => void] {
  const [preferences, setPreferences] = useState(loadPreferences);
  useLayoutEffect(() => applyPreferences(preferences), [preferences]);
  return [preferences, (change) => setPreferences((before) => ({ ...before, ...change }))];
}
