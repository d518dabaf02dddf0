import { Button, Field } from '../kit/index.ts';
import { type DeedPart, toggled } from './deed-part.ts';
import { say } from './settings.ts';
import { deedForm as words } from './words/deed-form.ts';
import { search } from './words/search.ts';
import { signIn } from './words/sign-in.ts';

/** What a deed asks besides its reason: who comes along, how many, a longer opening, a second guard. */
export function Extras({ start, form, change, missing }: DeedPart & { readonly missing: boolean }) {
  const { deed } = start;
  const opens = deed === 'let-in' || deed === 'visitor' || deed === 'delivery';
  return (
    <>
      {deed === 'let-in' && <Party start={start} form={form} change={change} />}
      {(deed === 'visitor' || deed === 'delivery') && <People form={form} change={change} />}
      {opens && <Tick on={form.long} label={say(words.long)} hint="L" change={(long) => change({ long })} />}
      {deed === 'emergency' && (
        <Tick on={form.hold} label={say(words.holdOpen)} hint="K" change={(hold) => change({ hold })} />
      )}
      {deed === 'hold' && <Second form={form} change={change} missing={missing} />}
    </>
  );
}

function Party({ start, form, change }: DeedPart) {
  const family = start.family ?? [];
  if (family.length === 0) return null;
  return (
    <fieldset class="ticks">
      <legend>{say(words.party)}</legend>
      {family.map((member, at) => (
        <Tick
          key={member.index}
          on={form.party.includes(member.index)}
          label={`${member.display ?? say(search.resident)}${member.minor ? ` · ${say(search.minor)}` : ''}`}
          hint={String.fromCharCode('A'.charCodeAt(0) + at)}
          change={() => change({ party: toggled(form.party, member.index) })}
        />
      ))}
    </fieldset>
  );
}

function People({ form, change }: Omit<DeedPart, 'start'>) {
  const step = (by: number) => change({ people: Math.min(8, Math.max(1, form.people + by)) });
  return (
    <div class="stepper">
      <span>{say(words.people)}</span>
      <Button press={() => step(-1)} hint="−" label={`${say(words.people)} −1`}>
        {' '}
      </Button>
      <output aria-live="polite">{form.people}</output>
      <Button press={() => step(1)} hint="+" label={`${say(words.people)} +1`}>
        {' '}
      </Button>
    </div>
  );
}

interface TickProps {
  readonly on: boolean;
  readonly label: string;
  readonly hint: string;
  readonly change: (on: boolean) => void;
}

function Tick({ on, label, hint, change }: TickProps) {
  return (
    <label class={on ? 'choice choice-on' : 'choice'}>
      <input type="checkbox" checked={on} onChange={({ currentTarget }) => change(currentTarget.checked)} />
      <span class="key" aria-hidden="true">
        {hint}
      </span>
      {label}
    </label>
  );
}

function Second({ form, change, missing }: Omit<DeedPart, 'start'> & { readonly missing: boolean }) {
  return (
    <fieldset class="second">
      <legend>{say(words.second)}</legend>
      <p class="deed-note">{say(words.secondNext)}</p>
      <Field
        label={say(signIn.account)}
        value={form.account}
        change={(account) => change({ account: account.trim().toLowerCase() })}
        maxLength={32}
        error={missing ? say(words.secondNext) : undefined}
      />
      <Field
        label={say(signIn.secret)}
        type="password"
        value={form.secret}
        change={(secret) => change({ secret })}
        maxLength={128}
      />
    </fieldset>
  );
}
