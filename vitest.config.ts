/** Test projects: unit tests lie beside their module, all others in the folder of their name under test/. */
import { defineConfig } from 'vitest/config';

const second = 1000;

function project(name: string, include: string[], timeoutMs: number) {
  return {
    extends: true as const,
    test: {
      name,
      include,
      environment: 'node',
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      // A browser on a busy machine is waited for; what comes at once costs nothing.
      expect: { poll: { timeout: Math.min(timeoutMs / 2, 40 * second) } },
    },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: true,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'device/**/*.ts', 'config/**/*.ts'],
      exclude: ['**/*.test.ts'],
    },
    projects: [
      project('unit', ['{src,device,config}/**/*.test.{ts,tsx}', 'test/vectors/**/*.test.ts'], 30 * second),
      project('house', ['test/house/**/*.test.ts'], 30 * second),
      project('scenario', ['test/scenario/**/*.test.ts'], 180 * second),
      project('fault', ['test/fault/**/*.test.ts'], 300 * second),
      project('e2e', ['test/e2e/**/*.test.ts'], 120 * second),
      project('rig', ['test/rig/*.test.ts'], 600 * second),
      project('appliance', ['test/rig/appliance/*.test.ts'], 900 * second),
    ],
  },
});
