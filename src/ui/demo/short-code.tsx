import { shortCodeGroups } from '../../code/index.ts';
import type { Language } from '../../wire/index.ts';
import { useSteadyNow } from '../kit/index.ts';
import { Ring } from './ring.tsx';
import { useShortCode, type WantedShortCode } from './use-short-code.ts';
import { words } from './words.ts';

interface ShortCodeProps {
  readonly wanted: WantedShortCode;
  readonly language: Language;
}

/** What is read out to the guard when no reader works: eight digits in two groups, and how much of their minute is left. */
export function ShortCode({ wanted, language }: ShortCodeProps) {
  const shown = useShortCode(wanted);
  useSteadyNow(250);
  if (shown === undefined) return null;
  const leftSeconds = shown.until - Date.now() / 1000;
  return (
    <div class="short-code">
      <p>
        <span class="short-code-name">{words.shortCode[language]}</span>
        <strong class="digits" aria-hidden="true">
          {shortCodeGroups(shown.text)}
        </strong>
        {/* One by one: a screen reader would say it as a number of millions. */}
        <span class="unseen">{[...shown.text].join(' ')}</span>
        <span class="about">{words.shortCodeUse[language]}</span>
      </p>
      <Ring share={leftSeconds / (shown.until - shown.from)} />
    </div>
  );
}
