import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { power, temperatureC } from './machine.ts';

/** The kernel's folders, laid as it lays them. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-sysfs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function lay(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${text}\n`);
  }
  return folder;
}

describe('the temperature', () => {
  it('is that of the hottest zone', () => {
    const zones = {
      'thermal_zone0/temp': '48312',
      'thermal_zone1/temp': '81790',
      'cooling_device0/temp': '99000',
    };
    expect(temperatureC(lay(zones))).toBe(81.79);
  });

  it('leaves out zones that are switched off, broken or do not answer', () => {
    const zones = {
      'thermal_zone0/temp': '-273000',
      'thermal_zone1/temp': '3276700',
      'thermal_zone2/temp': '',
    };
    mkdirSync(join(lay({ ...zones, 'thermal_zone3/temp': '51000' }), 'thermal_zone4'));
    expect(temperatureC(folder)).toBe(51);
  });

  it('is not known where there is no zone, or none that can be believed', () => {
    expect(temperatureC(join(folder, 'none'))).toBeUndefined();
    expect(temperatureC(lay({ 'thermal_zone0/temp': 'x' }))).toBeUndefined();
  });
});

describe('the supply of a Raspberry Pi', () => {
  const board = (alarm: string) =>
    lay({
      'hwmon0/name': 'cpu_thermal',
      'hwmon0/in0_lcrit_alarm': '1',
      'hwmon1/name': 'rpi_volt',
      'hwmon1/in0_lcrit_alarm': alarm,
    });

  it.each([
    ['0', 'ok'],
    ['1', 'undervoltage'],
    ['?', undefined],
  ])('is found by its sensor’s name: %s', (alarm, told) => {
    expect(power(board(alarm))).toBe(told);
  });

  it('is not known where there is no such sensor, or it does not answer', () => {
    expect(power(join(folder, 'none'))).toBeUndefined();
    expect(power(lay({ 'hwmon0/name': 'acpitz', 'hwmon0/in0_lcrit_alarm': '1' }))).toBeUndefined();
    expect(power(lay({ 'hwmon3/name': 'rpi_volt' }))).toBeUndefined();
  });
});
