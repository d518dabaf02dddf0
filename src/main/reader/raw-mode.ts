import type { CommandIo } from '../command.ts';

/** Keys one by one, unechoed, while a command listens to a terminal; where the input is none, nothing changes. */
export function rawMode(input: CommandIo['input']): { restore(): void } {
  const isTerminal = input === process.stdin && process.stdin.isTTY;
  if (isTerminal) process.stdin.setRawMode(true);
  return {
    restore() {
      if (!isTerminal) return;
      process.stdin.setRawMode(false);
      process.stdin.destroy();
    },
  };
}
