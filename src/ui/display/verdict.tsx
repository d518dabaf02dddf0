import { useLayoutEffect } from 'preact/hooks';
import { type DisplayVerdict, type Language, residentAdvice, WORDS } from '../../wire/index.ts';
import { Both, type Text, text } from '../kit/index.ts';
import { ToneSign } from './signs.tsx';
import { people, tones } from './words.ts';

interface VerdictProps {
  readonly verdict: DisplayVerdict;
  readonly language: Language;
}

/** The full-screen answer to one code. Everything on it is there in the first frame: nothing fades in. */
export function Verdict({ verdict, language }: VerdictProps) {
  useLayoutEffect(noteShown, [verdict]);
  const told = verdictLines(verdict);
  return (
    <main
      class={`verdict verdict-${verdict.tone}${told.length > 0 ? ' verdict-told' : ''}`}
      data-tone={verdict.tone}
    >
      <div class="verdict-head">
        <ToneSign tone={verdict.tone} />
        <div>
          <h1>
            <Both say={tones[verdict.tone]} language={language} />
          </h1>
          <Who verdict={verdict} language={language} />
        </div>
      </div>
      {told.length > 0 && (
        <div class="verdict-lines">
          {told.map((line) => (
            <p class="sentence" key={line.en}>
              <Both say={line} language={language} />
            </p>
          ))}
        </div>
      )}
      <div class="remaining" style={{ animationDuration: `${verdict.showMs}ms` }} />
    </main>
  );
}

function Who({ verdict, language }: VerdictProps) {
  if (verdict.name === undefined && verdict.people === 1) return null;
  return (
    <p class="who">
      {verdict.name !== undefined && <span class="name">{verdict.name}</span>}
      {verdict.people > 1 && (
        <span class="people">
          <Both say={people(verdict.people)} language={language} />
        </span>
      )}
    </p>
  );
}

/** The sentences below the word, most useful first. A phone whose clock is off is told so also when it passes. */
function verdictLines(verdict: DisplayVerdict): readonly Text[] {
  const chinese = advice(verdict, 'zh-CN');
  const english = advice(verdict, 'en');
  if (chinese === undefined || english === undefined) return [];
  return [text(chinese.sentence, english.sentence), text(chinese.next, english.next)];
}

function advice(verdict: DisplayVerdict, language: Language) {
  const { refusal, offsetSeconds } = verdict;
  if (refusal !== undefined) return residentAdvice(language, { refusal, offsetSeconds });
  return offsetSeconds === undefined || offsetSeconds === 0
    ? undefined
    : WORDS[language].clockOffset(offsetSeconds);
}

/** All of it as one saying, for the voice and for screen readers. No name: it is nobody else's business. */
export function verdictSaying(verdict: DisplayVerdict, language: Language): string {
  const word = tones[verdict.tone][language];
  const count = verdict.people > 1 ? [people(verdict.people)[language]] : [];
  const stop = language === 'en' ? '. ' : '。';
  return (
    [word, ...count].join(stop) +
    stop +
    verdictLines(verdict)
      .map((line) => line[language])
      .join(' ')
  );
}

/** From the arrival of the event to the frame that shows it: the budget is 50 ms. */
function noteShown(): void {
  requestAnimationFrame(() => {
    if (performance.getEntriesByName('verdict-received').length === 0) return;
    performance.clearMeasures('verdict-shown');
    performance.measure('verdict-shown', 'verdict-received');
  });
}
