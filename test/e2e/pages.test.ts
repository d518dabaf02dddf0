import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';

/** A phone on a slow line has the page in a second. */
const SCRIPT_BYTES_MAX = 60_000;

const root = join(import.meta.dirname, '../..');
const built = join(root, 'dist/ui');
const pages = readdirSync(join(root, 'src/ui')).filter((name) =>
  existsSync(join(root, 'src/ui', name, 'index.html')),
);

beforeAll(() => {
  execFileSync(join(root, 'scripts/build-ui'), { stdio: ['ignore', 'ignore', 'inherit'] });
});

test.each(pages)('%s: what it loads at once is at most 60 kB, compressed', (page) => {
  const html = readFileSync(join(built, page, 'index.html'), 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="\/ui\/(assets\/[^"]+\.js)"/g)].map(
    ([, path]) => path ?? '',
  );
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join(built, path))).length, 0);
  expect(bytes).toBeLessThanOrEqual(SCRIPT_BYTES_MAX);
});

test.each(pages)('%s: no inline script or style, and no other host', (page) => {
  const html = readFileSync(join(built, page, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=/i);
  expect(html).not.toMatch(/(?:src|href)="(?!\/ui\/)/);
});

test('no built file names a CDN', () => {
  const scripts = readdirSync(join(built, 'assets')).filter((name) => /\.(js|css)$/.test(name));
  const naming = scripts.filter((name) =>
    /url\(\s*['"]?https?:/.test(readFileSync(join(built, 'assets', name), 'utf8')),
  );
  expect(naming).toEqual([]);
});
