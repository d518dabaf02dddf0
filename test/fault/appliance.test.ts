import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { byTier } from './tier.ts';

/** The appliance as its scripts prove it, each with its own count; minutes each, so not with every push. */

const ROOT = join(import.meta.dirname, '../..');
const WITHIN_MS = 45 * 60_000;

async function run(script: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(join(ROOT, script), { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (part: string) => {
    said += part;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

describe.skipIf(byTier({ push: true, long: false, release: false }))('the appliance', () => {
  test.for([
    'scripts/prove-package',
    'scripts/prove-container',
    'scripts/prove-image',
    'scripts/prove-boot',
    'scripts/prove-ups',
  ])('%s proves each of its steps', { timeout: WITHIN_MS }, async (script, { skip }) => {
    const { code, said } = await run(script);
    console.log(said);
    expect(code).toBe(0);
    const why = /^SKIPPED: (?<why>.+)$/m.exec(said)?.groups?.['why'];
    skip(why !== undefined, why);
    expect(said).toMatch(/^.+: [1-9]\d* passed, 0 failed$/m);
  });
});
