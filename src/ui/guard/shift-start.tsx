import { useEffect, useRef, useState } from 'preact/hooks';
import type { GuardSessionAnswer } from '../../wire/index.ts';
import { Button, clockText, dateText } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { startShift } from './entrance-api.ts';
import { Failed } from './failed.tsx';
import { enter, signOut } from './session.ts';
import { preferences, say } from './settings.ts';
import { signIn as words } from './words/sign-in.ts';

/** The note of the guard before, then the shift. */
export function ShiftStart({ session }: { readonly session: GuardSessionAnswer }) {
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const go = useRef<HTMLButtonElement>(null);
  useEffect(() => go.current?.focus(), []);
  const start = async () => {
    setWorking(true);
    const answer = await startShift();
    setWorking(false);
    if (answer.ok) enter(answer);
    else setFailure(answer.error);
  };
  const { handOver } = session;
  return (
    <main class="entrance-card">
      <h1>{say(words.shiftTitle)}</h1>
      <p class="entrance-why">
        <strong>{session.account}</strong> · {say(words.shiftNext)}
      </p>
      <section class="hand-over" aria-labelledby="hand-over-title">
        <h2 id="hand-over-title">{say(words.handOver)}</h2>
        {handOver === undefined || handOver.note === '' ? (
          <p>{say(words.noHandOver)}</p>
        ) : (
          <blockquote>{handOver.note}</blockquote>
        )}
        {handOver !== undefined && (
          <p class="hand-over-who">
            {handOver.account} · <When at={handOver.at} />
          </p>
        )}
      </section>
      <Failed failure={failure} />
      <button
        type="button"
        ref={go}
        class="button button-main entrance-go"
        disabled={working}
        onClick={() => void start()}
      >
        {say(working ? words.working : words.startShift)}
      </button>
      <div class="entrance-more">
        <Button press={() => void signOut()}>{say(words.leave)}</Button>
      </div>
    </main>
  );
}

/** Before the gate has told its zone, the browser's is the best there is. */
function When({ at }: { readonly at: string }) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const time = Date.parse(at);
  return (
    <time dateTime={at}>
      {dateText(time, zone, preferences.value.language)} {clockText(time, zone).slice(0, 5)}
    </time>
  );
}
