import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { fastFolder } from './journal-support.ts';

const folder = mkdtempSync(join(fastFolder(), 'menwei-failing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shim = join(folder, 'failing-files.so');
const impossible = buildShim();
if (impossible !== undefined) process.stderr.write(`failing file operations are not tried: ${impossible}\n`);

test.skipIf(impossible !== undefined)(
  'every file operation fails in turn, once and for ever: nothing acknowledged is lost, nothing is half there',
  () => {
    const scenario = fileURLToPath(new URL('./journal-failing-files-scenario.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [scenario, folder], {
      encoding: 'utf8',
      env: { ...process.env, LD_PRELOAD: shim },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const counts: Record<string, number> = JSON.parse(stdout);
    process.stderr.write(`file operations that failed: ${stdout}`);
    // A shim that is not asked would find nothing to fail.
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(10);
  },
);

/** @returns why not */
function buildShim(): string | undefined {
  if (process.platform !== 'linux') return 'the shim is made for Linux';
  try {
    const source = join(import.meta.dirname, 'failing-files.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', shim, source, '-ldl'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `cc does not build it: ${String((error as { stderr?: unknown }).stderr ?? error)}`;
  }
}
