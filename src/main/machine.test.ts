import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../base/index.ts';
import { hasBatteryClock, isRaspberryPi, power, temperatureC } from './machine.ts';

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

it.each([
  ['Raspberry Pi Zero 2 W Rev 1.0\0', true],
  ['Radxa ROCK 3A\0', false],
])('knows a Raspberry Pi by its model: %j', (model, is) => {
  expect(isRaspberryPi(lay({ 'proc/device-tree/model': model }))).toBe(is);
});

describe('a battery’s clock', () => {
  const BOARD = { 'proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0' };
  const MADE = Date.parse('2026-11-21T00:00:00Z');
  const NOW = MADE + 40 * 86_400_000 + 400;
  const rtc = (number: number, atMs: number) => ({
    [`sys/class/rtc/rtc${number}/since_epoch`]: String(Math.floor(atMs / 1_000)),
  });
  const isKept = (files: Readonly<Record<string, string>>, { wall = NOW, uptimeSeconds = 20 } = {}) =>
    hasBatteryClock(wallMs(wall), { root: lay(files), uptimeSeconds, madeMs: MADE });

  it('is believed of a PC, which has one', () => {
    expect(isKept({})).toBe(true);
  });

  it('is not believed of a board without any', () => {
    expect(isKept(BOARD)).toBe(false);
  });

  it.each([-9, -1, 0, 1, 10])('is believed of a board whose clock is %d s from the time', (seconds) => {
    expect(isKept({ ...BOARD, ...rtc(0, NOW + seconds * 1_000) })).toBe(true);
  });

  it.each([
    ['a Pi 5’s, whose battery was not bought', Date.parse('1970-01-01T00:00:07Z')],
    ['one whose cell is dead', Date.parse('2000-01-01T00:00:07Z')],
    ['one that is ahead of a time saved before the power went', NOW + 3_600_000],
    ['one that is somewhat behind', NOW - 12_000],
  ])('is not believed of %s', (_what, atMs) => {
    expect(isKept({ ...BOARD, ...rtc(0, atMs) })).toBe(false);
  });

  it.each(['', '?'])('is not believed of one that says “%s”', (said) => {
    expect(isKept({ ...BOARD, 'sys/class/rtc/rtc0/since_epoch': said })).toBe(false);
  });

  it('is not believed of one that cannot be read', () => {
    mkdirSync(join(folder, 'sys/class/rtc/rtc0/since_epoch'), { recursive: true });
    expect(isKept(BOARD)).toBe(false);
  });

  it('may be another than the first', () => {
    expect(isKept({ ...BOARD, ...rtc(0, 7_000), ...rtc(1, NOW) })).toBe(true);
  });

  it('is not believed where the time was taken from a clock that began anew', () => {
    expect(isKept({ ...BOARD, ...rtc(0, 7_000) }, { wall: 7_400 })).toBe(false);
  });

  it('may part from the time as two crystals do that nobody has set for a month', () => {
    const files = { ...BOARD, ...rtc(0, NOW - 120_000) };
    expect(isKept(files, { uptimeSeconds: 30 * 86_400 })).toBe(true);
    expect(isKept(files, { uptimeSeconds: 3_600 })).toBe(false);
  });
});
