import type { DisplayEnrolment, DisplayProblem, DisplayState, Language } from '../../wire/index.ts';
import { Both, enrolmentRefusals, type Preferences } from '../kit/index.ts';
import { Reader } from './reader.tsx';
import { Notices } from './waiting.tsx';
import { enrolment as steps, notEnrolled, type ProblemWords } from './words.ts';

interface EnrolmentProps {
  readonly state: DisplayState;
  readonly enrolment: DisplayEnrolment;
  readonly notices: readonly DisplayProblem[];
  readonly preferences: Preferences;
  readonly change: (change: Partial<Preferences>) => void;
}

/** For the installer: the symbol is wanted, was refused, or the fingerprint is to be compared. */
export function Enrolment({ state, enrolment, notices, preferences, change }: EnrolmentProps) {
  const { language } = preferences;
  const { title, next } = enrolmentWords(enrolment);
  return (
    <main class="closed closed-enrolment" data-problem="not-enrolled" data-step={enrolment.step}>
      <div class="closed-text">
        <h1>
          <Both say={title} language={language} />
        </h1>
        <p class="sentence">
          <Both say={next} language={language} />
        </p>
        {enrolment.fingerprint !== undefined && (
          <p class="fingerprint">
            <code>{inGroups(enrolment.fingerprint)}</code>
          </p>
        )}
      </div>
      {state.pageReads && enrolment.step !== 'confirm' && (
        <Reader lane={state.lane} preferences={preferences} change={change} />
      )}
      <Notices notices={notices} language={language} />
    </main>
  );
}

export function enrolmentWords({ step, refusal }: DisplayEnrolment): ProblemWords {
  return step === 'refused'
    ? { title: notEnrolled, next: enrolmentRefusals[refusal ?? 'fault'] }
    : steps[step];
}

export function enrolmentSaying(enrolment: DisplayEnrolment, language: Language): string {
  const { title, next } = enrolmentWords(enrolment);
  return `${title[language]} ${next[language]}`;
}

/** Sixteen groups of four, as the console shows them. */
function inGroups(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? fingerprint;
}
