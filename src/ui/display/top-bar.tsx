import {
  clockText,
  ConnectionMark,
  dateText,
  otherLanguage,
  type Preferences,
  useSteadyNow,
} from '../kit/index.ts';
import type { Screen } from './face.ts';
import type { Announcer } from './use-announcer.ts';
import { directions, marks, words } from './words.ts';

interface TopBarProps {
  readonly screen: Screen;
  readonly preferences: Preferences;
  readonly change: (change: Partial<Preferences>) => void;
  readonly announcer: Announcer;
}

/** Which lane this is, the gate's time to compare a phone with, and the screen's own switches. */
export function TopBar({ screen, preferences, change, announcer }: TopBarProps) {
  const { language, sound } = preferences;
  const other = otherLanguage(language);
  const soundWord = !sound ? words.soundOff : announcer.waits ? words.soundWaits : words.soundOn;
  const switchSound = () => {
    announcer.unlock();
    if (!announcer.waits) change({ sound: !sound });
  };
  return (
    <header class="top">
      <div class="lane">
        {screen.state !== undefined && <strong>{directions[screen.state.direction][language]}</strong>}
        <ConnectionMark connection={screen.connection} language={language} />
        {screen.state?.marks?.map((mark) => (
          <span class="mark" key={mark} data-mark={mark}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M8 1.5 14.5 8 8 14.5 1.5 8Z" />
            </svg>
            {marks[mark][language]}
          </span>
        ))}
      </div>
      <GateClock screen={screen} preferences={preferences} />
      <div class="switches">
        <button type="button" class="button" onClick={switchSound} aria-pressed={sound && !announcer.waits}>
          <SoundSign on={sound && !announcer.waits} />
          {soundWord[language]}
        </button>
        <button type="button" class="button" lang={other} onClick={() => change({ language: other })}>
          {words.languageSwitch[other]}
        </button>
      </div>
    </header>
  );
}

/** Goes on from the gate's own time with the page's steady clock: this machine's wall clock is not asked. */
function GateClock({ screen, preferences }: Pick<TopBarProps, 'screen' | 'preferences'>) {
  const now = useSteadyNow(250);
  if (screen.state === undefined) return <div class="clock" />;
  const at = Date.parse(screen.state.at) + Math.max(0, now - screen.stateAtMs);
  return (
    <div class="clock">
      <time>
        <span class="unseen">{words.clock[preferences.language]} </span>
        {clockText(at, screen.state.timeZone)}
      </time>
      <span class="date">{dateText(at, screen.state.timeZone, preferences.language)}</span>
    </div>
  );
}

function SoundSign({ on }: { readonly on: boolean }) {
  return (
    <svg class="sound-sign" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 9v6h4l5 4V5L8 9Z" />
      <path
        class="sound-wave"
        d={on ? 'M16 8.5a5 5 0 0 1 0 7M18.5 6a9 9 0 0 1 0 12' : 'm16 9.5 5 5m0-5-5 5'}
      />
    </svg>
  );
}
