import { useEffect, useState } from 'preact/hooks';
import {
  type Language,
  type SetupReader,
  type SetupReaderVerdict,
  setupReaderVerdict,
} from '../../wire/index.ts';
import { Button, Dialog, Qr } from '../kit/index.ts';
import { call, type Failure } from './call.ts';
import { Failed } from './failed.tsx';
import { readers, words } from './words.ts';

/** Shows the set-up symbol large, and then what the reader made of it. */

/** The gate listens for half a minute. */
const HEARD_WITHIN_MS = 45_000;

interface ReaderTestProps {
  readonly reader: SetupReader;
  readonly setupText: string;
  readonly language: Language;
  readonly close: () => void;
  readonly use: () => void;
}

export function ReaderTest({ reader, setupText, language, close, use }: ReaderTestProps) {
  const [verdict, setVerdict] = useState<SetupReaderVerdict>();
  const [failure, setFailure] = useState<Failure>();
  const test = async () => {
    setVerdict(undefined);
    setFailure(undefined);
    const answer = await call('POST', 'readers/test', {
      body: { reader },
      read: setupReaderVerdict,
      withinMs: HEARD_WITHIN_MS,
    });
    if (answer.ok) setVerdict(answer.value);
    else setFailure(answer.error);
  };
  useEffect(() => void test(), []);
  const isOver = verdict !== undefined || failure !== undefined;
  return (
    <Dialog title={readers.testTitle[language]} closeLabel={words.close[language]} close={close}>
      <div class="reader-test">
        <div class="symbol">
          <Qr value={setupText} label={readers.symbol[language]} mixed />
        </div>
        <div class="heard" role="status">
          {!isOver && <p class="live">{readers.listening[language]}…</p>}
          <Failed failure={failure} language={language} />
          {verdict !== undefined && <Heard verdict={verdict} language={language} />}
          {isOver && (
            <p class="row">
              <Button press={() => void test()}>{readers.retry[language]}</Button>
              {verdict?.usable === true && (
                <Button look="main" press={use}>
                  {readers.use[language]}
                </Button>
              )}
            </p>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Heard({ verdict, language }: { readonly verdict: SetupReaderVerdict; readonly language: Language }) {
  const tongue = language === 'zh-CN' ? 'zh' : 'en';
  return (
    <>
      <p class={verdict.usable ? 'verdict good' : 'verdict bad'}>
        {verdict.usable ? `✓ ${readers.usable[language]}` : `✗ ${readers.unusable[language]}`}
      </p>
      <ul class="sentences">
        {verdict.findings.map((finding) => (
          <li key={finding.en}>{finding[tongue]}</li>
        ))}
      </ul>
    </>
  );
}
