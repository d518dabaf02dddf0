/** Shape and cleanliness: sizes, names, opening sentences, and nothing that ties the repository to one machine. */
import { posix } from 'node:path';
import { isCode, isTest, type SourceFile } from './places.ts';

export const FILE_LINES_MAX = 400;

const KEBAB = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
/** Written in pieces so that this file does not accuse itself. */
const MACHINE_PATH = new RegExp(`(^|[\\s'"\`(=:])/${'(work|root|home)'}/[a-z]`, 'm');
const REGISTRY_HOST = new RegExp(['registry', '(npmjs|yarnpkg|npmmirror)', '(org|com)'].join('\\.'), 'i');

export function shapeViolations(file: SourceFile): string[] {
  const found: string[] = [];
  const folders = /^(src|device|config|test|bench|scripts)\//.test(file.path);
  const lines = file.text.split('\n').length - 1;
  if (isCode(file.path) && lines > FILE_LINES_MAX)
    found.push(`has ${lines} lines; at most ${FILE_LINES_MAX}`);
  if (folders && !file.path.split('/').every((part) => KEBAB.test(part) || /^[A-Z]+\.md$/.test(part))) {
    found.push('is not named in kebab-case');
  }
  if (isIndex(file.path) && !file.text.startsWith('/**')) {
    found.push('opens without a comment that says what the room promises');
  }
  return found.map((text) => `${file.path}: ${text}`);
}

export function machineViolations(file: SourceFile): string[] {
  const found: string[] = [];
  if (MACHINE_PATH.test(file.text)) found.push('names a path of one machine');
  if (REGISTRY_HOST.test(file.text)) found.push('names a package registry');
  if (posix.basename(file.path) === 'package-lock.json' && file.text.includes('"resolved"')) {
    found.push('holds addresses; npm must be run with the .npmrc of this repository');
  }
  return found.map((text) => `${file.path}: ${text}`);
}

/** Rooms under src/ that hold code but no `index.ts`. */
export function roomsWithoutDoor(paths: readonly string[]): string[] {
  const rooms = paths
    .filter((path) => isCode(path) && !isTest(path))
    .map((path) => /^src\/([a-z-]+)\//.exec(path)?.[1]);
  return [...new Set(rooms)].filter(
    (room) =>
      room !== undefined && room !== 'ui' && room !== 'main' && !paths.includes(`src/${room}/index.ts`),
  ) as string[];
}

function isIndex(path: string): boolean {
  return /^(src\/([a-z-]+|ui\/[a-z-]+)|device\/[a-z-]+)\/index\.ts$/.test(path);
}
