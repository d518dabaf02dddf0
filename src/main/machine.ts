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

/** Of the hottest zone that the kernel knows. */
export function temperatureC(folder = '/sys/class/thermal'): number | undefined {
  try {
    const zones = readdirSync(folder).filter((name) => name.startsWith('thermal_zone'));
    const degrees = zones.map((zone) => Number(readFileSync(join(folder, zone, 'temp'), 'utf8')) / 1000);
    const hottest = Math.max(...degrees.filter(Number.isFinite));
    return Number.isFinite(hottest) ? hottest : undefined;
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
