import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { systemClock } from '../../device/clock/index.ts';
import { openAuthority } from '../../src/district/index.ts';
import { until } from '../twins/broker.ts';
import { random } from '../twins/paper-community.ts';
import { DISTRICT, type TlsPlace } from './tls-place.ts';

/** Whoever owns the broker: hears every message, and knows the published contract. */

export interface Heard {
  readonly topic: string;
  readonly payload: string;
}

/** An independent client (mosquitto_sub) with the district's own rights. */
export async function listenIn(place: TlsPlace) {
  const folder = place.keysFolder;
  const authority = await openAuthority({
    folder,
    district: DISTRICT,
    clock: systemClock(),
    random: { bytes: random },
  });
  const own = await authority.own();
  const file = (name: string, text: string) => {
    writeFileSync(join(place.folder, name), text, { mode: 0o600 });
    return join(place.folder, name);
  };
  const broker = ['-h', 'localhost', '-p', String(place.brokerPort), '-V', '5'];
  const what = ['-q', '1', '-t', '#', '-F', '%t %x'];
  const trusted = ['--cafile', file('ca.pem', (await authority.chain()).join(''))];
  const rights = ['--cert', file('own.pem', own.certificate), '--key', file('own-key.pem', own.key)];
  const args = [...broker, ...what, ...trusted, ...rights];
  const client = spawn('mosquitto_sub', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  client.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await until(() => text.includes('/trust/time'), 'the observer hears the district', 60_000);
  return {
    stop: () => client.kill('SIGKILL'),
    messages: () =>
      text
        .slice(0, text.lastIndexOf('\n'))
        .split('\n')
        .map((line): Heard => {
          const [topic = '', hex = ''] = line.split(' ');
          return { topic, payload: Buffer.from(hex, 'hex').toString('utf8') };
        }),
  };
}

interface Published {
  readonly channels: Readonly<
    Record<
      string,
      {
        address: string;
        messages: Record<string, { contentType: string; payload: Parameters<typeof z.fromJSONSchema>[0] }>;
      }
    >
  >;
}

const { channels } = parse(
  readFileSync(new URL('../../docs/asyncapi.yaml', import.meta.url), 'utf8'),
) as Published;

/** Whether the published contract has this topic, and this payload in it. */
export function isOfContract(topic: string, payload: string): boolean {
  const found = Object.values(channels).find(({ address }) =>
    new RegExp(`^${address.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(topic),
  );
  const [message] = Object.values(found?.messages ?? {});
  if (message === undefined) return false;
  const value: unknown = /^[[{]/.test(payload) ? JSON.parse(payload) : payload;
  return z.fromJSONSchema(message.payload).safeParse(value).success;
}
