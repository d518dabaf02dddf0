import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/** The units as systemd itself judges them, offline. Where it is not there, what they say is read all the same. */

const FOLDER = join(import.meta.dirname, 'systemd');
const IMAGE_FOLDER = join(import.meta.dirname, 'image/files');
const servicesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.service'));
const UNITS = servicesIn(FOLDER);
const IMAGE_UNITS = servicesIn(IMAGE_FOLDER).filter((name) => name.startsWith('menwei-'));
const PATHS = readdirSync(FOLDER).filter((name) => name.endsWith('.path'));
const SERVERS = ['menwei-gate.service', 'menwei-district.service'];
/** The scale ends at 10; what is left is explained in each unit. */
const EXPOSURE_MAX = 2.5;
/** It fetches a package as root: the network is a whole point. */
const FETCHES = 'menwei-update.service';
const EXPOSURE_FETCHING_MAX = 3.5;
/** They mount for the whole machine, once and without a network. */
const MOUNT = ['menwei-first-boot.service', 'menwei-wifi.service'];
const EXPOSURE_MOUNTING_MAX = 4;
const RUNTIME = '/usr/lib/menwei/bin/node';

const folder = mkdtempSync(join(tmpdir(), 'menwei-units-'));
afterAll(() => rmSync(folder, { recursive: true }));

const textOf = (unit: string) => readFileSync(join(FOLDER, unit), 'utf8');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the units of the appliance', () => {
  const files = [
    ...UNITS.map((unit) => [unit, join(FOLDER, unit)] as const),
    ...IMAGE_UNITS.map((unit) => [unit, join(IMAGE_FOLDER, unit)] as const),
  ];

  it.skipIf(!hasSystemd).each(files)('%s is exposed to little, as systemd counts it', (unit, file) => {
    const said = execFileSync('systemd-analyze', ['security', '--offline=true', file], { encoding: 'utf8' });
    const exposure = Number(/Overall exposure level for \S+: (?<level>[\d.]+)/.exec(said)?.groups?.['level']);
    expect(exposure).toBeGreaterThan(0);
    expect(exposure).toBeLessThanOrEqual(exposureMaxOf(unit));
  });

  it.skipIf(!hasSystemd)('hold no word that systemd does not know', () => {
    const written = [...UNITS, ...PATHS].map((unit) => {
      const file = join(folder, unit);
      // The package brings its runtime; verification asks for a program that is there.
      writeFileSync(file, textOf(unit).replaceAll(RUNTIME, '/bin/true'));
      return file;
    });
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...written], {
      encoding: 'utf8',
    });
    expect(stderr.split('\n').filter((line) => line.includes('menwei'))).toEqual([]);
    expect(status).toBe(0);
  });

  it.each(SERVERS)('%s runs as nobody’s root, leaves no core, and is started again within limits', (unit) => {
    const text = textOf(unit);
    for (const line of ['User=menwei', 'CapabilityBoundingSet=', 'LimitCORE=0', 'Restart=always'])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^StartLimitBurst=\d+$/m);
    expect(text).toMatch(/^StartLimitIntervalSec=\d+$/m);
  });

  it('the updater is started by a request where the gate writes it, and reads it where it was written', () => {
    const folder = '/var/lib/menwei/gate/update';
    expect(textOf('menwei-update.path')).toMatch(new RegExp(`^PathChanged=${folder}$`, 'm'));
    expect(textOf(FETCHES)).toMatch(new RegExp(`^ExecStart=.* update --requested ${folder}$`, 'm'));
    const first = readFileSync(join(import.meta.dirname, 'package/gate.new.yaml'), 'utf8');
    expect(first).toMatch(/^dataDir: \/var\/lib\/menwei\/gate$/m);
  });

  it('the gate is watched, and /proc tells it what machine it is on', () => {
    const text = textOf('menwei-gate.service');
    expect(text).toMatch(/^Type=notify$/m);
    expect(text).toMatch(/^WatchdogSec=\d+$/m);
    expect(text).not.toMatch(/^ProcSubset=/m);
  });

  it('the user has the groups of the devices that the gate’s unit lets it open', () => {
    const groups = readFileSync(join(import.meta.dirname, 'package/sysusers.conf'), 'utf8');
    const given = [...groups.matchAll(/^m menwei (?<group>\S+)$/gm)].map(([, group]) => group);
    expect(new Set(given)).toEqual(new Set(['dialout', 'gpio', 'input', 'plugdev', 'video']));
  });
});

function exposureMaxOf(unit: string): number {
  if (unit === FETCHES) return EXPOSURE_FETCHING_MAX;
  return MOUNT.includes(unit) ? EXPOSURE_MOUNTING_MAX : EXPOSURE_MAX;
}
