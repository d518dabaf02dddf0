import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineDriver } from './line-driver.ts';
import type { RelayTask } from './relay-protocol.ts';

/**
 * A door made of files, so that the relay process can be tried, and killed, on a machine without lines: `relay` gets one
 * line a switching (`on|off`, milliseconds of CLOCK_MONOTONIC); an input is active while the file of its name says `1`, and
 * where there is a file `line`, the relay is read as that says instead of as it was switched.
 */
export function openFolderDriver(task: RelayTask): LineDriver {
  const folder = task.chip ?? '.';
  let isOn = false;
  const write = (on: boolean) => {
    isOn = on;
    const nowMs = Number(process.hrtime.bigint()) / 1e6;
    appendFileSync(join(folder, 'relay'), `${on ? 'on' : 'off'} ${nowMs}\n`);
  };
  const read = (input: string) => {
    try {
      return readFileSync(join(folder, input), 'utf8').trim() === '1';
    } catch {
      return false;
    }
  };
  const names = Object.keys(task.inputs);
  const states = new Map(names.map((input) => [input, read(input)]));
  write(false);
  return {
    set: write,
    reads: () => (existsSync(join(folder, 'line')) ? read('line') : isOn),
    inputs: () => Object.fromEntries(states),
    changes: () =>
      names.flatMap((input) => {
        const active = read(input);
        if (states.get(input) === active) return [];
        states.set(input, active);
        return [{ input, active }];
      }),
    close: () => write(false),
  };
}
