import { type GuardLane, GUARD_WORDS } from '../../wire/index.ts';
import { clockText } from '../kit/index.ts';
import { gate, verdictAt } from './live.ts';
import { preferences, say } from './settings.ts';
import { ToneSign } from './signs.tsx';
import { contacts, decisions, directions, modes } from './words/gate.ts';
import { page } from './words/page.ts';

/** Each lane: whether its door is as it should be, and what it last said to whom. */
export function Lanes() {
  const lanes = gate.value?.lanes ?? [];
  return (
    <section class="lanes" aria-labelledby="lanes-title">
      <h2 id="lanes-title">{say(page.lanes)}</h2>
      <ul>
        {lanes.map((lane) => (
          <Lane key={lane.lane} lane={lane} />
        ))}
      </ul>
    </section>
  );
}

function Lane({ lane }: { readonly lane: GuardLane }) {
  const trouble = !lane.door.healthy || lane.readers.some(({ ready }) => !ready);
  const looks = lane.mode !== 'normal' ? lane.mode : trouble ? 'trouble' : 'normal';
  return (
    <li class={`lane lane-${looks}`}>
      <div class="lane-head">
        <strong>{lane.lane}</strong>
        <span>{say(directions[lane.direction])}</span>
        <span class="lane-mode">{say(modes[lane.mode])}</span>
      </div>
      <p class="lane-door">
        <DoorSign open={lane.door.contact === 'open'} />
        {lane.door.healthy ? doorText(lane) : say(page.doorTrouble)}
        {lane.readers
          .filter(({ ready }) => !ready)
          .map(({ reader }) => (
            <span key={reader} class="lane-trouble">
              {say(page.readerTrouble)}: {reader}
            </span>
          ))}
      </p>
      <LastVerdict lane={lane.lane} />
    </li>
  );
}

function doorText({ door }: GuardLane): string {
  return door.relay === 'open' ? say(page.relayOpen) : say(contacts[door.contact]);
}

function DoorSign({ open }: { readonly open: boolean }) {
  return (
    <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
      <path d={open ? 'M5 21V3h14v18M5 3l9 3v16l-9-2' : 'M5 21V3h14v18M15 12v1'} />
    </svg>
  );
}

function LastVerdict({ lane }: { readonly lane: string }) {
  const last = verdictAt(lane);
  if (last === undefined) return <p class="lane-last lane-none">{say(page.noVerdict)}</p>;
  const cause = last.refusal && GUARD_WORDS[preferences.value.language][last.refusal].cause;
  return (
    <p class="lane-last">
      <ToneSign tone={last.decision} />
      <strong>{say(decisions[last.decision])}</strong>
      <span>{[last.display, cause].filter((part) => part !== undefined).join(' · ')}</span>
      <time dateTime={last.at}>{clockText(Date.parse(last.at), gate.value?.timeZone ?? 'UTC')}</time>
    </p>
  );
}
