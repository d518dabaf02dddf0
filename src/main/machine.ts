import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** What this machine can say about itself. A figure that it cannot measure is left out, never guessed. */

export function memoryBytes(): number {
  return process.memoryUsage.rss();
}

export function storageOf(folder: string): { freeBytes: number; totalBytes: number } | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined;
  }
}

/** A zone that says something else is a sensor that is broken or switched off. */
const CELSIUS_MIN = -40;
const CELSIUS_MAX = 150;

/** Of the hottest zone that the kernel knows. */
export function temperatureC(folder = '/sys/class/thermal'): number | undefined {
  const zones = namesIn(folder).filter((name) => name.startsWith('thermal_zone'));
  const degrees = zones
    .map((zone) => textOf(join(folder, zone, 'temp')))
    .filter((text) => text !== undefined && text !== '')
    .map((text) => Number(text) / 1000)
    .filter((each) => each >= CELSIUS_MIN && each <= CELSIUS_MAX);
  return degrees.length === 0 ? undefined : Math.max(...degrees);
}

/**
 * Of the board's own supply, as the firmware of a Raspberry Pi tells the kernel's `rpi_volt`: whether it was too low within the
 * last seconds (Linux, Documentation/hwmon/raspberrypi-hwmon). undefined: this machine does not measure it.
 */
export function power(folder = '/sys/class/hwmon'): 'ok' | 'undervoltage' | undefined {
  const sensor = namesIn(folder).find((name) => textOf(join(folder, name, 'name')) === 'rpi_volt');
  const alarm = sensor === undefined ? undefined : textOf(join(folder, sensor, 'in0_lcrit_alarm'));
  return alarm === '1' ? 'undervoltage' : alarm === '0' ? 'ok' : undefined;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** undefined: not there, or a sensor that does not answer. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Whether a battery keeps the wall clock while the power is off. A PC has one, and a virtual machine has its host's;
 * a board with a device tree has one only if the kernel found a real-time clock on it.
 */
export function hasBatteryClock(root = '/'): boolean {
  const isBoard = existsSync(join(root, 'proc/device-tree/model'));
  return !isBoard || existsSync(join(root, 'sys/class/rtc/rtc0'));
}
