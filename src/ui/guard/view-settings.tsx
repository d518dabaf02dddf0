import { Button } from '../kit/index.ts';
import { type Loudness, VOLUME_MAX } from './quiet.ts';
import { changePreferences, loudness, preferences, say } from './settings.ts';
import { tryVolume, unlockSound } from './speaker.ts';
import { LanguageSwitch } from './switches.tsx';
import { settings as words } from './words/sheets.ts';
import { screen } from './words/screen.ts';

/** How loud by day and in quiet hours, and how light the screen is. */
export function SettingsView() {
  const loud = loudness.value;
  const change = (part: Partial<Loudness>) => {
    loudness.value = { ...loud, ...part };
  };
  return (
    <div class="settings">
      <Volume label={say(words.dayVolume)} step={loud.day} change={(day) => change({ day })} isFirst />
      <Volume label={say(words.nightVolume)} step={loud.night} change={(night) => change({ night })} />
      <fieldset class="hours">
        <legend>{say(words.quiet)}</legend>
        <Hour label={say(words.from)} hour={loud.quietFrom} change={(quietFrom) => change({ quietFrom })} />
        <Hour
          label={say(words.until)}
          hour={loud.quietUntil}
          change={(quietUntil) => change({ quietUntil })}
        />
      </fieldset>
      <p class="deed-note">{say(words.always)}</p>
      <fieldset class="choices choices-lanes">
        <legend>{say(words.light)}</legend>
        {(['auto', 'day', 'night'] as const).map((light) => (
          <label key={light} class={preferences.value.light === light ? 'choice choice-on' : 'choice'}>
            <input
              type="radio"
              name="light"
              checked={preferences.value.light === light}
              onChange={() => changePreferences({ light })}
            />
            {say(screen[light])}
          </label>
        ))}
      </fieldset>
      <LanguageSwitch />
    </div>
  );
}

interface VolumeProps {
  readonly label: string;
  readonly step: number;
  readonly change: (step: number) => void;
  readonly isFirst?: boolean;
}

function Volume({ label, step, change, isFirst }: VolumeProps) {
  return (
    <div class="volume">
      <label>
        <span>
          {label}: {step} / {VOLUME_MAX}
        </span>
        <input
          type="range"
          min={0}
          max={VOLUME_MAX}
          step={1}
          value={step}
          data-first={isFirst === true ? '' : undefined}
          onInput={({ currentTarget }) => change(Number(currentTarget.value))}
        />
      </label>
      <Button
        press={() => {
          unlockSound();
          tryVolume(step, VOLUME_MAX);
        }}
      >
        {say(words.test)}
      </Button>
    </div>
  );
}

interface HourProps {
  readonly label: string;
  readonly hour: number;
  readonly change: (hour: number) => void;
}

function Hour({ label, hour, change }: HourProps) {
  return (
    <label class="hour">
      <span>{label}</span>
      <select value={hour} onChange={({ currentTarget }) => change(Number(currentTarget.value))}>
        {Array.from({ length: 24 }, (_, at) => (
          <option key={at} value={at}>
            {String(at).padStart(2, '0')}:00
          </option>
        ))}
      </select>
    </label>
  );
}
