import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** `scripts/start --headless`: what somebody sees first. */

const START = join(import.meta.dirname, '../../scripts/start');

test('the story of a small town comes out right, from the first start, and leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-story-'));
  try {
    const child = spawn(START, ['--headless'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: folder },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        said += part;
      });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code, said).toBe(0);
    expect(said).toContain('all came out right');
    for (const kind of [1, 2, 3, 4, 5]) expect(said).toContain(`kind ${kind}`);
    expect(said).not.toMatch(/X[1-5][0-9A-V]{60,}/);
    expect(readdirSync(folder).filter((name) => name.startsWith('menwei-'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
