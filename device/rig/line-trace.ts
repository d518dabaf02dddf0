import { existsSync, readFileSync } from 'node:fs';

/**
 * What an output line did, as the chip saw it: the kernel tells each level that it is driven to on its console, at once, with
 * its own clock (watch-lines.sh). No part of the appliance can keep a twitch from standing here, and no power cut loses it.
 */
export interface LineLevel {
  readonly line: number;
  readonly high: boolean;
  /** Of the guest's monotonic clock, which begins at its boot. */
  readonly atMs: number;
}

export interface Pulse {
  readonly onMs: number;
  /** Infinity: it was on when the trace ended. */
  readonly offMs: number;
}

const TOLD = /rig-line (\d+) ([01]) (\d+)/g;

export function lineLevels(consoleFile: string): LineLevel[] {
  if (!existsSync(consoleFile)) return [];
  return [...readFileSync(consoleFile, 'latin1').matchAll(TOLD)].map(([, line, level, microseconds]) => ({
    line: Number(line),
    high: level === '1',
    atMs: Number(microseconds) / 1_000,
  }));
}

/** @param levels of one boot, in order */
export function pulsesOf(
  levels: readonly LineLevel[],
  of: { readonly line: number; readonly activeLow?: boolean },
): Pulse[] {
  const pulses: { onMs: number; offMs: number }[] = [];
  for (const { line, high, atMs } of levels) {
    if (line !== of.line) continue;
    const on = high !== (of.activeLow ?? false);
    const last = pulses.at(-1);
    const isOn = last?.offMs === Number.POSITIVE_INFINITY;
    if (on && !isOn) pulses.push({ onMs: atMs, offMs: Number.POSITIVE_INFINITY });
    else if (!on && isOn && last !== undefined) last.offMs = atMs;
  }
  return pulses;
}
