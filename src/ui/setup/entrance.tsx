import { useState } from 'preact/hooks';
import type { Language } from '../../wire/index.ts';
import { Field } from '../kit/index.ts';
import { enter, type Failure } from './call.ts';
import { entrance, finish, problems } from './words.ts';

interface EntranceProps {
  readonly language: Language;
  readonly entered: () => void;
  /** A gate at work: figures let nobody in. */
  readonly isClosed: boolean;
}

/** For whoever is not at the gate itself: the eight figures that its console shows. */
export function Entrance({ language, entered, isClosed }: EntranceProps) {
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState<Failure>();
  if (isClosed)
    return (
      <main class="setup-entrance card">
        <h2>{entrance.closed[language]}</h2>
        <p>{entrance.closedNext[language]}</p>
        <p class="row">
          <a class="button button-main" href="/guard">
            {finish.guard[language]}
          </a>
        </p>
      </main>
    );
  const send = async (event: Event) => {
    event.preventDefault();
    const problem = await enter(code);
    setFailure(problem);
    if (problem === undefined) entered();
    else setCode('');
  };
  return (
    <main class="setup-entrance card">
      <form onSubmit={(event) => void send(event)}>
        <h2>{entrance.title[language]}</h2>
        <Field
          label={entrance.label[language]}
          value={code}
          change={(typed) => setCode(typed.replace(/\D/g, ''))}
          inputMode="numeric"
          maxLength={8}
          hint={entrance.hint[language]}
          error={failure === undefined ? undefined : problems[failure.problem][language]}
        />
        <button type="submit" class="button button-main button-big" disabled={code.length !== 8}>
          {entrance.enter[language]}
        </button>
        <p class="soft">{entrance.atGate[language]}</p>
      </form>
    </main>
  );
}
