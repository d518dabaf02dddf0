import type { DisplayProblem, DisplayState, Language } from '../../wire/index.ts';
import { Both, type Preferences } from '../kit/index.ts';
import { Reader } from './reader.tsx';
import { HoldPicture } from './signs.tsx';
import { type ProblemWords, problems, readersReplaced, words } from './words.ts';

interface WaitingProps {
  readonly state: DisplayState;
  readonly notices: readonly DisplayProblem[];
  readonly preferences: Preferences;
  readonly change: (change: Partial<Preferences>) => void;
}

/** Between two people: how to hold the code. */
export function Waiting({ state, notices, preferences, change }: WaitingProps) {
  const { language } = preferences;
  return (
    <main class={state.pageReads ? 'waiting waiting-reads' : 'waiting'}>
      {state.pageReads ? (
        <div class="holding">
          <HoldPicture />
          <Reader lane={state.lane} preferences={preferences} change={change} />
        </div>
      ) : (
        <HoldPicture />
      )}
      <div class="waiting-text">
        <h1>
          <Both say={words.show} language={language} />
        </h1>
        <ol>
          {[state.pageReads ? words.holdHere : words.hold, words.distance, words.pass].map((step, at) => (
            <li key={step.en}>
              <span class="step" aria-hidden="true">
                {at + 1}
              </span>
              <span>
                <Both say={step} language={language} />
              </span>
            </li>
          ))}
        </ol>
        <p class="no-phone">
          <Both say={words.noPhone} language={language} />
        </p>
      </div>
      <Notices notices={notices} language={language} />
    </main>
  );
}

interface NoticesProps {
  readonly notices: readonly DisplayProblem[];
  readonly language: Language;
}

/** What is not quite in order, while the lane goes on. */
export function Notices({ notices, language }: NoticesProps) {
  if (notices.length === 0) return null;
  return (
    <ul class="notices">
      {notices.map((problem) => (
        <li key={problem}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M8 1 15.5 15H.5Z" />
          </svg>
          <span>
            <strong>{noticeWords(problem).title[language]}</strong> {noticeWords(problem).next[language]}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Readers are a notice only where something else takes their place or is worse. */
function noticeWords(problem: DisplayProblem): ProblemWords {
  return problem === 'readers' ? readersReplaced : problems[problem];
}
