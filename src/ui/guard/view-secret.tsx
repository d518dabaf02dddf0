import { useState } from 'preact/hooks';
import { Banner, Field } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { newSecret } from './api.ts';
import { Failed } from './failed.tsx';
import { say } from './settings.ts';
import { secretPage as words } from './words/sheets.ts';
import { signIn } from './words/sign-in.ts';

const EMPTY = { secret: '', next: '', repeat: '' };
const SECRET_MIN = 6;

/** Another PIN of one's own, or the one for when somebody forces the guard. */
export function SecretView() {
  const [duress, setDuress] = useState(false);
  const [form, setForm] = useState(EMPTY);
  const [told, setTold] = useState<'saved' | 'differs' | 'short' | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const change = (part: Partial<typeof EMPTY>) => {
    setTold(undefined);
    setForm((now) => ({ ...now, ...part }));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setFailure(undefined);
    if (form.next.length < SECRET_MIN) return setTold('short');
    if (form.next !== form.repeat) return setTold('differs');
    const answer = await newSecret({ secret: form.secret, next: form.next, duress });
    setForm(EMPTY);
    if (answer.ok) return setTold('saved');
    return setFailure(answer.error);
  };
  return (
    <form class="deed" onSubmit={(event) => void submit(event)} autocomplete="off">
      <Kind duress={duress} choose={setDuress} />
      {duress && <p class="deed-note">{say(words.duressNext)}</p>}
      <Field
        label={say(words.now)}
        type="password"
        value={form.secret}
        change={(secret) => change({ secret })}
        maxLength={128}
      />
      <Field
        label={say(words.next)}
        type="password"
        value={form.next}
        change={(next) => change({ next })}
        maxLength={128}
        error={told === 'short' ? say(signIn.shortSecret) : undefined}
      />
      <Field
        label={say(signIn.repeat)}
        type="password"
        value={form.repeat}
        change={(repeat) => change({ repeat })}
        maxLength={128}
        error={told === 'differs' ? say(signIn.differs) : undefined}
      />
      <Failed failure={failure} />
      <div role="status">{told === 'saved' && <Banner look="info" title={say(words.saved)} />}</div>
      <button type="submit" class="button button-main button-big">
        {say(words.save)}
        <span class="key" aria-hidden="true">
          Enter
        </span>
      </button>
    </form>
  );
}

function Kind({ duress, choose }: { readonly duress: boolean; readonly choose: (duress: boolean) => void }) {
  return (
    <fieldset class="choices choices-lanes">
      <legend class="unseen">{say(words.title)}</legend>
      {[false, true].map((kind) => (
        <label key={String(kind)} class={duress === kind ? 'choice choice-on' : 'choice'}>
          <input
            type="radio"
            name="duress"
            checked={duress === kind}
            data-first={kind ? undefined : ''}
            onChange={() => choose(kind)}
          />
          {say(kind ? words.duress : words.normal)}
        </label>
      ))}
    </fieldset>
  );
}
