import { closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import koffi from 'koffi';
import { type Chip, chooseChip } from './gpio-chips.ts';
import { CHIP_INFO_BYTES, chipInfo, GPIO, lineInfo, lineInfoRequest } from './gpio-uapi.ts';

/** What can be said of a door's lines without taking any of them: for the doctor and the set-up page. It switches nothing. */

export type SeenChip =
  | { readonly state: 'found'; readonly label: string; readonly lines: readonly SeenLine[] }
  | { readonly state: 'not-found'; readonly there: readonly string[] }
  | { readonly state: 'no-rights'; readonly path: string };

export interface SeenLine {
  readonly line: number;
  /** `taken`: another program, or this very gate, holds it. */
  readonly state: 'free' | 'taken' | 'missing';
  /** Whoever holds it says so. */
  readonly by?: string;
}

type Call = (fd: number, request: number, bytes: Uint8Array) => Uint8Array;

/** @param wanted label or path of the chip; by default the header chip of a Raspberry Pi */
export function lookAtLines(wanted: string | undefined, lines: readonly number[], folder = '/dev'): SeenChip {
  const found = chipsIn(folder, kernelCall());
  if ('noRights' in found) return { state: 'no-rights', path: found.noRights };
  let chip: Chip;
  try {
    chip = chooseChip(found.chips, wanted);
  } catch {
    return { state: 'not-found', there: found.chips.map(({ label }) => label) };
  }
  const call = kernelCall();
  const fd = openSync(chip.path, 'r');
  try {
    return { state: 'found', label: chip.label, lines: lines.map((line) => seen(call, fd, line)) };
  } finally {
    closeSync(fd);
  }
}

function seen(call: Call, fd: number, line: number): SeenLine {
  try {
    const info = lineInfo(call(fd, GPIO.getLineInfo, lineInfoRequest(line)));
    return { line, state: info.used ? 'taken' : 'free', ...(info.used ? { by: info.consumer } : {}) };
  } catch {
    return { line, state: 'missing' };
  }
}

function chipsIn(
  folder: string,
  call: Call,
): { readonly chips: readonly Chip[] } | { readonly noRights: string } {
  const chips: Chip[] = [];
  let noRights: string | undefined;
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    try {
      const fd = openSync(path, 'r');
      try {
        const { label } = chipInfo(call(fd, GPIO.getChipInfo, new Uint8Array(CHIP_INFO_BYTES)));
        chips.push({ path, label });
      } finally {
        closeSync(fd);
      }
    } catch (cause) {
      if (['EACCES', 'EPERM'].includes(String((cause as NodeJS.ErrnoException).code))) noRights ??= path;
    }
  }
  return chips.length === 0 && noRights !== undefined ? { noRights } : { chips };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith('gpiochip'))
      .sort();
  } catch {
    return [];
  }
}

function kernelCall(): Call {
  const ioctl = koffi.load('libc.so.6').func('int ioctl(int, ulong, _Inout_ void*)');
  return (fd, request, bytes) => {
    if (ioctl(fd, request, bytes) < 0) throw new Error(`GPIO request failed (errno ${koffi.errno()})`);
    return bytes;
  };
}
