import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Field } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { begin } from './entrance-api.ts';
import { Failed } from './failed.tsx';
import { enter } from './session.ts';
import { say } from './settings.ts';
import { unlockSound } from './speaker.ts';
import { signIn as words } from './words/sign-in.ts';

interface BeginProps {
  readonly first: boolean;
  readonly back: (() => void) | undefined;
}

/** Eight digits, a name of one's own, a secret that nobody else knows. */
export function Begin({ first, back }: BeginProps) {
  const { form, change, error, submit, working, failure, start } = useBeginning();
  return (
    <main class="entrance-card">
      <h1>{say(first ? words.firstTitle : words.beginTitle)}</h1>
      <p class="entrance-why">{say(first ? words.firstNext : words.beginNext)}</p>
      <form onSubmit={(event) => void submit(event)} autocomplete="off">
        <Field
          label={say(words.code)}
          value={form.code}
          change={(code) => change({ code: code.replace(/\D/g, '').slice(0, 8) })}
          inputMode="numeric"
          input={start}
          error={error('code')}
        />
        <Field
          label={say(words.account)}
          hint={say(words.accountHint)}
          value={form.account}
          change={(account) => change({ account: account.trim().toLowerCase() })}
          maxLength={32}
          error={error('account')}
        />
        <Field
          label={say(words.newSecret)}
          type="password"
          value={form.secret}
          change={(secret) => change({ secret })}
          maxLength={128}
          error={error('secret')}
        />
        <Field
          label={say(words.repeat)}
          type="password"
          value={form.repeat}
          change={(repeat) => change({ repeat })}
          maxLength={128}
          error={error('repeat')}
        />
        <Failed failure={failure} />
        <button type="submit" class="button button-main entrance-go" disabled={working}>
          {say(working ? words.working : words.begin)}
        </button>
      </form>
      {back !== undefined && (
        <div class="entrance-more">
          <Button press={back}>{say(words.back)}</Button>
        </div>
      )}
    </main>
  );
}

function useBeginning() {
  const [form, setForm] = useState({ account: '', code: '', secret: '', repeat: '' });
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const start = useRef<HTMLInputElement>(null);
  useEffect(() => start.current?.focus(), []);
  const change = (part: Partial<BeginForm>) => setForm((now) => ({ ...now, ...part }));
  const wrong = wrongFields(form);
  const error = (name: keyof BeginForm) => {
    const found = tried ? wrong[name] : undefined;
    return found && say(found);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    unlockSound();
    setTried(true);
    if (Object.keys(wrong).length > 0) return;
    setWorking(true);
    const { account, code, secret } = form;
    const answer = await begin({ account, code, secret });
    setWorking(false);
    if (answer.ok) enter(answer);
    else setFailure(answer.error);
  };
  return { form, change, error, submit, working, failure, start };
}

type BeginForm = Readonly<Record<'account' | 'code' | 'secret' | 'repeat', string>>;

function wrongFields(form: BeginForm): Partial<Record<keyof BeginForm, (typeof words)[keyof typeof words]>> {
  return {
    ...(/^\d{8}$/.test(form.code) ? {} : { code: words.codeShape }),
    ...(/^[a-z0-9-]{2,32}$/.test(form.account) ? {} : { account: words.accountShape }),
    ...(form.secret.length >= 6 ? {} : { secret: words.shortSecret }),
    ...(form.secret === form.repeat ? {} : { repeat: words.differs }),
  };
}
