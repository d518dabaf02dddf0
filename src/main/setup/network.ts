import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { synchronisation } from '../../../device/clock/index.ts';
import type { Network } from '../../setup/index.ts';
import type { SetupAddress, SetupNetwork, SetupWifi } from '../../wire/index.ts';
import { isCommand } from '../doctor/look-at-devices.ts';
import { withoutSecrets } from '../doctor/secrets.ts';

/**
 * The machine's network: looked at through the kernel, changed through NetworkManager where that is there. Programs are started
 * with exact arguments and no shell; the password of a Wi-Fi goes through the program's input and stands in no argument.
 */
export interface Programs {
  has(name: string): boolean;
  /** @returns what it printed; undefined when it did not end well */
  run(name: string, args: readonly string[], input?: string): Promise<string | undefined>;
}

/** Joining a network may take the radio a while. */
const RUN_WITHIN_MS = 45_000;
const OUTPUT_BYTES_MAX = 65_536;
const BY_HAND = 'do it by hand, for example with nmtui or in /etc/network/interfaces';

export function thisNetwork(programs: Programs = realPrograms(), root = '/'): Network {
  return {
    look: () => Promise.resolve(look(programs, root)),
    joinWifi: (wifi) => join_(wifi, programs),
    setAddress: (address) => setAddress(address, programs),
  };
}

function look(programs: Programs, root: string): SetupNetwork {
  const { synchronised } = synchronisation();
  const name = timeServer(root);
  const proxy = process.env['https_proxy'] ?? process.env['HTTPS_PROXY'];
  return {
    canChange: programs.has('nmcli'),
    hostname: hostname(),
    links: Object.entries(networkInterfaces()).flatMap(([device, addresses = []]) =>
      linkOf(device, addresses, root),
    ),
    nameServers: nameServers(root),
    ...(proxy === undefined ? {} : { proxy: String(withoutSecrets(proxy)) }),
    timeServer: { synchronised, ...(name === undefined ? {} : { name }) },
  };
}

function linkOf(
  device: string,
  addresses: readonly NetworkInterfaceInfo[],
  root: string,
): SetupNetwork['links'] {
  if (addresses.some(({ internal }) => internal)) return [];
  return [
    {
      device,
      wireless: existsSync(join(root, 'sys/class/net', device, 'wireless')),
      up: read(join(root, 'sys/class/net', device, 'operstate')) !== 'down',
      // Link-local addresses are of no use to anybody who types one.
      addresses: addresses
        .map(({ cidr, address }) => cidr ?? address)
        .filter((each) => !each.startsWith('fe80:')),
    },
  ];
}

function nameServers(root: string): string[] {
  const text = read(join(root, 'etc/resolv.conf')) ?? '';
  return [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, server = '']) => server).slice(0, 8);
}

function timeServer(root: string): string | undefined {
  const text = read(join(root, 'etc/systemd/timesyncd.conf')) ?? '';
  return /^\s*NTP=(\S+)/m.exec(text)?.[1];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** `--ask` makes nmcli read what is missing from its input. */
async function join_({ device, ssid, password }: SetupWifi, programs: Programs): Promise<string | undefined> {
  if (!programs.has('nmcli')) return `network: NetworkManager is not on this machine; ${BY_HAND}`;
  const args = ['--ask', 'device', 'wifi', 'connect', ssid, 'ifname', device];
  const joined = await programs.run('nmcli', args, password === undefined ? '' : `${password}\n`);
  return joined !== undefined
    ? undefined
    : 'ssid: the network was not joined; check its name, its password and the distance';
}

/** The profile is changed and not the device: what is told to the device alone is gone after a restart. */
async function setAddress(wanted: SetupAddress, programs: Programs): Promise<string | undefined> {
  if (!programs.has('nmcli')) return `network: NetworkManager is not on this machine; ${BY_HAND}`;
  const show = ['-g', 'GENERAL.CONNECTION', 'device', 'show', wanted.device];
  const profile = (await programs.run('nmcli', show))?.trim();
  if (profile === undefined || profile === '')
    return 'device: it has no connection yet; plug in its cable, or join a Wi-Fi first';
  const changed = await programs.run('nmcli', [
    'connection',
    'modify',
    'id',
    profile,
    ...addressSettings(wanted),
  ]);
  const isUp =
    changed !== undefined && (await programs.run('nmcli', ['connection', 'up', 'id', profile])) !== undefined;
  return isUp ? undefined : 'device: its address was not changed; check the figures';
}

export function addressSettings(wanted: SetupAddress): string[] {
  if (wanted.method === 'auto')
    return ['ipv4.method', 'auto', 'ipv4.addresses', '', 'ipv4.gateway', '', 'ipv4.dns', ''];
  const { address, prefix, gateway = '', nameServer = '' } = wanted;
  const fixed = ['ipv4.addresses', `${address}/${prefix}`, 'ipv4.gateway', gateway, 'ipv4.dns', nameServer];
  return ['ipv4.method', 'manual', ...fixed];
}

function realPrograms(): Programs {
  return {
    has: (name) => isCommand(name),
    run: (name, args, input = '') =>
      new Promise((resolve) => {
        const options = { timeout: RUN_WITHIN_MS, maxBuffer: OUTPUT_BYTES_MAX };
        const child = execFile(name, [...args], options, (problem, output) =>
          resolve(problem === null ? output : undefined),
        );
        child.stdin?.on('error', () => undefined);
        child.stdin?.end(input);
      }),
  };
}
