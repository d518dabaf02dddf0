import { useState } from 'preact/hooks';
import { type DisplayEnrolment, type Language, setupEnrolled } from '../../wire/index.ts';
import { Banner, enrolmentRefusals, Field } from '../kit/index.ts';
import { call, type Failure } from './call.ts';
import { Failed } from './failed.tsx';
import type { StepProps } from './step.ts';
import { enrol } from './words.ts';

/** The district's symbol, read by the gate's own reader or pasted; what the gate makes of it is shown live. */
export function EnrolStep({ state, language, look }: StepProps) {
  const { enrolled, enrolment, gate, district } = state;
  const isReading = state.lanes.some(({ readers }) => readers.some(({ ready }) => ready));
  return (
    <section class="card">
      <h2>{enrol.title[language]}</h2>
      {enrolled ? (
        <>
          <dl class="facts">
            <dt>{enrol.gate[language]}</dt>
            <dd>{gate ?? '—'}</dd>
            <dt>{enrol.district[language]}</dt>
            <dd>{district ?? '—'}</dd>
          </dl>
          <Fingerprint enrolment={enrolment} language={language} />
        </>
      ) : (
        <>
          <p>{enrol.how[language]}</p>
          {!isReading && <Banner look="info" title={enrol.noReader[language]} />}
          <p class="live" role="status" data-enrolment={enrolment.step}>
            {liveText(enrolment, language)}
          </p>
          <Paste language={language} look={look} isWorking={enrolment.step === 'working'} />
        </>
      )}
    </section>
  );
}

function liveText({ step, refusal }: DisplayEnrolment, language: Language): string {
  if (step === 'working') return `${enrol.working[language]}…`;
  if (step === 'refused' && refusal !== undefined) return enrolmentRefusals[refusal][language];
  return `${enrol.waiting[language]}…`;
}

function Fingerprint({
  enrolment,
  language,
}: {
  readonly enrolment: DisplayEnrolment;
  readonly language: Language;
}) {
  const { fingerprint } = enrolment;
  if (fingerprint === undefined) return <p class="good">✓ {enrol.enrolled[language]}</p>;
  return (
    <div class="fingerprint">
      <h3>{enrol.confirmTitle[language]}</h3>
      <code>
        {(fingerprint.match(/.{1,4}/g) ?? []).map((group, at) => (
          <span key={at}>{group}</span>
        ))}
      </code>
      <p>{enrol.confirm[language]}</p>
    </div>
  );
}

interface PasteProps extends Pick<StepProps, 'language' | 'look'> {
  readonly isWorking: boolean;
}

/** The district may be slow. */
const ENROL_WITHIN_MS = 45_000;

function Paste({ language, look, isWorking }: PasteProps) {
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const send = async (event: Event) => {
    event.preventDefault();
    const answer = await call('POST', 'enrol', {
      body: { text },
      read: setupEnrolled,
      withinMs: ENROL_WITHIN_MS,
    });
    setFailure(answer.ok ? undefined : answer.error);
    if (answer.ok) setText('');
    await look();
  };
  return (
    <form onSubmit={(event) => void send(event)}>
      <Field label={enrol.label[language]} value={text} change={setText} maxLength={2_048} />
      <Failed failure={failure} language={language} />
      <button type="submit" class="button button-main" disabled={isWorking || text.trim() === ''}>
        {enrol.send[language]}
      </button>
    </form>
  );
}
