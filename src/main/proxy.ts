import { setGlobalProxyFromEnv } from 'node:http';
import { type ProxyUse, proxyUse } from '../wire/index.ts';

/**
 * The proxy through which this process asks over HTTPS: its district's desk and the makers of releases. MQTT is TCP of its own
 * and never goes through. Without one that is named, and to this machine itself, it asks directly.
 */
export interface ProxyInUse {
  readonly proxy: ProxyUse;
  /** `file`: its configuration. `environment`: `https_proxy`, as its service or its shell says. */
  readonly from: 'file' | 'environment';
}

type Environment = Readonly<Record<string, string | undefined>>;

const THIS_MACHINE = ['localhost', '127.0.0.1', '::1', '[::1]'];

let inUse: ProxyInUse | undefined;
let restore: (() => void) | undefined;

/**
 * What is asked from now on goes as it says; it may be called again. Where nobody configured one, the environment's holds.
 * @param warn told, without what stands there, when the environment names none that can be used
 */
export function askThrough(
  configured: ProxyUse | undefined,
  { environment = process.env, warn }: { environment?: Environment; warn?: (what: string) => void } = {},
): void {
  restore?.();
  [inUse, restore] = [found(configured, environment, warn), undefined];
  if (inUse === undefined) return;
  const { proxy } = inUse;
  restore = setGlobalProxyFromEnv({
    https_proxy: addressOf(proxy),
    no_proxy: [...THIS_MACHINE, ...proxy.direct].join(','),
  });
}

export const proxyInUse = (): ProxyInUse | undefined => inUse;

function found(
  configured: ProxyUse | undefined,
  environment: Environment,
  warn: ((what: string) => void) | undefined,
): ProxyInUse | undefined {
  if (configured !== undefined) return { proxy: configured, from: 'file' };
  const said = environment['https_proxy'] ?? environment['HTTPS_PROXY'];
  if (said === undefined || said === '') return undefined;
  const proxy = proxyOf(said, environment['no_proxy'] ?? environment['NO_PROXY'] ?? '');
  if (proxy === undefined) warn?.('https_proxy: cannot be used; name it as http://HOST:PORT. Asked directly');
  return proxy && { proxy, from: 'environment' };
}

/** As the environment has it: all in one address, and what is asked directly in another variable. */
function proxyOf(said: string, direct: string): ProxyUse | undefined {
  if (!URL.canParse(said)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(said);
  const read = proxyUse.safeParse({
    url: `${protocol}//${hostname}:${port === '' ? 80 : port}`,
    ...(username === '' ? {} : { username: decoded(username) }),
    ...(password === '' ? {} : { password: decoded(password) }),
    direct: direct.split(/[\s,]+/).filter((host) => host !== ''),
  });
  return read.data;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function addressOf({ url, username, password }: ProxyUse): string {
  const address = new URL(url);
  address.username = encodeURIComponent(username ?? '');
  address.password = encodeURIComponent(password ?? '');
  return address.href;
}
