import { useState } from 'preact/hooks';
import type { GuardRole } from '../../wire/index.ts';
import { Button, Field } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { disableAccount, fetchAccounts, invite, unlockAccount } from './api.ts';
import { AtGate } from './at-gate.tsx';
import { Failed } from './failed.tsx';
import { say } from './settings.ts';
import { useFetched } from './use-fetched.ts';
import { accountsPage as words } from './words/sheets.ts';
import { signIn } from './words/sign-in.ts';

interface Invitation {
  readonly account: string;
  readonly code: string;
  readonly expiresAt: string;
}

/** A head guard invites, unlocks and disables. Whoever is invited sets a secret that nobody else knows. */
export function AccountsView() {
  const { value, failure, reload } = useFetched(fetchAccounts);
  const [invitation, setInvitation] = useState<Invitation | undefined>(undefined);
  const [failed, setFailed] = useState<Failure | undefined>(undefined);
  const take = async (answer: Awaited<ReturnType<typeof invite>>) => {
    setFailed(answer.ok ? undefined : answer.error);
    setInvitation(answer.ok ? answer.value : undefined);
    await reload();
    return answer.ok;
  };
  const disable = async (account: string) => {
    const answer = await disableAccount(account);
    setFailed(answer.ok ? undefined : answer.error);
    await reload();
  };
  return (
    <>
      <InviteForm take={take} />
      <div role="status">{invitation !== undefined && <Shown invitation={invitation} />}</div>
      <Failed failure={failed ?? failure} />
      <ul class="accounts">
        {value?.accounts.map(({ account, role, state }) => (
          <li key={account}>
            <p>
              <strong>{account}</strong> {say(words[role])} · {say(words.states[state])}
            </p>
            <Button press={() => void unlockAccount(account).then(take)}>{say(words.unlock)}</Button>
            {state !== 'disabled' && <DisableButton disable={() => void disable(account)} />}
          </li>
        ))}
      </ul>
    </>
  );
}

function Shown({ invitation }: { readonly invitation: Invitation }) {
  return (
    <div class="invitation">
      <p>
        <strong>{invitation.account}</strong> · {say(words.shown)}
      </p>
      <p class="invitation-code">
        {invitation.code.slice(0, 4)} {invitation.code.slice(4)}
      </p>
      <p>
        {say(words.until)} <AtGate at={invitation.expiresAt} day />
      </p>
    </div>
  );
}

function InviteForm({
  take,
}: {
  readonly take: (answer: Awaited<ReturnType<typeof invite>>) => Promise<boolean>;
}) {
  const [account, setAccount] = useState('');
  const [role, setRole] = useState<GuardRole>('guard');
  const [wrong, setWrong] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    const isName = /^[a-z0-9-]{2,32}$/.test(account);
    setWrong(!isName);
    if (isName && (await take(await invite(account, role)))) setAccount('');
  };
  return (
    <form class="invite" onSubmit={(event) => void submit(event)} autocomplete="off">
      <Field
        label={say(signIn.account)}
        hint={say(signIn.accountHint)}
        value={account}
        change={(value) => setAccount(value.trim().toLowerCase())}
        maxLength={32}
        error={wrong ? say(signIn.accountShape) : undefined}
        first
      />
      <fieldset class="choices choices-lanes">
        <legend class="unseen">{say(words.title)}</legend>
        {(['guard', 'head'] as const).map((each) => (
          <label key={each} class={role === each ? 'choice choice-on' : 'choice'}>
            <input type="radio" name="role" checked={role === each} onChange={() => setRole(each)} />
            {say(words[each])}
          </label>
        ))}
      </fieldset>
      <button type="submit" class="button button-main">
        {say(words.invite)}
      </button>
    </form>
  );
}

/** Asks once more: somebody may be on duty with this account. */
function DisableButton({ disable }: { readonly disable: () => void }) {
  const [sure, setSure] = useState(false);
  return (
    <Button look={sure ? 'danger' : 'plain'} press={() => (sure ? disable() : setSure(true))}>
      {say(sure ? words.disableSure : words.disable)}
    </Button>
  );
}
