import { spawn } from 'node:child_process';

/**
 * A small shell that waits for its relay process to end. One that ends by itself has rested its relay and says so; after one
 * that was killed in the middle of a pulse, the shell becomes a relay process that only rests the line. What the kernel does
 * to a line that nobody holds any more differs between chips, and some leave it as it was.
 */
export const REST_ONLY = 'rest';

/** Reads one line; at the end of the pipe without one it becomes the command in its arguments. Signals to the group pass it by. */
const WAIT = `trap '' INT HUP TERM; read -r _ && exit; exec "$@"`;

/** @returns what to call when the relay rests and this process is about to end */
export function restWhenGone(task: string): () => void {
  const [program = ''] = process.argv.slice(1);
  const restingCommand = [process.execPath, program, task, REST_ONLY];
  const waiting = spawn('/bin/sh', ['-c', WAIT, 'sh', ...restingCommand], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  // On a machine without a shell the next relay process rests the line.
  waiting.on('error', () => undefined);
  waiting.stdin.on('error', () => undefined);
  return () => void waiting.stdin.end('rested\n');
}
