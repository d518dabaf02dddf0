import { useState } from 'preact/hooks';
import { type Language, type SetupRelayVerdict, setupRelayVerdict } from '../../wire/index.ts';
import { Button, Dialog } from '../kit/index.ts';
import { call, type Failure } from './call.ts';
import { Failed } from './failed.tsx';
import { door, words } from './words.ts';

/** One opening after it was confirmed; where no contact is wired, whoever stands there is asked. */

/** The longest pulse, and a door that closes slowly. */
const TESTED_WITHIN_MS = 60_000;

export function RelayTest({ lane, language }: { readonly lane: string; readonly language: Language }) {
  const [stage, setStage] = useState<'idle' | 'asking' | 'opening'>('idle');
  const [verdict, setVerdict] = useState<SetupRelayVerdict>();
  const [failure, setFailure] = useState<Failure>();
  const open = async () => {
    setStage('opening');
    setVerdict(undefined);
    setFailure(undefined);
    const body = { lane, confirmed: true };
    const answer = await call('POST', 'relay', { body, read: setupRelayVerdict, withinMs: TESTED_WITHIN_MS });
    if (answer.ok) setVerdict(answer.value);
    else setFailure(answer.error);
    setStage('idle');
  };
  return (
    <section class="card">
      <h2>{door.test[language]}</h2>
      <p>{door.testHint[language]}</p>
      <p class="row">
        <Button look="main" press={() => setStage('asking')} disabled={stage === 'opening'}>
          {door.test[language]}
        </Button>
      </p>
      <div class="told" role="status">
        {stage === 'opening' && <p class="live">{door.opening[language]}…</p>}
        {verdict !== undefined && <Told verdict={verdict} language={language} />}
      </div>
      <Failed failure={failure} language={language} />
      {stage === 'asking' && (
        <Dialog
          title={door.test[language]}
          closeLabel={words.close[language]}
          close={() => setStage('idle')}
          look="danger"
        >
          <p>{door.testHint[language]}</p>
          <p class="row">
            <Button look="danger" press={() => void open()}>
              {door.open[language]}
            </Button>
            <Button press={() => setStage('idle')}>{words.cancel[language]}</Button>
          </p>
        </Dialog>
      )}
    </section>
  );
}

function Told({ verdict, language }: { readonly verdict: SetupRelayVerdict; readonly language: Language }) {
  const [seen, setSeen] = useState<boolean>();
  const isAsked = verdict.good && verdict.contact === 'none';
  return (
    <>
      {!isAsked && (
        <p class={verdict.good ? 'verdict good' : 'verdict bad'}>
          {verdict.good ? `✓ ${door.good[language]}` : `✗ ${door.bad[language]}`}
        </p>
      )}
      <ul class="sentences">
        {verdict.sentences.map((sentence) => (
          <li key={sentence.en}>{sentence[language === 'zh-CN' ? 'zh' : 'en']}</li>
        ))}
      </ul>
      {isAsked && seen === undefined && (
        <p class="row">
          <Button press={() => setSeen(true)}>{door.yes[language]}</Button>
          <Button press={() => setSeen(false)}>{door.no[language]}</Button>
        </p>
      )}
      {seen !== undefined && (
        <p class={seen ? 'verdict good' : 'verdict bad'}>
          {seen ? `✓ ${door.itWorks[language]}` : `✗ ${door.look[language]}`}
        </p>
      )}
    </>
  );
}
