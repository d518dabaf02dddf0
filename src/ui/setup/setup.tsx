import { useEffect, useState } from 'preact/hooks';
import { type SetupState, setupState } from '../../wire/index.ts';
import { Banner, Button, otherLanguage, usePreferences } from '../kit/index.ts';
import { call, enter } from './call.ts';
import { Entrance } from './entrance.tsx';
import type { StepProps } from './step.ts';
import { DoorStep } from './step-door.tsx';
import { EnrolStep } from './step-enrol.tsx';
import { FinishStep } from './step-finish.tsx';
import { NetworkStep } from './step-network.tsx';
import { ReadersStep } from './step-readers.tsx';
import { STEPS, type Step, stepNames, words } from './words.ts';

/** The set-up of a gate: one step after the other, each of which may be opened at any time. */

const LOOK_EVERY_MS = 1_500;

type Inside = 'opening' | 'outside' | 'inside';

export function Setup() {
  const [{ language }, change] = usePreferences();
  const [inside, setInside] = useState<Inside>('opening');
  const [isClosed, setClosed] = useState(false);
  const [isAway, setAway] = useState(false);
  const [state, setState] = useState<SetupState>();
  const [step, setStep] = useState<Step>('enrol');
  const look = async () => {
    const answer = await call('GET', 'state', { read: setupState });
    if (answer.ok) setState(answer.value);
    else if (answer.error.problem === 'not-allowed') setInside('outside');
    setAway(!answer.ok);
  };
  const open = async () => {
    const failure = await enter();
    setClosed(failure?.problem === 'not-here');
    setInside(failure === undefined ? 'inside' : failure.problem === 'no-answer' ? 'opening' : 'outside');
    if (failure?.problem === 'no-answer') setTimeout(() => void open(), LOOK_EVERY_MS);
  };
  useEffect(() => void open(), []);
  useEffect(() => {
    if (inside !== 'inside') return undefined;
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [inside]);
  const other = otherLanguage(language);
  return (
    <div class="setup" data-inside={inside} data-step={step}>
      <header class="setup-top">
        <div>
          <h1>{words.title[language]}</h1>
          {state?.gate !== undefined && <p>{state.gate}</p>}
        </div>
        <Button press={() => change({ language: other })}>
          <span lang={other}>{words.languageSwitch[other]}</span>
        </Button>
      </header>
      {inside === 'outside' && <Entrance {...{ language, isClosed }} entered={() => setInside('inside')} />}
      {inside !== 'outside' && state === undefined && (
        <main class="setup-wait">
          <p role="status">{words.loading[language]}…</p>
        </main>
      )}
      {inside === 'inside' && state !== undefined && (
        <Steps {...{ state, language, look, step, setStep, isAway }} />
      )}
    </div>
  );
}

interface StepsProps extends StepProps {
  readonly step: Step;
  readonly setStep: (step: Step) => void;
  readonly isAway: boolean;
}

const PAGES = {
  enrol: EnrolStep,
  readers: ReadersStep,
  network: NetworkStep,
  door: DoorStep,
  finish: FinishStep,
} as const;

function Steps({ step, setStep, isAway, ...props }: StepsProps) {
  const { state, language } = props;
  const at = STEPS.indexOf(step);
  const go = (by: 1 | -1) => {
    const next = STEPS[at + by];
    if (next !== undefined) setStep(next);
    globalThis.scrollTo({ top: 0 });
  };
  const Page = PAGES[step];
  return (
    <div class="setup-body">
      <nav class="setup-steps" aria-label={words.steps[language]}>
        <ol>
          {STEPS.map((each, number) => (
            <li key={each}>
              <button
                type="button"
                aria-current={each === step ? 'step' : undefined}
                data-done={isDone(each, state)}
                onClick={() => setStep(each)}
              >
                <span class="setup-number" aria-hidden="true">
                  {isDone(each, state) ? '✓' : number + 1}
                </span>
                <span>{stepNames[each][language]}</span>
                {isDone(each, state) && <span class="unseen">{words.done[language]}</span>}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <main class="setup-page" key={step}>
        {state.mode === 'running' && <Banner look="info" title={words.running[language]} />}
        {isAway && <Banner look="warn" title={words.again[language]} />}
        <Page {...props} />
        <footer class="setup-feet">
          {at > 0 ? <Button press={() => go(-1)}>{words.back[language]}</Button> : <span />}
          {at < STEPS.length - 1 && (
            <Button look="main" press={() => go(1)}>
              {words.next[language]}
            </Button>
          )}
        </footer>
      </main>
    </div>
  );
}

function isDone(step: Step, { enrolled, lanes }: SetupState): boolean {
  if (step === 'enrol') return enrolled;
  if (step === 'readers') return lanes.every(({ readers }) => readers.some(({ ready }) => ready));
  return step === 'door' && lanes.every(({ door }) => door.relayLine !== undefined);
}
