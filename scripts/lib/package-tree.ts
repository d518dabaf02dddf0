import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Lays out what the server's bundle needs beside it: `node scripts/lib/package-tree.ts ARCH FETCHED FOLDER`. Copies the packages
 * that stay outside, those of another architecture from FETCHED, and says whose work is inside. Never asks a network.
 */

const ROOT = join(import.meta.dirname, '../..');
/** The sysfs door driver's add-on has no prebuilt binary; the character device needs none. */
const LEFT_OUT = ['onoff'];
/** What no running program opens. */
const UNNEEDED =
  /\.(?:d\.[cm]?ts|map|md|markdown|tsbuildinfo|cc|cpp|hh|hpp|h|inc|S|asm|gyp)$|\/(?:doc|docs|test|tests|examples?|\.github|\.yarn)$/;
const UNNEEDED_IN: Readonly<Record<string, RegExp>> = {
  koffi: /\/koffi\/(?:vendor|cnoke\.cjs|lib)$/,
  '@serialport/bindings-cpp': /\/bindings-cpp\/(?:src|binding\.gyp)$/,
  // Not their `esm`: pdfkit imports ciphers and a hashes of its own by it.
  '@noble/ciphers': /\/ciphers\/src$/,
  '@noble/curves': /\/curves\/src$/,
  '@noble/hashes': /\/hashes\/src$/,
  pdfkit: /\/js\/.*(?:standalone|browser|old).*$/,
  'sm-crypto-v2': /\/sm-crypto-v2\/(?:miniprogram_dist|dist\/index\.(?:mjs|umd\.js))$/,
  'zxing-wasm': /\/zxing-wasm\/dist\/(?:full|writer|iife)$/,
};
/** Files that the bundled district reads from where its sources lie. */
const READ_FROM_SOURCES = [
  'src/district/issuing/font',
  ...['console.css', 'main.ts', 'guard-copy.ts', 'parts.ts', 'plots.ts', 'times.ts', 'wall.ts'].map(
    (name) => `src/ui/console/${name}`,
  ),
  'src/ui/kit/tokens.css',
  'src/ui/kit/icon.svg',
];

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Lock = Readonly<Record<string, Locked>>;

const lock = (JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Lock })
  .packages;

/** @param arch as Node says it: x64 or arm64 */
export function layOut(arch: string, fetched: string, folder: string): void {
  const outside = Object.keys(read(join(ROOT, 'dist/server/package.json')).dependencies ?? {});
  const paths = closure(
    outside.filter((name) => !LEFT_OUT.includes(name)),
    arch,
  );
  for (const path of paths)
    copyPackage(path, { from: sourceOf(path, fetched), to: join(folder, path), arch });
  for (const path of READ_FROM_SOURCES) copy(join(ROOT, path), join(folder, path));
  copy(join(ROOT, 'dist/ui'), join(folder, 'dist/ui'));
  cpSync(join(ROOT, 'dist/server'), join(folder, 'dist/server'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map') && basename(path) !== '.stamp',
  });
  writeFileSync(join(folder, 'third-party-licenses.txt'), licences());
}

/** Those that are made for one kind of machine, and must be fetched for another. @returns NAME@VERSION, one each */
export function foreign(arch: string): string[] {
  return closure(['koffi', 'serialport', 'zxing-wasm', 'pdfkit'], arch)
    .filter((path) => lock[path]?.cpu !== undefined)
    .map((path) => `${nameOf(path)}@${lock[path]?.version}`);
}

/** Paths in the lock that the named packages need, each found as Node finds it: nearest first. */
function closure(names: readonly string[], arch: string): string[] {
  const found = new Set<string>();
  const visit = (name: string, from: string): void => {
    const path = nearest(name, from);
    if (path === undefined || found.has(path) || !fits(lock[path], arch)) return;
    // Declarations alone.
    if (name.startsWith('@types/') || name === 'type-fest') return;
    found.add(path);
    const { dependencies, optionalDependencies } = lock[path] ?? {};
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) visit(needed, path);
  };
  for (const name of names) visit(name, '');
  return [...found].sort();
}

function nearest(name: string, from: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (lock[path] !== undefined) return path;
    if (at === '') return undefined;
  }
}

function fits(one: Locked | undefined, arch: string): boolean {
  return (one?.os?.includes('linux') ?? true) && (one?.cpu?.includes(arch) ?? true);
}

/** Its content is what the lock says: npm has checked the sum, and noted which. */
function sourceOf(path: string, fetched: string): string {
  const here = join(ROOT, path);
  if (existsSync(here)) return here;
  const there = join(fetched, path);
  if (!existsSync(there)) throw new Error(`${path}: not fetched for this architecture`);
  const noted = (read(join(fetched, 'node_modules/.package-lock.json')) as { packages: Lock }).packages[path];
  if (noted?.integrity !== lock[path]?.integrity)
    throw new Error(`${path}: what was fetched is not what package-lock.json names`);
  return there;
}

function copyPackage(path: string, { from, to, arch }: { from: string; to: string; arch: string }): void {
  const own = UNNEEDED_IN[nameOf(path)];
  const kept = (file: string) =>
    file === from ||
    (!UNNEEDED.test(file) && !(own?.test(file) ?? false) && isFor(arch, file) && !isNested(from, file));
  copy(from, to, kept);
}

/** Prebuilt binaries are in folders named after their machine: linux-x64, linux_arm64, musl_x64. */
function isFor(arch: string, file: string): boolean {
  const machine = /^(?:android|darwin|linux|win32|musl)[-_](?<of>arm|arm64|ia32|x64|x64\+arm64)$/.exec(
    basename(file),
  );
  return machine === null || (/^linux[-_]/.test(basename(file)) && machine.groups?.['of'] === arch);
}

/** Each nested package is copied by its own entry in the lock. */
function isNested(from: string, file: string): boolean {
  return file.slice(from.length) === '/node_modules';
}

function copy(from: string, to: string, filter: (file: string) => boolean = () => true): void {
  cpSync(from, to, { recursive: true, dereference: true, filter });
}

/** Of every package that the bundle is made of: most licences ask for their text to go with the work. */
function licences(): string {
  const parts = Object.entries(lock).flatMap(([path, { dev, version }]) => {
    const folder = join(ROOT, path);
    if (path === '' || dev === true || !existsSync(folder)) return [];
    const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying|notice)/i.test(name));
    const said = (read(join(folder, 'package.json')) as { license?: string }).license ?? 'see its home page';
    const text = file === undefined ? `Licence: ${said}` : readFileSync(join(folder, file), 'utf8').trim();
    return [`${nameOf(path)} ${version}\n${'='.repeat(72)}\n${text}\n`];
  });
  return `${[...new Set(parts)].join('\n')}`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function read(file: string): { readonly dependencies?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}

if (import.meta.main) {
  const [what = '', fetched = '', folder = ''] = process.argv.slice(2);
  if (what === 'foreign') process.stdout.write(`${foreign(fetched).join('\n')}\n`);
  else {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    layOut(what, fetched, folder);
  }
}
