/** Where a file stands: its room, and whether it is a test. Paths count from the repository's root, with `/`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { SECOND_DOORS } from './import-table.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const SKIPPED_FOLDERS = new Set([
  'node_modules',
  'dist',
  'coverage',
  'var',
  'generated',
  '.git',
  '.runtime',
  '.cache',
]);
const CODE_FOLDERS = ['src', 'device', 'config', 'test', 'bench', 'scripts'];
const TEXT_ENDING =
  /\.(tsx?|[cm]?js|json|ya?ml|md|sh|html|css|service|rules|conf|sql|toml)$|(^|\/)[^.]+$|(^|\/)\.[^/]+$/;

export const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Every text file of the repository that is meant to be kept. */
export function repositoryFiles(root = REPOSITORY): SourceFile[] {
  return walk(root, '')
    .filter((path) => TEXT_ENDING.test(path) && !/\.(log|tmp)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export function isCode(path: string): boolean {
  return /\.tsx?$/.test(path) && CODE_FOLDERS.some((folder) => path.startsWith(`${folder}/`));
}

/** Tests and what only tests use: `*.test.ts`, a room's `testing.ts` (its door for tests), `test/` and `bench/`. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || isTestingDoor(path) || /^(test|bench)\//.test(path);
}

/** `src/link/testing.ts`: stand-ins that a room offers to tests, its own and those of others. */
export function isTestingDoor(path: string): boolean {
  return /(^|\/)testing\.ts$/.test(path);
}

/** `src/gate/lane.ts` → `gate`, `src/ui/kit/qr.ts` → `ui/kit`, `device/door/relay.ts` → `device/door`, `test/x.ts` → `test`. */
export function roomOf(path: string): string {
  const [first = '', second = '', third] = path.split('/');
  if (first === 'src' && second === 'ui') return third?.includes('.') ? 'ui' : `ui/${third}`;
  if (first === 'src') return second;
  return first === 'device' ? `device/${second}` : first;
}

/** The door that a file is, such as `gate` for `src/gate/index.ts` or `journal/reading`; undefined for an inner file. */
export function doorOf(path: string): string | undefined {
  const second = Object.entries(SECOND_DOORS).find(([, file]) => file === path);
  if (second !== undefined) return second[0];
  return posix.basename(path) === 'index.ts' && path === `${folderOf(roomOf(path))}/index.ts`
    ? roomOf(path)
    : undefined;
}

function folderOf(room: string): string {
  return /^(device|config|test|bench|scripts)(\/|$)/.test(room) ? room : `src/${room}`;
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : walk(root, path);
    return entry.isFile() ? [path] : [];
  });
}
