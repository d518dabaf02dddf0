import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressesOf, end } from './town-process.ts';
import { buildPages } from './page-server.ts';

/** `scripts/start` without a word about where: it keeps its town in its own checkout, here a copy of this one. */

const root = join(import.meta.dirname, '../..');
let checkout: string;

beforeAll(() => {
  buildPages();
  checkout = mkdtempSync(join(tmpdir(), 'menwei-checkout-'));
  for (const part of ['src', 'device', 'config', 'dist', 'package.json'])
    cpSync(join(root, part), join(checkout, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

test('keeps everything in var/demo, and finds it there the next time', async () => {
  for (const time of ['first', 'second']) {
    const town = spawn(process.execPath, ['src/main/demo.ts', '--port', '0', '--gate-port', '0'], {
      cwd: checkout,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { phone, display } = await addressesOf(town);
    expect((await fetch(phone)).status, time).toBe(200);
    expect((await fetch(display)).status, time).toBe(200);
    expect(await end(town), time).toBe(0);
    expect(existsSync(join(checkout, 'var/demo/gate/data/journal.sqlite'))).toBe(true);
  }
});
