import { GUARD_WORDS } from '../../wire/index.ts';
import { Button, clockText } from '../kit/index.ts';
import { beginDeed, letInStart } from './context.ts';
import type { Shown } from './entries.ts';
import { entries, gate } from './live.ts';
import { preferences, say } from './settings.ts';
import { ToneSign } from './signs.tsx';
import { deeds, reasonText } from './words/deeds.ts';
import { decisions, doorEvents, kinds } from './words/gate.ts';
import { page } from './words/page.ts';

/** What happens at the lanes, newest first, with masks. */
export function EntryList() {
  const rows = entries.value;
  return (
    <section class="entries" aria-labelledby="entries-title">
      <h2 id="entries-title">{say(page.entries)}</h2>
      {rows.length === 0 && <p class="none">{say(page.noEntries)}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
      <ol tabIndex={0} aria-labelledby="entries-title">
        {rows.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ entry }: { readonly entry: Shown }) {
  const answerable = entry.decision === 'refused' && entry.index !== undefined && entry.answered !== true;
  return (
    <li class={`entry entry-${entry.decision}`}>
      <ToneSign tone={entry.decision} />
      <p>
        <strong>{say(decisions[entry.decision])}</strong> {detail(entry)}
        <span class="entry-where">{where(entry)}</span>
      </p>
      {answerable && (
        <Button press={() => beginDeed(letInStart(entry))} class="button-small">
          {say(deeds['let-in'].name)}
        </Button>
      )}
      <time dateTime={entry.at}>{clockText(Date.parse(entry.at), gate.value?.timeZone ?? 'UTC')}</time>
    </li>
  );
}

function detail(entry: Shown): string {
  const door = entry.outcome ?? entry.door;
  const parts = [
    entry.display,
    entry.people > 1 ? `${entry.people} ${say(page.people)}` : undefined,
    entry.refusal && GUARD_WORDS[preferences.value.language][entry.refusal].cause,
    entry.decision === 'manual' && entry.reason !== undefined ? say(reasonText(entry.reason)) : undefined,
    door && say(doorEvents[door]),
  ];
  // No line begins with the dot.
  return parts.filter((part) => part !== undefined).join('\u00A0· ');
}

function where({ lane, kind, actor, seq }: Shown): string {
  const kindText = kind === undefined ? undefined : kinds[kind];
  return [lane, kindText && say(kindText), actor, `#${seq}`].filter((part) => part !== undefined).join(' · ');
}
