import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ok } from '../../base/index.ts';
import { thisNetwork } from './network.ts';
import type { Programs } from './programs.ts';

const PLAIN = {
  config: () => ({ clock: { battery: 'auto' as const, trustSystemTime: false } }),
  writeProxy: () => ok(undefined),
};

interface Run {
  readonly args: readonly string[];
  readonly input: string;
}

function nmcli(answers: (args: readonly string[]) => string | undefined = () => '') {
  const runs: Run[] = [];
  const programs: Programs = {
    has: (name) => name === 'nmcli',
    run: (_name, args, input = '') => {
      runs.push({ args, input });
      return Promise.resolve(answers(args));
    },
  };
  return { runs, network: thisNetwork({ ...PLAIN, programs }) };
}

const WIFI = { device: 'wlan0', ssid: "x'; reboot #", password: 'canary-wifi-8812' };

it('joins a Wi-Fi with exact arguments, and hands its password over by the program’s input alone', async () => {
  const { runs, network } = nmcli();
  expect(await network.joinWifi(WIFI)).toBeUndefined();
  expect(runs).toEqual([
    {
      args: ['--ask', 'device', 'wifi', 'connect', WIFI.ssid, 'ifname', 'wlan0'],
      input: `${WIFI.password}\n`,
    },
  ]);
});

it('says that a Wi-Fi was not joined without naming it or its password', async () => {
  const problem = await nmcli(() => undefined).network.joinWifi(WIFI);
  expect(problem).toMatch(/^ssid: .*check/);
  expect(problem).not.toMatch(/canary|reboot/);
});

it('gives the profile of a device a fixed address, and brings it up', async () => {
  const { runs, network } = nmcli((args) => (args.includes('show') ? 'Wired connection 1\n' : ''));
  const fixed = {
    method: 'fixed',
    device: 'eth0',
    address: '192.168.1.20',
    prefix: 24,
    gateway: '192.168.1.1',
  } as const;
  expect(await network.setAddress(fixed)).toBeUndefined();
  expect(runs.map(({ args }) => args)).toEqual([
    ['-g', 'GENERAL.CONNECTION', 'device', 'show', 'eth0'],
    [
      'connection',
      'modify',
      'id',
      'Wired connection 1',
      'ipv4.method',
      'manual',
      'ipv4.addresses',
      '192.168.1.20/24',
      'ipv4.gateway',
      '192.168.1.1',
      'ipv4.dns',
      '',
    ],
    ['connection', 'up', 'id', 'Wired connection 1'],
  ]);
});

it('goes back to what the router says, and tells of a device without a connection', async () => {
  const { runs, network } = nmcli((args) => (args.includes('show') ? '\n' : ''));
  expect(await network.setAddress({ method: 'auto', device: 'eth0' })).toMatch(/^device: .*plug in/);
  expect(runs).toHaveLength(1);
});

it('without NetworkManager it changes nothing, and says what to do by hand', async () => {
  const network = thisNetwork({
    ...PLAIN,
    programs: { has: () => false, run: () => Promise.reject(new Error('must not run')) },
  });
  expect(await network.joinWifi(WIFI)).toMatch(/by hand/);
  expect(await network.setAddress({ method: 'auto', device: 'eth0' })).toMatch(/by hand/);
  expect((await network.look()).canChange).toBe(false);
});

it('tells name servers and time server as the machine’s files say', async () => {
  const root = mkdtempSync(join(tmpdir(), 'menwei-network-'));
  mkdirSync(join(root, 'etc/systemd'), { recursive: true });
  writeFileSync(
    join(root, 'etc/resolv.conf'),
    '# made by hand\nnameserver 192.168.1.1\nnameserver 9.9.9.9\n',
  );
  writeFileSync(join(root, 'etc/systemd/timesyncd.conf'), '[Time]\nNTP=time.example\n');
  const seen = await thisNetwork({
    ...PLAIN,
    programs: { has: () => false, run: () => Promise.resolve(undefined) },
    root,
  }).look();
  rmSync(root, { recursive: true });
  expect(seen.nameServers).toEqual(['192.168.1.1', '9.9.9.9']);
  expect(seen.timeServer).toMatchObject({ service: 'timesyncd', name: 'time.example', canSet: false });
  expect(seen.links.flatMap(({ addresses }) => addresses).some((each) => each.startsWith('127.'))).toBe(
    false,
  );
});
