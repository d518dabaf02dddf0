import { Button, clockText, ConnectionMark, dateText, useSteadyNow } from '../kit/index.ts';
import { connection, gate, gateNow } from './live.ts';
import { preferences, say } from './settings.ts';
import { soundWaits, unlockSound } from './speaker.ts';
import { LanguageSwitch, LightSwitch } from './switches.tsx';
import { view } from './views.ts';
import { page } from './words/page.ts';
import { screen } from './words/screen.ts';

/** The desk's own: which gate, whether it is heard, its time, and the ways to everything else. */
export function TopBar({ account }: { readonly account: string }) {
  const { language } = preferences.value;
  return (
    <header class="top">
      <div class="top-gate">
        <strong class="top-name">{gate.value?.gate ?? say(screen.title)}</strong>
        <ConnectionMark connection={connection.value} language={language} />
        <Uplink />
      </div>
      <GateClock />
      <div class="top-switches">
        {soundWaits.value && (
          <Button press={unlockSound} look="main">
            {say(page.soundWaits)}
          </Button>
        )}
        <span class="top-account">{account}</span>
        <LightSwitch />
        <LanguageSwitch />
        <Button
          press={() => {
            view.value = 'keys';
          }}
          hint="?"
          class="wide-only"
        >
          {say(page.keys)}
        </Button>
        <Button
          press={() => {
            view.value = 'menu';
          }}
          hint="/"
        >
          {say(page.menu)}
        </Button>
      </div>
    </header>
  );
}

const UPLINKS = { connected: page.uplinkConnected, away: page.uplinkAway, none: page.uplinkNone } as const;

function Uplink() {
  const uplink = gate.value?.uplink;
  if (uplink === undefined) return null;
  return (
    <span class={`uplink uplink-${uplink.state}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {uplink.state === 'connected' ? <circle cx="8" cy="8" r="5" /> : <path d="M8 1.5 15 14.5H1Z" />}
      </svg>
      {say(UPLINKS[uplink.state])}
      {uplink.unsent > 0 && ` · ${uplink.unsent} ${say(page.unsent)}`}
    </span>
  );
}

function GateClock() {
  useSteadyNow(500);
  const state = gate.value;
  if (state === undefined) return <div class="top-clock" />;
  const now = gateNow();
  return (
    <div class="top-clock">
      <time>
        <span class="unseen">{say(page.clock)} </span>
        {clockText(now, state.timeZone)}
      </time>
      <span>{dateText(now, state.timeZone, preferences.value.language)}</span>
    </div>
  );
}
