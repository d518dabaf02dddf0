import type { GateFile } from '../../../config/schema.ts';
import type { Result } from '../../base/index.ts';
import type { ProxyUse, SetupNetwork, SetupProxy } from '../../wire/index.ts';
import { askThrough, proxyInUse } from '../proxy.ts';

/** The proxy as the set-up page shows and changes it: it holds at once, and its password is never told again. */
export interface ProxySettingParts {
  readonly config: () => Pick<GateFile, 'proxy'>;
  /** Writes it into the configuration. @returns why not */
  readonly write: (proxy: ProxyUse | undefined) => Result<void, string>;
}

export function shownProxy(): SetupNetwork['proxy'] {
  const inUse = proxyInUse();
  if (inUse === undefined) return undefined;
  const { url, username, password, direct } = inUse.proxy;
  const who = username === undefined ? {} : { username };
  return { url, ...who, hasPassword: password !== undefined, direct, from: inUse.from };
}

/** @returns what went wrong */
export function setProxy(wanted: SetupProxy, { config, write }: ProxySettingParts): string | undefined {
  const written = write(proxyOf(wanted, proxyInUse()?.proxy));
  if (!written.ok) return written.error;
  askThrough(config().proxy);
  return wanted.method === 'none' && proxyInUse() !== undefined ? OF_ENVIRONMENT : undefined;
}

const OF_ENVIRONMENT =
  'proxy: the service’s environment names one (https_proxy); take it out there, with systemctl edit menwei-gate';

/** A password that is not said again stays, for the same name at the same proxy and for no other. */
function proxyOf(wanted: SetupProxy, before: ProxyUse | undefined): ProxyUse | undefined {
  if (wanted.method === 'none') return undefined;
  const { method: _, ...proxy } = wanted;
  const isSame =
    before?.url === proxy.url && before.username === proxy.username && proxy.username !== undefined;
  if (proxy.password !== undefined || !isSame || before.password === undefined) return proxy;
  return { ...proxy, password: before.password };
}
