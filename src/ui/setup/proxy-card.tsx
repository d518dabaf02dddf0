import { useState } from 'preact/hooks';
import type { Language, SetupNetwork } from '../../wire/index.ts';
import { Field } from '../kit/index.ts';
import { Choices } from './choices.tsx';
import { Failed } from './failed.tsx';
import { useChange } from './use-change.ts';
import { proxy as said } from './words-network.ts';
import { words } from './words.ts';

/** Through which proxy the gate asks, and what goes past it. The password is typed, and never shown again. */

interface ProxyProps {
  readonly seen: SetupNetwork;
  readonly language: Language;
  readonly look: () => Promise<void>;
}

interface Typed {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly direct: string;
}

export function ProxyCard({ seen, language, look }: ProxyProps) {
  const { proxy, broker } = seen;
  const [isUsed, setUsed] = useState(proxy !== undefined);
  const [typed, setTyped] = useState<Typed>(() => typedOf(proxy));
  const { failure, outcome, send } = useChange(look);
  const save = async (event: Event) => {
    event.preventDefault();
    const body = isUsed ? proxyBody(typed) : { method: 'none' };
    if (await send('network/proxy', body))
      setTyped((now) => ({ ...now, url: isUsed ? addressOf(now.url) : '', password: '' }));
  };
  return (
    <section class="card">
      <h2>{said.title[language]}</h2>
      <p>{said.through[language]}</p>
      <p>
        {said.past[language]}
        {broker === undefined ? said.end[language] : <strong class="place">{broker}</strong>}
      </p>
      {proxy?.from === 'environment' && <p class="warn">! {said.ofEnvironment[language]}</p>}
      <form onSubmit={(event) => void save(event)}>
        <Choices
          name="proxy"
          label={said.title[language]}
          words={[said.none[language], said.use[language]]}
          isSecond={isUsed}
          choose={setUsed}
        />
        {isUsed && (
          <Figures
            typed={typed}
            change={setTyped}
            language={language}
            hasPassword={proxy?.hasPassword === true}
          />
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
          disabled={outcome === 'working' || (isUsed && typed.url === '')}
        >
          {words.save[language]}
        </button>
      </form>
    </section>
  );
}

interface FiguresProps {
  readonly typed: Typed;
  readonly change: (typed: Typed) => void;
  readonly language: Language;
  readonly hasPassword: boolean;
}

function Figures({ typed, change, language, hasPassword }: FiguresProps) {
  const put = (key: keyof Typed) => (value: string) => change({ ...typed, [key]: value });
  return (
    <div class="grid">
      <Field
        label={said.address[language]}
        value={typed.url}
        change={put('url')}
        inputMode="url"
        hint={said.addressHint[language]}
      />
      <Field
        label={said.direct[language]}
        value={typed.direct}
        change={put('direct')}
        hint={said.directHint[language]}
      />
      <Field
        label={said.username[language]}
        value={typed.username}
        change={put('username')}
        maxLength={128}
        hint={said.optional[language]}
      />
      <Field
        label={said.password[language]}
        value={typed.password}
        change={put('password')}
        type="password"
        maxLength={256}
        hint={(hasPassword ? said.kept : said.optional)[language]}
      />
    </div>
  );
}

function typedOf(proxy: SetupNetwork['proxy']): Typed {
  const { url = '', username = '', direct = [] } = proxy ?? {};
  return { url, username, password: '', direct: direct.join(', ') };
}

/** As people write it: without `http://`, with a `/` at the end, hosts with any separator. */
function proxyBody({ url, username, password, direct }: Typed): object {
  const name = username.trim();
  return {
    method: 'proxy',
    url: addressOf(url),
    ...(name === '' ? {} : { username: name }),
    ...(password === '' ? {} : { password }),
    direct: direct.split(/[\s,，、;；]+/).filter((host) => host !== ''),
  };
}

function addressOf(typed: string): string {
  const address = typed.trim().replace(/\/+$/, '');
  return address.includes('://') ? address : `http://${address}`;
}
