import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Field } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { signIn as send } from './entrance-api.ts';
import { Failed } from './failed.tsx';
import { IdleCall } from './idle-call.tsx';
import { beginModule, fetchBegin } from './later.ts';
import { PinPad } from './pin-pad.tsx';
import { enter, lastAccount } from './session.ts';
import { say } from './settings.ts';
import { unlockSound } from './speaker.ts';
import { screen } from './words/screen.ts';
import { signIn as words } from './words/sign-in.ts';

interface SignInProps {
  readonly why: 'ended' | 'idle' | 'elsewhere' | undefined;
  readonly firstAccount: boolean;
}

/** Sign in, or begin: the first account of a gate, or one that a head guard has invited. */
export function SignIn({ why, firstAccount }: SignInProps) {
  const [beginning, setBeginning] = useState(firstAccount);
  const beginners = beginModule.value;
  useEffect(() => {
    if (beginning) void fetchBegin();
  }, [beginning]);
  if (beginning && beginners !== undefined)
    return (
      <beginners.Begin first={firstAccount} back={firstAccount ? undefined : () => setBeginning(false)} />
    );
  if (beginning)
    return (
      <main class="entrance-card">
        <p role="status">{say(screen.loading)}…</p>
      </main>
    );
  return <Enter why={why} begin={() => setBeginning(true)} />;
}

const WHY = { idle: words.whyIdle, ended: words.whyEnded, elsewhere: words.whyElsewhere } as const;

function Enter({ why, begin: toBegin }: Pick<SignInProps, 'why'> & { readonly begin: () => void }) {
  const again = why === 'idle' && lastAccount.value !== '';
  const entering = useEntering(again);
  const { account, secret, byPassword, working, accountInput, secretInput } = entering;
  return (
    <main class="entrance-card">
      <h1>{say(again ? words.again : words.title)}</h1>
      {again && <IdleCall />}
      {why !== undefined && <p class="entrance-why">{say(WHY[why])}</p>}
      <form onSubmit={(event) => void entering.submit(event)} autocomplete="off">
        {again ? (
          <p class="entrance-again">
            <strong>{account}</strong>
            <Button press={entering.somebodyElse}>{say(words.other)}</Button>
          </p>
        ) : null}
        {(!again || lastAccount.value === '') && (
          <Field
            label={say(words.account)}
            hint={say(words.accountHint)}
            value={account}
            change={entering.setAccount}
            input={accountInput}
            maxLength={32}
          />
        )}
        <Field
          label={say(byPassword ? words.password : words.secret)}
          type="password"
          value={secret}
          change={entering.setSecret}
          input={secretInput}
          maxLength={128}
          inputMode={byPassword ? 'text' : 'none'}
        />
        {!byPassword && <PinPad press={(digit) => entering.setSecret(pressed(secret, digit))} />}
        <Failed failure={entering.failure} />
        <button type="submit" class="button button-main entrance-go" disabled={working}>
          {say(working ? words.working : words.enter)}
        </button>
      </form>
      <div class="entrance-more">
        <Button press={entering.otherWay}>{say(byPassword ? words.usePin : words.usePassword)}</Button>
        <Button press={toBegin}>{say(words.invited)}</Button>
        <a class="button" href="/help" target="_blank" rel="noreferrer">
          {say(words.help)}
        </a>
      </div>
    </main>
  );
}

/** What is typed at the door, and what became of it. A secret is forgotten as soon as it was sent. */
function useEntering(again: boolean) {
  const [account, setAccount] = useState(lastAccount.value);
  const [secret, setSecret] = useState('');
  const [byPassword, setByPassword] = useState(false);
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const accountInput = useRef<HTMLInputElement>(null);
  const secretInput = useRef<HTMLInputElement>(null);
  useEffect(() => (again ? secretInput : accountInput).current?.focus(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    unlockSound();
    if (account === '') return accountInput.current?.focus();
    if (secret === '') return secretInput.current?.focus();
    setWorking(true);
    const answer = await send(account, secret);
    setWorking(false);
    setSecret('');
    if (answer.ok) return enter(answer);
    setFailure(answer.error);
    return secretInput.current?.focus();
  };
  const somebodyElse = () => {
    lastAccount.value = '';
    setAccount('');
    setFailure(undefined);
    setTimeout(() => accountInput.current?.focus());
  };
  const otherWay = () => {
    setByPassword(!byPassword);
    secretInput.current?.focus();
  };
  return {
    account,
    secret,
    byPassword,
    working,
    failure,
    accountInput,
    secretInput,
    submit,
    somebodyElse,
    otherWay,
    setSecret,
    setAccount: (value: string) => setAccount(value.trim().toLowerCase()),
  };
}

function pressed(now: string, digit: string): string {
  return digit === 'erase' ? now.slice(0, -1) : now + digit;
}
