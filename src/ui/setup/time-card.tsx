import { useState } from 'preact/hooks';
import type { Language, SetupNetwork } from '../../wire/index.ts';
import { Field } from '../kit/index.ts';
import { Choice, Choices } from './choices.tsx';
import { Failed } from './failed.tsx';
import { useChange } from './use-change.ts';
import { time as said } from './words-network.ts';
import { words } from './words.ts';

/** Who sets the machine's clock; a server of the site's own where the machine lets the page name one. */

interface TimeProps {
  readonly seen: SetupNetwork;
  readonly language: Language;
  readonly look: () => Promise<void>;
}

export function TimeCard({ seen: { timeServer }, language, look }: TimeProps) {
  const { synchronised, name, own, service, canSet } = timeServer;
  const isAwaited = own !== undefined && own.server !== name;
  return (
    <section class="card">
      <h2>{said.title[language]}</h2>
      <dl class="facts">
        <dt>{said.clock[language]}</dt>
        <dd class={synchronised ? 'good' : 'warn'}>
          {synchronised ? `✓ ${said.synchronised[language]}` : `! ${said.notSynchronised[language]}`}
        </dd>
        <dt>{said.follows[language]}</dt>
        <dd>{name ?? said.nobody[language]}</dd>
        {isAwaited && (
          <>
            <dt>{said.set[language]}</dt>
            <dd>
              {own.server} <span class="soft">{said.awaited[language]}</span>
            </dd>
          </>
        )}
      </dl>
      {canSet ? (
        <Server timeServer={timeServer} language={language} look={look} />
      ) : (
        <p class="soft by-hand">{said.byHand[service][language]}</p>
      )}
    </section>
  );
}

interface ServerProps extends Pick<TimeProps, 'language' | 'look'> {
  readonly timeServer: SetupNetwork['timeServer'];
}

function Server({ timeServer: { own, mustProve }, language, look }: ServerProps) {
  const [isOwn, setOwn] = useState(own !== undefined);
  const [server, setServer] = useState(own?.server ?? '');
  const [hasNts, setNts] = useState(own?.nts === true);
  const { failure, outcome, send } = useChange(look);
  const save = (event: Event) => {
    event.preventDefault();
    const wanted = { method: 'own', server: server.trim(), nts: hasNts || mustProve };
    void send('network/time', isOwn ? wanted : { method: 'usual' });
  };
  return (
    <form onSubmit={save}>
      <Choices
        name="time"
        label={said.title[language]}
        words={[said.usual[language], said.own[language]]}
        isSecond={isOwn}
        choose={setOwn}
      />
      {isOwn && (
        <>
          <Field
            label={said.server[language]}
            value={server}
            change={setServer}
            inputMode="url"
            maxLength={253}
            hint={said.serverHint[language]}
          />
          <Choice
            label={(mustProve ? said.mustProve : said.nts)[language]}
            isChosen={hasNts || mustProve}
            choose={setNts}
            isFixed={mustProve}
          />
        </>
      )}
      <Failed failure={failure} language={language} />
      {outcome === 'done' && (
        <p class="good" role="status">
          ✓ {said.saved[language]}
        </p>
      )}
      <button
        type="submit"
        class="button button-main"
        disabled={outcome === 'working' || (isOwn && server.trim() === '')}
      >
        {words.save[language]}
      </button>
    </form>
  );
}
