import { execFile } from 'node:child_process';
import { isCommand } from '../doctor/look-at-devices.ts';

/** Programs of the machine, started with exact arguments and no shell, and ended when they take too long. */
export interface Programs {
  has(name: string): boolean;
  /** @returns what it printed; undefined when it did not end well */
  run(name: string, args: readonly string[], input?: string): Promise<string | undefined>;
}

/** Joining a network may take the radio a while. */
const RUN_WITHIN_MS = 45_000;
const OUTPUT_BYTES_MAX = 65_536;

export function realPrograms(): Programs {
  return {
    has: (name) => isCommand(name),
    run: (name, args, input = '') =>
      new Promise((resolve) => {
        const options = { timeout: RUN_WITHIN_MS, maxBuffer: OUTPUT_BYTES_MAX };
        const child = execFile(name, [...args], options, (problem, output) =>
          resolve(problem === null ? output : undefined),
        );
        child.stdin?.on('error', () => undefined);
        child.stdin?.end(input);
      }),
  };
}
