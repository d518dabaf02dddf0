import { useEffect, useState } from 'preact/hooks';
import { type Language, type SetupNetwork, setupNetwork } from '../../wire/index.ts';
import { Banner, Field } from '../kit/index.ts';
import { call } from './call.ts';
import { Choices } from './choices.tsx';
import { Failed } from './failed.tsx';
import { NumberField } from './number-field.tsx';
import { ProxyCard } from './proxy-card.tsx';
import type { StepProps } from './step.ts';
import { TimeCard } from './time-card.tsx';
import { useChange } from './use-change.ts';
import { network } from './words-network.ts';
import { words } from './words.ts';

/** How the machine is connected; changed here where NetworkManager is there, else told how to change it by hand. */

const LOOK_EVERY_MS = 4_000;

export function NetworkStep({ language }: StepProps) {
  const [seen, setSeen] = useState<SetupNetwork>();
  const look = async () => {
    const answer = await call('GET', 'network', { read: setupNetwork });
    if (answer.ok) setSeen(answer.value);
  };
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (seen === undefined) return <p role="status">{words.loading[language]}…</p>;
  return (
    <>
      <section class="card">
        <h2>{network.title[language]}</h2>
        <Seen seen={seen} language={language} />
        {!seen.canChange && <Banner look="info" title={network.byHand[language]} />}
      </section>
      {seen.canChange && <Wifi seen={seen} language={language} look={look} />}
      {seen.canChange && <Address seen={seen} language={language} look={look} />}
      <ProxyCard seen={seen} language={language} look={look} />
      <TimeCard seen={seen} language={language} look={look} />
    </>
  );
}

interface Shown {
  readonly seen: SetupNetwork;
  readonly language: Language;
}

function Seen({ seen, language }: Shown) {
  const { hostname, links, nameServers } = seen;
  return (
    <>
      <ul class="devices">
        {links.map(({ device, up, addresses }) => (
          <li key={device} class="device">
            <p>
              <strong>{device}</strong>
              <span class="soft">
                {addresses.length === 0 ? network.noAddress[language] : addresses.join(' · ')}
              </span>
            </p>
            <span class={up ? 'state good' : 'state warn'}>
              {up ? `✓ ${network.up[language]}` : `! ${network.down[language]}`}
            </span>
          </li>
        ))}
      </ul>
      <dl class="facts">
        <dt>{network.name[language]}</dt>
        <dd>{hostname}</dd>
        <dt>{network.nameServers[language]}</dt>
        <dd>{nameServers.join(' · ') || network.none[language]}</dd>
      </dl>
    </>
  );
}

interface Changing extends Shown {
  readonly look: () => Promise<void>;
}

function Wifi({ seen, language, look }: Changing) {
  const wireless = seen.links.find((link) => link.wireless);
  const [ssid, setSsid] = useState('');
  const [password, setPassword] = useState('');
  const { failure, outcome, send } = useChange(look);
  if (wireless === undefined) return null;
  const join = async (event: Event) => {
    event.preventDefault();
    await send('network/wifi', {
      device: wireless.device,
      ssid,
      ...(password === '' ? {} : { password }),
    });
    setPassword('');
  };
  return (
    <section class="card">
      <h2>{network.wifi[language]}</h2>
      <form onSubmit={(event) => void join(event)}>
        <Field label={network.ssid[language]} value={ssid} change={setSsid} maxLength={32} />
        <Field
          label={network.password[language]}
          value={password}
          change={setPassword}
          type="password"
          maxLength={63}
        />
        <Failed failure={failure} language={language} />
        {outcome === 'done' && (
          <p class="good" role="status">
            ✓ {network.joined[language]}
          </p>
        )}
        <button type="submit" class="button button-main" disabled={ssid === '' || outcome === 'working'}>
          {network.join[language]}
        </button>
      </form>
    </section>
  );
}

function Address({ seen, language, look }: Changing) {
  const [device, setDevice] = useState(seen.links[0]?.device ?? '');
  const [isFixed, setFixed] = useState(false);
  const [figures, setFigures] = useState<Figures>({ address: '', prefix: '24', gateway: '', nameServer: '' });
  const { failure, outcome, send } = useChange(look);
  const apply = (event: Event) => {
    event.preventDefault();
    const { address, prefix, gateway, nameServer } = figures;
    const fixed = {
      method: 'fixed',
      device,
      address,
      prefix: Number(prefix),
      ...(gateway === '' ? {} : { gateway }),
      ...(nameServer === '' ? {} : { nameServer }),
    };
    void send('network/address', isFixed ? fixed : { method: 'auto', device });
  };
  return (
    <section class="card">
      <h2>{network.address[language]}</h2>
      <form onSubmit={apply}>
        <label class="field">
          <span>{network.device[language]}</span>
          <select value={device} onChange={({ currentTarget }) => setDevice(currentTarget.value)}>
            {seen.links.map((link) => (
              <option key={link.device}>{link.device}</option>
            ))}
          </select>
        </label>
        <Choices
          name="method"
          label={network.address[language]}
          words={[network.automatic[language], network.fixed[language]]}
          isSecond={isFixed}
          choose={setFixed}
        />
        {isFixed && <FixedFigures figures={figures} change={setFigures} language={language} />}
        <p class="soft">{network.moves[language]}</p>
        <Failed failure={failure} language={language} />
        {outcome === 'done' && (
          <p class="good" role="status">
            ✓ {words.saved[language]}
          </p>
        )}
        <button type="submit" class="button button-main" disabled={outcome === 'working'}>
          {network.apply[language]}
        </button>
      </form>
    </section>
  );
}

interface Figures {
  readonly address: string;
  readonly prefix: string;
  readonly gateway: string;
  readonly nameServer: string;
}

interface FixedFiguresProps {
  readonly figures: Figures;
  readonly change: (figures: Figures) => void;
  readonly language: Language;
}

/** 255.255.255.255 */
const ADDRESS_LENGTH = 15;

function FixedFigures({ figures, change, language }: FixedFiguresProps) {
  const put = (key: keyof Figures) => (value: string) => change({ ...figures, [key]: value.trim() });
  const line = (key: 'address' | 'gateway' | 'nameServer', label: string) => (
    <Field label={label} value={figures[key]} change={put(key)} maxLength={ADDRESS_LENGTH} />
  );
  return (
    <div class="grid">
      {line('address', network.ip[language])}
      <NumberField label={network.prefix[language]} value={figures.prefix} change={put('prefix')} />
      {line('gateway', network.gateway[language])}
      {line('nameServer', network.nameServer[language])}
    </div>
  );
}
