import type { GuardEntry } from '../../wire/index.ts';

/** Signs that say by their shape what colour says as well. */

const PATHS: Readonly<Record<GuardEntry['decision'], string>> = {
  granted: 'M4 13l5 5L20 6',
  refused: 'M6 6l12 12M18 6 6 18',
  guard: 'M12 4v10M12 19v.5',
  manual: 'M5 12h14M13 6l6 6-6 6',
  door: 'M6 3h12v18H6ZM14.5 12v.5',
  system: 'M12 10v7M12 6.5v.5',
};

export function ToneSign({ tone }: { readonly tone: GuardEntry['decision'] }) {
  return (
    <svg class={`tone tone-${tone}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[tone]} />
    </svg>
  );
}
