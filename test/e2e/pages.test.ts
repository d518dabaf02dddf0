import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';

/** A phone on a slow line has the page in a second. */
const SCRIPT_BYTES_MAX = 60_000;
/** The guard's desk comes while somebody signs in; a deed's form and the menu's sheets when they are first asked for. */
const DESK_BYTES_MAX = 70_000;
const ASKED_FOR_BYTES_MAX = 12_000;

const root = join(import.meta.dirname, '../..');
const built = join(root, 'dist/ui');
const pages = readdirSync(join(root, 'src/ui')).filter((name) =>
  existsSync(join(root, 'src/ui', name, 'index.html')),
);

beforeAll(() => {
  execFileSync(join(root, 'scripts/build-ui'), { stdio: ['ignore', 'ignore', 'inherit'] });
});

test.each(pages)('%s: what it loads at once is at most 60 kB, compressed', (page) => {
  const scripts = atOnce(page);
  expect(scripts.size).toBeGreaterThan(0);
  expect(bytesOf(scripts)).toBeLessThanOrEqual(SCRIPT_BYTES_MAX);
});

test('the guard’s desk with all that it needs at first, and each part that comes later', () => {
  const entrance = atOnce('guard');
  const desk = withImports(named('desk-'), new Set(entrance));
  expect(bytesOf(desk)).toBeLessThanOrEqual(DESK_BYTES_MAX);
  for (const part of ['deed-dialog-', 'view-sheet-', 'begin-', 'photo-']) {
    const later = withImports(named(part), new Set(desk)).difference(desk);
    expect(later.size, part).toBeGreaterThan(0);
    expect(bytesOf(later), part).toBeLessThanOrEqual(ASKED_FOR_BYTES_MAX);
  }
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

/** Names of the scripts of a page's first moment. */
function atOnce(page: string): Set<string> {
  const html = readFileSync(join(built, page, 'index.html'), 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="\/ui\/assets\/([^"]+\.js)"/g)].map(
    ([, name]) => name ?? '',
  );
  return scripts.reduce((all, script) => withImports(script, all), new Set<string>());
}

function named(start: string): string {
  const [name, ...others] = readdirSync(join(built, 'assets')).filter(
    (each) => each.startsWith(start) && each.endsWith('.js'),
  );
  if (name === undefined || others.length > 0) throw new Error(`one script begins with ${start}`);
  return name;
}

/** @param all grows by the script and what it imports at once */
function withImports(script: string, all: Set<string>): Set<string> {
  if (all.has(script)) return all;
  all.add(script);
  const code = readFileSync(join(built, 'assets', script), 'utf8');
  for (const [, imported] of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    withImports(imported ?? '', all);
  return all;
}

function bytesOf(scripts: ReadonlySet<string>): number {
  return [...scripts].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(built, 'assets', name))).length,
    0,
  );
}
