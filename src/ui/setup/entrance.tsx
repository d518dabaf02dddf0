import { useState } from 'preact/hooks';
import type { Language } from '../../wire/index.ts';
import { Field } from '../kit/index.ts';
import { enter, type Failure } from './call.ts';
import { entrance, problems } from './words.ts';

/** For whoever is not at the gate itself: the eight figures that its console shows. */
export function Entrance({
  language,
  entered,
}: {
  readonly language: Language;
  readonly entered: () => void;
}) {
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState<Failure>();
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
