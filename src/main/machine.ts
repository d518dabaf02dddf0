import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { WallMs } from '../base/index.ts';
import { DRIFT_PPM } from '../time/index.ts';
import { BUILD } from './build.ts';

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

/** A board that measures its own supply, whether its kernel tells of it or not. */
export function isRaspberryPi(root = '/'): boolean {
  return textOf(join(root, 'proc/device-tree/model'))?.startsWith('Raspberry Pi') === true;
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

/** What tells a clock that a battery kept; tests give others. */
export interface ClockSigns {
  readonly root: string;
  /** Since the machine was switched on. */
  readonly uptimeSeconds: number;
  /** When this software was made, in Unix milliseconds. */
  readonly madeMs: number;
}

/** The two clocks of a board are not read in one instant, and one of them tells whole seconds. */
const APART_MS_MAX = 10_000;

/**
 * Whether a battery kept the wall clock while the power was off. A PC has one, and a virtual machine has its host's.
 * A board with a device tree may have a real-time clock whose cell is flat or was never fitted (a Pi 5): without power it begins
 * anew, and the system goes on from a time that it saved. So one of them must agree with the wall clock.
 * @param wall what the wall clock says now
 */
export function hasBatteryClock(wall: WallMs, signs: Partial<ClockSigns> = {}): boolean {
  const { root = '/', uptimeSeconds = uptime(), madeMs = Date.parse(BUILD.at) } = signs;
  if (!existsSync(join(root, 'proc/device-tree/model'))) return true;
  // Two crystals part while nobody sets either.
  const apartMaxMs = APART_MS_MAX + (uptimeSeconds * DRIFT_PPM) / 1_000;
  return rtcTimes(join(root, 'sys/class/rtc')).some(
    // The wall clock may have been set by one that began anew.
    (atMs) => atMs >= madeMs && Math.abs(atMs - wall) <= apartMaxMs,
  );
}

/** Of the real-time clocks that answer, in Unix milliseconds. The kernel refuses one that says itself that it has stopped. */
function rtcTimes(folder: string): readonly number[] {
  return namesIn(folder)
    .map((name) => textOf(join(folder, name, 'since_epoch')))
    .filter((text) => text !== undefined && text !== '')
    .map((text) => Number(text) * 1_000);
}
