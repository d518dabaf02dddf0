import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildInstalled, type Images } from '../../../device/rig/index.ts';
import type { CodeMaker } from '../../scenario/mixed-codes.ts';
import { READERS, setUpPlace } from '../place.ts';
import { readyImages, whyNoRig } from '../ready.ts';

/** What an installed virtual Pi is made of: a bare Debian as scripts/prove-package makes it, and this checkout's package. */
const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, '.cache/rig');
const DEBIAN = join(ROOT, '.cache/package/bookworm-amd64.tar');

/** Why no Debian can be installed into a virtual Pi here; said aloud by who skips. */
export function whyNoDebian(): string | undefined {
  const whyNot = whyNoRig();
  if (whyNot !== undefined || existsSync(DEBIAN)) return whyNot;
  return inDebianRoot('why_no_root amd64').trim() || undefined;
}

export async function layDebian(folder: string): Promise<{ images: Images; codes: CodeMaker }> {
  const file = makePackage(join(folder, 'package'), 1);
  const place = join(folder, 'place');
  const codes = await setUpPlace(place, { readers: READERS, more: { dataDir: '/var/lib/menwei/gate' } });
  return { images: await debianWith(folder, [file, place]), codes };
}

/** @returns the package's file, of this checkout */
export function makePackage(out: string, revision: number): string {
  const [file = ''] = execFileSync(
    join(ROOT, 'scripts/package'),
    ['amd64', '--revision', String(revision), '--out', out],
    {
      encoding: 'utf8',
      env: { ...process.env, MENWEI_PACKAGE_LEVEL: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  ).split('\n');
  return file;
}

/** @param brought into /srv, under their own names */
export async function debianWith(folder: string, brought: readonly string[]): Promise<Images> {
  if (!existsSync(DEBIAN)) makeDebian(join(folder, 'root'));
  const parts = {
    folder: FOLDER,
    images: await readyImages(),
    debian: DEBIAN,
    brought,
    laid: {
      // As scripts/image lays it.
      'usr/lib/systemd/system.conf.d/60-menwei.conf': join(ROOT, 'device/os/image/files/watchdog.conf'),
    },
  };
  return buildInstalled(parts, join(folder, 'layer.sqfs'));
}

function makeDebian(root: string): void {
  mkdirSync(root, { recursive: true });
  try {
    inDebianRoot(`make_root amd64 '${root}'; unmount_root '${root}'`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function inDebianRoot(commands: string): string {
  const from = (name: string) => `. '${join(ROOT, 'scripts/lib', name)}'`;
  return execFileSync('bash', ['-c', `${from('runtime.sh')}; ${from('debian-root.sh')}; ${commands}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
