import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { GateConfig } from '../../../config/schema.ts';
import type { BrokerFacts, Looked, PagesFacts } from '../../setup/index.ts';
import { clientSettings } from '../broker/broker-settings.ts';
import { codeOf } from './machine-view.ts';

/** The way to the broker, and the gate's own pages. One connection each, no password sent. */

const REACH_WITHIN_MS = 5_000;
const ASK_WITHIN_MS = 3_000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'mqtt:': 1883,
  'mqtts:': 8883,
  'ws:': 80,
  'wss:': 443,
};

export async function brokerFacts(config: Pick<GateConfig, 'mqtt'>): Promise<BrokerFacts> {
  const { mqtt } = config;
  if (mqtt === undefined) return {};
  const { address, host, port, isTls } = brokerPlace(mqtt.url);
  return {
    address,
    isPlain: !isTls && !isLoopback(host),
    reach: await reach({ host, port, isTls }, mqtt),
    ...(mqtt.tls.certificate === undefined ? {} : { certificate: certificateIn(mqtt.tls.certificate) }),
  };
}

/** Where a broker is, without who signs in there. */
export function brokerPlace(broker: string): {
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
} {
  const url = new URL(broker);
  const port = Number(url.port) || (DEFAULT_PORTS[url.protocol] ?? 0);
  return {
    address: `${url.hostname}:${port}`,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    isTls: url.protocol === 'mqtts:' || url.protocol === 'wss:',
  };
}

type Mqtt = NonNullable<GateConfig['mqtt']>;
type Reach = NonNullable<BrokerFacts['reach']>;

async function reach(
  { host, port, isTls }: { host: string; port: number; isTls: boolean },
  mqtt: Mqtt,
): Promise<Reach> {
  let tls: { ca?: string; cert?: string; key?: string } = {};
  try {
    const settings = clientSettings('mqtt', mqtt).tls ?? {};
    const { authority, certificate, key } = typeof settings === 'function' ? settings() : settings;
    tls = {
      ...(authority === undefined ? {} : { ca: authority }),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
    };
  } catch {
    return { unseen: 'mqtt.tls' };
  }
  return new Promise((resolve) => {
    const end = (said: Reach) => {
      clearTimeout(late);
      socket.destroy();
      resolve(said);
    };
    const late = setTimeout(() => end({ seen: 'no-answer' }), REACH_WITHIN_MS);
    const reached = () => end({ seen: 'reached' });
    const socket = isTls
      ? connectTls({ host, port, ...(/[a-z]/i.test(host) ? { servername: host } : {}), ...tls }, reached)
      : connect({ host, port }, reached);
    socket.on('error', (problem) => end({ seen: faultOf(codeOf(problem), isTls) }));
  });
}

function faultOf(code: string, isTls: boolean): 'refused' | 'no-name' | 'no-answer' | 'untrusted' {
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no-name';
  const isNetwork = /^E(TIMEDOUT|HOSTUNREACH|NETUNREACH|CONNRESET|PIPE|HOSTDOWN|NETDOWN)$/.test(code);
  return isTls && !isNetwork ? 'untrusted' : 'no-answer';
}

export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|\[::1\]|localhost)$/.test(host);
}

export function certificateIn(file: string): Looked<{ from: number; until: number }> {
  try {
    const { validFrom, validTo } = new X509Certificate(readFileSync(file));
    return { seen: { from: Date.parse(validFrom), until: Date.parse(validTo) } };
  } catch (cause) {
    return { unseen: codeOf(cause) };
  }
}

export async function pagesFacts(
  { http, dataDir }: Pick<GateConfig, 'http' | 'dataDir'>,
  isRunning: boolean,
): Promise<PagesFacts> {
  const local = isLoopback(http.host);
  const isTls = http.tls !== undefined || !local;
  const host = http.host.includes(':') ? `[${http.host}]` : http.host;
  const file = http.tls?.certificate ?? join(dataDir, 'keys', 'http.pem');
  const certificate = isTls ? certificateIn(file) : undefined;
  // A gate that has not run yet makes its own at its first start.
  const isMade = http.tls !== undefined || (certificate !== undefined && !('unseen' in certificate));
  return {
    address: `${isTls ? 'https' : 'http'}://${host}:${http.port}`,
    isLoopback: local,
    state: isRunning ? await askPages(http, isTls) : await tryPort(http),
    ...(certificate === undefined || !isMade ? {} : { certificateUntil: untilOf(certificate) }),
  };
}

function untilOf(certificate: Looked<{ until: number }>): Looked<number> {
  return 'seen' in certificate ? { seen: certificate.seen.until } : certificate;
}

async function askPages(http: GateConfig['http'], isTls: boolean): Promise<PagesFacts['state']> {
  if (http.port === 0) return 'unseen';
  const status = await ask(http, isTls, '/healthz');
  return status === 200 || status === 503 ? 'answers' : 'silent';
}

/** Its certificate is our own: that is not what is asked here. Never by a proxy: an agent of its own knows none. */
function ask({ host, port }: GateConfig['http'], isTls: boolean, path: string): Promise<number | undefined> {
  const where = {
    host: anyAddress(host) ? '127.0.0.1' : host,
    port,
    path,
    timeout: ASK_WITHIN_MS,
    agent: false,
  };
  const headers = { host: `127.0.0.1:${port}` };
  return new Promise((resolve) => {
    const call = isTls
      ? requestTls({ ...where, headers, rejectUnauthorized: false })
      : requestPlain({ ...where, headers });
    call.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    call.on('timeout', () => call.destroy(new Error('late')));
    call.on('error', () => resolve(undefined));
    call.end();
  });
}

const anyAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** Listens for a moment: the only way to know whether the gate could. */
function tryPort({ host, port }: GateConfig['http']): Promise<PagesFacts['state']> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (cause) => resolve(codeOf(cause) === 'EADDRINUSE' ? 'taken' : 'unseen'));
    server.listen(port, host, () => server.close(() => resolve('free')));
  });
}
