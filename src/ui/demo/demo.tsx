import { useEffect, useState } from 'preact/hooks';
import type { Language, ResidentView } from '../../wire/index.ts';
import { keepAwake, otherLanguage, type Preferences, usePreferences } from '../kit/index.ts';
import type { District } from './api.ts';
import { CodeCard } from './code-card.tsx';
import { Entries } from './entries.tsx';
import { ResidentState } from './resident-state.tsx';
import type { CodeKind } from './shown-code.ts';
import { useDistrict } from './use-district.ts';
import { kinds, states, words } from './words.ts';

const KINDS: readonly CodeKind[] = ['token', 'proof', 'pass', 'card'];

/** Until the district has said its own. */
const FIRST_TIME_ZONE = 'Asia/Shanghai';

/** The demonstration: be any of the generated residents, show a code, and watch the district receive the entry. */
export function Demo() {
  const [preferences, change] = usePreferences();
  const { district, reload } = useDistrict();
  const { language } = preferences;
  useEffect(keepAwake, []);
  return (
    <div class="demo">
      <Top preferences={preferences} change={change} displays={district?.displays ?? []} />
      <main>
        {district === undefined ? (
          <p class="none" role="status">
            {words.loading[language]}
          </p>
        ) : (
          <Phone district={district} reload={reload} language={language} />
        )}
        <Entries timeZone={district?.timeZone ?? FIRST_TIME_ZONE} language={language} />
      </main>
    </div>
  );
}

interface TopProps {
  readonly preferences: Preferences;
  readonly change: (change: Partial<Preferences>) => void;
  readonly displays: District['displays'];
}

function Top({ preferences, change, displays }: TopProps) {
  const { language } = preferences;
  const other = otherLanguage(language);
  return (
    <header class="demo-top">
      <div>
        <h1>{words.title[language]}</h1>
        <p>{words.made[language]}</p>
      </div>
      <nav>
        {displays.map(({ gate, lane, url }) => (
          <a class="button" key={url} href={url} target="_blank" rel="noreferrer">
            {words.display[language]}
            <small>
              {gate} / {lane}
            </small>
          </a>
        ))}
        <button type="button" class="button" lang={other} onClick={() => change({ language: other })}>
          {words.languageSwitch[other]}
        </button>
      </nav>
    </header>
  );
}

interface PhoneProps {
  readonly district: District;
  readonly reload: () => Promise<void>;
  readonly language: Language;
}

function Phone({ district, reload, language }: PhoneProps) {
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const [kind, setKind] = useState<CodeKind>('token');
  const resident = district.residents.find(({ index }) => index === chosen) ?? district.residents[0];
  if (resident === undefined) return <p class="none">{words.noDistrict[language]}</p>;
  const { index } = resident;
  return (
    <section class="phone" aria-label={words.code[language]}>
      <label class="pick">
        <span>{words.resident[language]}</span>
        <select value={index} onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}>
          {district.residents.map((one) => (
            <option key={one.index} value={one.index}>
              {residentText(one, language)}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="kinds">
        <legend class="unseen">{words.kind[language]}</legend>
        {KINDS.map((one) => (
          <button
            type="button"
            class="button"
            key={one}
            aria-pressed={one === kind}
            onClick={() => setKind(one)}
          >
            {kinds[one].name[language]}
          </button>
        ))}
      </fieldset>
      <CodeCard
        key={`${index}/${kind}`}
        wanted={{ district: district.district, resident, kind }}
        language={language}
      />
      <ResidentState key={index} resident={resident} reload={reload} language={language} />
    </section>
  );
}

function residentText(resident: ResidentView, language: Language): string {
  const parts = [resident.display, resident.room, states[resident.state][language]];
  return parts.filter((part) => part !== undefined).join(' · ');
}
