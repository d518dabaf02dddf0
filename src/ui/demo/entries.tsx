import { type DemoEntry, type Language, WORDS } from '../../wire/index.ts';
import { clockText, ConnectionMark } from '../kit/index.ts';
import { useEntries } from './use-district.ts';
import { decisions, doors, kinds, words } from './words.ts';

const KIND_NAMES = { 1: kinds.token, 3: kinds.proof, 4: kinds.pass, 5: kinds.card } as const;

interface EntriesProps {
  readonly timeZone: string;
  readonly language: Language;
}

/** What the gates reported, as the district has it. */
export function Entries({ timeZone, language }: EntriesProps) {
  const { entries: all, connection } = useEntries();
  const entries = all.filter(({ decision }) => decision !== 'system');
  const ofDevice = all.length - entries.length;
  return (
    <section class="entries" aria-labelledby="entries-title">
      <header>
        <h2 id="entries-title">{words.entries[language]}</h2>
        <ConnectionMark connection={connection} language={language} />
      </header>
      {entries.length === 0 && <p class="none">{words.noEntries[language]}</p>}
      <ol aria-live="polite">
        {entries.map((entry) => (
          <Entry key={`${entry.gate}/${entry.seq}`} entry={entry} timeZone={timeZone} language={language} />
        ))}
      </ol>
      {ofDevice > 0 && (
        <p class="of-device">
          {words.ofDevice[language]}: {ofDevice}
        </p>
      )}
    </section>
  );
}

function Entry({ entry, timeZone, language }: EntriesProps & { readonly entry: DemoEntry }) {
  return (
    <li class={`entry entry-${entry.decision}`}>
      <DecisionMark decision={entry.decision} />
      <span class="what">
        <strong>{decisions[entry.decision][language]}</strong> {detail(entry, language)}
        <span class="where">
          {entry.gate}
          {entry.lane === undefined ? '' : ` / ${entry.lane}`} · {entry.seq}
        </span>
      </span>
      <span class="when">
        <time dateTime={entry.at}>{clockText(Date.parse(entry.at), timeZone)}</time>
        <span class={entry.acknowledged ? 'acknowledged' : 'pending'}>
          {entry.acknowledged ? '✓ ' : '… '}
          {(entry.acknowledged ? words.acknowledged : words.pending)[language]}
        </span>
      </span>
    </li>
  );
}

function detail(entry: DemoEntry, language: Language): string {
  const kind = entry.kind === undefined ? undefined : KIND_NAMES[entry.kind as keyof typeof KIND_NAMES];
  const parts = [
    entry.name,
    entry.refusal && WORDS[language].refusals[entry.refusal].cause,
    entry.door && doors[entry.door][language],
    kind?.name[language],
  ];
  // No line begins with the dot.
  return parts.filter((part) => part !== undefined).join('\u00A0· ');
}

function DecisionMark({ decision }: { readonly decision: DemoEntry['decision'] }) {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      {decision === 'granted' && <path d="M4 13l5 5L20 6" />}
      {decision === 'refused' && <path d="M6 6l12 12M18 6 6 18" />}
      {decision === 'guard' && <path d="M12 4v10M12 19v.5" />}
      {decision === 'manual' && <path d="M5 12h14M12 5v14" />}
      {(decision === 'door' || decision === 'system') && <circle cx="12" cy="12" r="3" />}
    </svg>
  );
}
