/**
 * Files that import each other in a circle, by values or by types: whoever opens one of them has to read them all. A part that is
 * loaded later may name what loads it.
 */
import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import { isTest, type SourceFile } from './places.ts';

/** @returns the shortest way round through each file that is in a circle, once for each circle: `a.ts → b.ts → a.ts` */
export function importCircles(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.filter((file) => !isTest(file.path)).map((file) => file.path));
  const to = new Map<string, readonly string[]>();
  for (const file of files) {
    if (!paths.has(file.path)) continue;
    const named = importsOf(file)
      .filter((one) => one.later === undefined)
      .map((one) => posix.join(posix.dirname(file.path), one.from));
    to.set(
      file.path,
      named.filter((path) => paths.has(path)),
    );
  }
  const found = new Set<string>();
  const told: string[] = [];
  for (const path of paths) {
    if (found.has(path)) continue;
    const circle = wayBack(path, to);
    for (const each of circle) found.add(each);
    if (circle.length > 0) told.push([...circle, path].join(' → '));
  }
  return told;
}

/** The shortest way from a file to itself, without its end; empty when there is none. */
function wayBack(start: string, to: ReadonlyMap<string, readonly string[]>): string[] {
  const cameFrom = new Map<string, string>();
  const next = [start];
  for (const at of next) {
    for (const target of to.get(at) ?? []) {
      if (target === start) return trail(at, cameFrom);
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, at);
      next.push(target);
    }
  }
  return [];
}

function trail(end: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end];
  for (let at = cameFrom.get(end); at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}
