import { useEffect, useState } from 'preact/hooks';
import { type Language, type SetupFindings, setupFindings, setupFinished } from '../../wire/index.ts';
import { Banner, Button } from '../kit/index.ts';
import { call, type Failure } from './call.ts';
import { Failed } from './failed.tsx';
import type { StepProps } from './step.ts';
import { finish, levels } from './words.ts';

/** The doctor's summary, the start of the gate, and the way to the first guard account. */

const LOOKED_WITHIN_MS = 45_000;
const STARTED_LOOK_EVERY_MS = 1_000;

export function FinishStep({ state, language }: StepProps) {
  const [seen, setSeen] = useState<SetupFindings>();
  const [failure, setFailure] = useState<Failure>();
  const [stage, setStage] = useState<'open' | 'starting' | 'started' | 'by-hand'>('open');
  const look = async () => {
    setSeen(undefined);
    const path = `findings?language=${language === 'en' ? 'en' : 'zh'}`;
    const answer = await call('GET', path, { read: setupFindings, withinMs: LOOKED_WITHIN_MS });
    if (answer.ok) setSeen(answer.value);
    setFailure(answer.ok ? undefined : answer.error);
  };
  useEffect(() => void look(), [language]);
  const start = async () => {
    const answer = await call('POST', 'finish', { read: setupFinished });
    setFailure(answer.ok ? undefined : answer.error);
    if (!answer.ok) return;
    if (answer.value.next === 'by-hand') setStage('by-hand');
    else if (answer.value.next !== 'waits') {
      setStage('starting');
      await untilStarted();
      setStage('started');
    }
  };
  return (
    <section class="card" data-stage={stage}>
      <h2>{finish.title[language]}</h2>
      {stage === 'started' ? (
        <Started lane={state.lanes[0]?.lane} language={language} />
      ) : (
        <>
          {seen === undefined && failure === undefined && <p role="status">{finish.looking[language]}…</p>}
          {seen !== undefined && <Findings seen={seen} language={language} />}
          <Failed failure={failure} language={language} />
          {!state.enrolled && <Banner look="warn" title={finish.notEnrolled[language]} />}
          {stage === 'by-hand' && <Banner look="info" title={finish.byHand[language]} />}
          {stage === 'starting' && (
            <p class="live" role="status">
              {finish.starting[language]}…
            </p>
          )}
          <p class="row">
            <Button press={() => void look()} disabled={seen === undefined && failure === undefined}>
              {finish.look[language]}
            </Button>
            <Button look="main" press={() => void start()} disabled={!state.enrolled || stage === 'starting'}>
              {(state.mode === 'new' ? finish.start : finish.restart)[language]}
            </Button>
          </p>
        </>
      )}
    </section>
  );
}

function Started({ lane, language }: { readonly lane: string | undefined; readonly language: Language }) {
  return (
    <>
      <p class="verdict good" role="status">
        ✓ {finish.started[language]}
      </p>
      <p>{finish.guardNext[language]}</p>
      <p class="row">
        <a class="button button-main" href="/guard">
          {finish.guard[language]}
        </a>
        {lane !== undefined && (
          <a class="button" href={`/display/${lane}`}>
            {finish.display[language]}
          </a>
        )}
      </p>
    </>
  );
}

/** Then it answers as a gate that has its district. */
async function untilStarted(): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, STARTED_LOOK_EVERY_MS));
    const answer = await fetch('/readyz', { cache: 'no-store' }).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    if (text !== undefined && !text.includes('not enrolled yet')) return;
  }
}

type Level = SetupFindings['findings'][number]['level'];
const LEVELS: readonly Level[] = ['stops', 'hurts', 'unchecked', 'note'];
const MARKS: Readonly<Record<Level, string>> = {
  stops: '✗',
  hurts: '!',
  unchecked: '?',
  note: '·',
  well: '✓',
};

function Findings({ seen, language }: { readonly seen: SetupFindings; readonly language: Language }) {
  const well = seen.findings.filter(({ level }) => level === 'well');
  return (
    <>
      <p class="summary" role="status">
        {seen.summary}
      </p>
      {LEVELS.map((level) => {
        const found = seen.findings.filter((finding) => finding.level === level);
        return (
          found.length > 0 && (
            <div key={level} class={`findings findings-${level}`}>
              <h3>
                <span aria-hidden="true">{MARKS[level]}</span> {levels[level][language]}
              </h3>
              <ul>
                {found.map(({ what, why, todo, about }, at) => (
                  <li key={at}>
                    <strong>
                      {about === undefined ? '' : `${about}: `}
                      {what}
                    </strong>
                    {why !== undefined && <span class="soft">{why}</span>}
                    {todo !== undefined && <span>{todo}</span>}
                  </li>
                ))}
              </ul>
            </div>
          )
        );
      })}
      <details>
        <summary>
          {finish.wellOnes[language]} ({well.length})
        </summary>
        <ul class="sentences">
          {well.map(({ what, about }, at) => (
            <li key={at}>
              ✓ {about === undefined ? '' : `${about}: `}
              {what}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
