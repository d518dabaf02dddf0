import { existsSync, readFileSync } from 'node:fs';
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { GateFile } from '../../../config/schema.ts';
import type { Result } from '../../base/index.ts';
import type { Network } from '../../setup/index.ts';
import type { ProxyUse, SetupAddress, SetupNetwork, SetupWifi } from '../../wire/index.ts';
import { brokerPlace } from '../doctor/look-at-network.ts';
import { type Programs, realPrograms } from './programs.ts';
import { setProxy, shownProxy } from './proxy-setting.ts';
import { lookAtTime, setTime } from './time-server.ts';

/**
 * The machine's network: looked at through the kernel, changed through NetworkManager where that is there. Programs are started
 * with exact arguments and no shell; the password of a Wi-Fi goes through the program's input and stands in no argument.
 */
export interface NetworkParts {
  /** As it stands in the file now. */
  readonly config: () => Pick<GateFile, 'proxy' | 'mqtt' | 'clock'>;
  /** Writes it there. @returns why not */
  readonly writeProxy: (proxy: ProxyUse | undefined) => Result<void, string>;
  readonly programs?: Programs;
  /** `/` but in tests. */
  readonly root?: string;
}

const BY_HAND = 'do it by hand, for example with nmtui or in /etc/network/interfaces';

export function thisNetwork({ config, writeProxy, ...parts }: NetworkParts): Network {
  const { programs = realPrograms(), root = '/' } = parts;
  const time = { programs, root, isBelieved: () => config().clock.trustSystemTime };
  return {
    look: async () => {
      const { mqtt } = config();
      const proxy = shownProxy();
      return {
        ...look(programs, root),
        ...(proxy === undefined ? {} : { proxy }),
        ...(mqtt?.url === undefined ? {} : { broker: brokerPlace(mqtt.url).address }),
        timeServer: await lookAtTime(time),
      };
    },
    joinWifi: (wifi) => join_(wifi, programs),
    setAddress: (address) => setAddress(address, programs),
    setProxy: (wanted) => setProxy(wanted, { config, write: writeProxy }),
    setTime: (wanted) => setTime(wanted, time),
  };
}

function look(
  programs: Programs,
  root: string,
): Pick<SetupNetwork, 'canChange' | 'hostname' | 'links' | 'nameServers'> {
  return {
    canChange: programs.has('nmcli'),
    hostname: hostname(),
    links: Object.entries(networkInterfaces()).flatMap(([device, addresses = []]) =>
      linkOf(device, addresses, root),
    ),
    nameServers: nameServers(root),
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
