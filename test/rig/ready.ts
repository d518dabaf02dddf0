import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildImages, type Images, missingPackages, withCamera } from '../../device/rig/index.ts';

/** What every test of the virtual Pi needs first: the images, with this checkout's bundle in them. Kept in .cache/rig. */
const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '.cache/rig');
const LAID_IN = ['device/rig/guest', 'device/os/udev'];

/** Why there is no virtual Pi here; said aloud by who skips. */
export function whyNoRig(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it is built for x86-64 Linux only';
  const missing = missingPackages(process.env['PATH'] ?? '');
  if (missing.length > 0) return `missing here: ${missing.join(' ')}`;
  return existsSync('/etc/debian_version') ? undefined : 'it is built from Debian’s packages';
}

export async function readyImages(): Promise<Images> {
  execFileSync(join(ROOT, 'scripts/build-server'), { stdio: 'inherit' });
  return buildImages({ folder: FOLDER, checkout: ROOT, app: join(FOLDER, `app-${stamp()}.sqfs`) });
}

/** The same for ffmpeg, which only a camera wants: Debian's, laid beside. */
export function whyNoCamera(): string | undefined {
  const whyNot = whyNoRig();
  if (whyNot !== undefined || existsSync(join(FOLDER, 'camera.sqfs'))) return whyNot;
  const isListed = spawnSync('apt-cache', ['show', 'ffmpeg'], { stdio: 'ignore' }).status === 0;
  return isListed ? undefined : 'Debian’s package lists name no ffmpeg here; apt-get update may help';
}

export async function readyWithCamera(): Promise<Images> {
  return withCamera(FOLDER, await readyImages());
}

function stamp(): string {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'dist/server/.stamp')));
  for (const folder of LAID_IN)
    for (const name of readdirSync(join(ROOT, folder)).sort())
      hash.update(readFileSync(join(ROOT, folder, name)));
  return hash.digest('hex').slice(0, 16);
}
