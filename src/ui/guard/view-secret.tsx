import { useState } from 'preact/hooks';
import { Banner, Field } from '../kit/index.ts';
import type { Failure } from './call.ts';
import { endDuress, newSecret } from './api.ts';
import { Failed } from './failed.tsx';
import { say } from './settings.ts';
import { secretPage as words } from './words/sheets.ts';
import { signIn } from './words/sign-in.ts';

const EMPTY = { secret: '', next: '', repeat: '' };
const SECRET_MIN = 6;

type Kind = 'own' | 'duress' | 'no-duress';
const KINDS = ['own', 'duress', 'no-duress'] as const satisfies readonly Kind[];
const NAMES = { own: words.normal, duress: words.duress, 'no-duress': words.noDuress } as const;
const NEXT = { own: undefined, duress: words.duressNext, 'no-duress': words.noDuressNext } as const;

/** Another PIN of one's own, or the one for when somebody forces the guard. It never shows whether there is such a one. */
export function SecretView() {
  const [kind, setKind] = useState<Kind>('own');
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
    const isNew = kind !== 'no-duress';
    if (isNew && form.next.length < SECRET_MIN) return setTold('short');
    if (isNew && form.next !== form.repeat) return setTold('differs');
    const { secret, next } = form;
    const answer = await (isNew ? newSecret({ secret, next, duress: kind === 'duress' }) : endDuress(secret));
    setForm(EMPTY);
    if (answer.ok) return setTold('saved');
    return setFailure(answer.error);
  };
  return (
    <form class="deed" onSubmit={(event) => void submit(event)} autocomplete="off">
      <KindChoice kind={kind} choose={setKind} />
      {NEXT[kind] !== undefined && <p class="deed-note">{say(NEXT[kind])}</p>}
      <Field
        label={say(words.now)}
        type="password"
        value={form.secret}
        change={(secret) => change({ secret })}
        maxLength={128}
      />
      {kind !== 'no-duress' && <NewSecretFields form={form} change={change} told={told} />}
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

interface NewSecretProps {
  readonly form: typeof EMPTY;
  readonly change: (part: Partial<typeof EMPTY>) => void;
  readonly told: 'saved' | 'differs' | 'short' | undefined;
}

function NewSecretFields({ form, change, told }: NewSecretProps) {
  return (
    <>
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
    </>
  );
}

interface KindChoiceProps {
  readonly kind: Kind;
  readonly choose: (kind: Kind) => void;
}

function KindChoice({ kind, choose }: KindChoiceProps) {
  return (
    <fieldset class="choices choices-lanes">
      <legend class="unseen">{say(words.title)}</legend>
      {KINDS.map((each) => (
        <label key={each} class={kind === each ? 'choice choice-on' : 'choice'}>
          <input
            type="radio"
            name="kind"
            checked={kind === each}
            data-first={each === 'own' ? '' : undefined}
            onChange={() => choose(each)}
          />
          {say(NAMES[each])}
        </label>
      ))}
    </fieldset>
  );
}
