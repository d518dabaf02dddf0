import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

/** The `menwei` command: answers on standard output, explains on standard error. */

const KEEP_COMPILED_AFTER_MS = 10_000;

// Halves the processor time of a start; where it cannot be written, a start only takes longer. A service has a place of its own.
const caches = process.env['CACHE_DIRECTORY'] ?? join(import.meta.dirname, '../../.cache');
enableCompileCache(join(caches, 'compiled'));
// Else kept at the end alone, which a gate that loses its power never comes to.
setTimeout(flushCompileCache, KEEP_COMPILED_AFTER_MS).unref();
const { dispatch } = await import('./command-table.ts');

process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  // Whoever read our answers has left (a closed pipe, as `head` does): nothing is left to be said.
  process.exit(problem.code === 'EPIPE' ? 0 : 1);
});

try {
  process.exitCode = await dispatch(process.argv.slice(2), {
    input: process.stdin,
    output: process.stdout,
    error: process.stderr,
  });
} catch (problem) {
  process.stderr.write(`menwei: ${problem instanceof Error ? problem.message : 'failed'}\n`);
  process.exitCode = 1;
}
