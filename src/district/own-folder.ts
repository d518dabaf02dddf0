import { chmod, mkdir, stat } from 'node:fs/promises';
import type { Log } from '../ports/index.ts';

/**
 * The folder of everything that the district keeps. Nobody but its own user and group may look into it, also when it was
 * made by hand before; a broker's files below it are read by its group.
 */
export async function openOwnFolder(path: string, log: Log): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { mode } = await stat(path);
  if ((mode & OTHERS) === 0) return;
  try {
    await chmod(path, mode & ~OTHERS & PERMISSIONS);
    log.warn({}, 'dataDir: everybody on this machine could look into it; now only its user and group may');
  } catch {
    log.error({}, 'dataDir: everybody on this machine can look into it; take that away (chmod o-rwx)');
  }
}

/** chmod(2) */
const OTHERS = 0o007;
const PERMISSIONS = 0o7777;
