import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * What the virtual Pi is made of: kernel, first root and system root from Debian's packages (build.sh), and a layer with the
 * appliance as this checkout has it. Everything lies in one folder and is made anew only when what it is made of changed.
 */
export interface Images {
  readonly kernel: string;
  readonly initrd: string;
  readonly root: string;
  readonly app: string;
  /** A layer between the two: programs that few tests want. */
  readonly more?: string;
}

/** Programs of the machine that builds and runs it, by the Debian package that brings each. */
export const NEEDED: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  mksquashfs: 'squashfs-tools',
  depmod: 'kmod',
  'gcc-12': 'gcc-12',
  make: 'make',
  xz: 'xz-utils',
  cpio: 'cpio',
  mke2fs: 'e2fsprogs',
};

/** Packages that stay beside the bundle and that a gate may load; the bundle's own manifest names them. */
const NOT_FOR_A_GATE = ['pdfkit'];
/** A run of the long tier takes hours. */
const LAYER_KEPT_MS = 24 * 3_600_000;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** @returns Debian packages that are missing here; without them nothing can be built or booted */
export function missingPackages(path: string): string[] {
  const places = [...path.split(':'), '/usr/sbin', '/sbin'];
  const isThere = (program: string) => places.some((place) => existsSync(join(place, program)));
  return Object.entries(NEEDED)
    .filter(([program]) => !isThere(program))
    .map(([, name]) => name);
}

/**
 * @param folder kept for the next time
 * @param checkout with the bundle in dist/server and the pages in dist/ui
 * @param app file of the checkout's layer, named after what is in it: one that is there is kept, old ones beside it are removed
 */
export async function buildImages(of: {
  readonly folder: string;
  readonly checkout: string;
  readonly app: string;
}): Promise<Images> {
  const { folder, checkout, app } = of;
  mkdirSync(folder, { recursive: true });
  await run(join(import.meta.dirname, 'build.sh'), [folder, process.execPath]);
  if (!existsSync(app)) {
    for (const old of layersOf(dirname(app))) rmSync(old);
    await layApp(checkout, app);
  }
  return {
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.gz'),
    root: join(folder, 'root.sqfs'),
    app,
  };
}

/** @returns the same images with Debian's ffmpeg in them, as a gate with a USB camera has it (camera.sh) */
export async function withCamera(folder: string, images: Images): Promise<Images> {
  await run(join(import.meta.dirname, 'camera.sh'), [folder]);
  return { ...images, more: join(folder, 'camera.sqfs') };
}

/** Layers that no machine can still be booting from. */
function layersOf(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => /^app-.*\.sqfs$/.test(name));
  return files
    .map((name) => join(folder, name))
    .filter((file) => Date.now() - statSync(file).mtimeMs > LAYER_KEPT_MS);
}

/** /opt/menwei as an installed gate has it: bundle, pages, the packages beside the bundle, udev's rules; and the guest's scripts. */
async function layApp(checkout: string, image: string): Promise<void> {
  // Its own: another test file may be at the same layer.
  const root = `${image}.${process.pid}.new`;
  const unfinished = `${image}.${process.pid}.part`;
  const home = join(root, 'opt/menwei');
  rmSync(root, { recursive: true, force: true });
  for (const part of ['dist/server', 'dist/ui']) {
    cpSync(join(checkout, part), join(home, part), {
      recursive: true,
      filter: (file) => !file.endsWith('.js.map'),
    });
  }
  for (const name of packagesBeside(join(checkout, 'dist/server/package.json'))) {
    const from = join('node_modules', name);
    cpSync(join(checkout, from), join(home, from), { recursive: true, dereference: true });
  }
  cpSync(join(checkout, 'device/os/udev'), join(root, 'opt/udev'), { recursive: true });
  cpSync(join(import.meta.dirname, 'guest'), join(root, 'rig'), { recursive: true });
  try {
    await run('mksquashfs', [
      root,
      unfinished,
      '-all-root',
      '-comp',
      'lz4',
      '-no-progress',
      '-quiet',
      '-noappend',
    ]);
    renameSync(unfinished, image);
  } finally {
    for (const left of [root, unfinished]) rmSync(left, { recursive: true, force: true });
  }
}

/** The bundle's packages, and theirs; an optional one that is not installed here is left out. */
function packagesBeside(bundle: string): string[] {
  const require = createRequire(bundle);
  const found = new Set<string>();
  const add = (names: Readonly<Record<string, string>>) => {
    for (const name of Object.keys(names)) {
      if (found.has(name) || NOT_FOR_A_GATE.includes(name)) continue;
      const folder = require.resolve
        .paths(name)
        ?.map((place) => join(place, name))
        .find((place) => existsSync(join(place, 'package.json')));
      if (folder === undefined) continue;
      found.add(name);
      add(needsOf(join(folder, 'package.json')));
    }
  };
  add(needsOf(bundle));
  return [...found];
}

function needsOf(file: string): Readonly<Record<string, string>> {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  return { ...dependencies, ...optionalDependencies };
}

/** Its words go to stderr: a build takes a minute. Throws when it fails. */
export async function run(file: string, args: readonly string[]): Promise<void> {
  const child = spawn(file, args, { stdio: ['ignore', process.stderr, process.stderr] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`${dirname(file) === '.' ? file : file.split('/').at(-1)} ended with ${code}`);
}
