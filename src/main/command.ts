import type { Writable } from 'node:stream';

/** What every command is given instead of the process, so that tests can run it. */
export interface CommandIo {
  readonly input: AsyncIterable<Uint8Array | string>;
  readonly output: Writable;
  /** Explanations; never answers. */
  readonly error: Writable;
}

/** A module in commands/. */
export interface CommandModule {
  /** @returns the exit code: 0 done, 1 something was wrong with what was given, 2 not understood */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Resolves once the stream has taken the text, so that a slow reader slows the writer down; rejects when it is closed. */
export function writeTo(stream: Writable, text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise((resolve, reject) => {
    stream.write(text, (problem) => {
      if (problem === null || problem === undefined) resolve();
      else reject(problem);
    });
  });
}

/** Asks before what cannot be taken back; only `yes` is yes, and the end of the input is not. */
export async function agreed({ input, error }: CommandIo, question: string): Promise<boolean> {
  await writeTo(error, question);
  for await (const part of input) return String(part).trim() === 'yes';
  return false;
}
