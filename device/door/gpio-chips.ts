import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Finds the chip of the header pins. Numbers and paths differ between models and kernels; labels do not. */

/** Raspberry Pi 5; 4 and 400; Zero to 3. */
export const HEADER_CHIP_LABELS: readonly string[] = ['pinctrl-rp1', 'pinctrl-bcm2711', 'pinctrl-bcm2835'];

export interface Chip {
  readonly path: string;
  readonly label: string;
}

/** @param wanted a label or a device path; by default any header chip of a Raspberry Pi */
export function chooseChip(chips: readonly Chip[], wanted: string | undefined): Chip {
  const chosen = candidates(wanted)
    .map((name) => chips.find(({ label, path }) => label === name || path === name))
    .find((chip) => chip !== undefined);
  if (chosen !== undefined) return chosen;
  const there = chips.map(({ label }) => label).join(', ') || 'none';
  throw new Error(`no GPIO chip ${candidates(wanted).join(' or ')}; this machine has: ${there}`);
}

/**
 * Number of the chip's first line in /sys/class/gpio: kernels since 6.6 count from 512, so line 17 is 529 there.
 * @param root `/sys/class/gpio`, or a copy of it in tests
 */
export function sysfsBase(wanted: string | undefined, root = '/sys/class/gpio'): number {
  const chips = chipFolders(root).map((path) => ({
    path,
    label: readFileSync(join(path, 'label'), 'utf8').trim(),
  }));
  const base = Number(readFileSync(join(chooseChip(chips, wanted).path, 'base'), 'utf8'));
  if (!Number.isInteger(base) || base < 0) throw new Error(`no base number in ${root}`);
  return base;
}

function candidates(wanted: string | undefined): readonly string[] {
  return wanted === undefined ? HEADER_CHIP_LABELS : [wanted];
}

function chipFolders(root: string): string[] {
  try {
    return readdirSync(root)
      .filter((name) => name.startsWith('gpiochip'))
      .sort()
      .map((name) => join(root, name));
  } catch {
    return [];
  }
}
