import { accessSync, constants, readFileSync, realpathSync, statfsSync, statSync } from 'node:fs';
import type { Looked } from '../../setup/index.ts';

/** What the doctor asks the operating system, in one place: it looks, and changes nothing. */
export interface MachineView {
  /** Undefined when there is nothing at the path. */
  readonly look: (path: string) => SeenPath | undefined;
  readonly temperatureC: () => number | undefined;
  readonly power: () => 'ok' | 'undervoltage' | undefined;
  readonly isRaspberryPi: () => boolean;
  readonly memory: () => { readonly free: Looked<number>; readonly total: number };
}

export interface SeenPath {
  /** Where symbolic links lead. */
  readonly real: string;
  readonly kind: 'device' | 'folder' | 'file' | 'other';
  readonly readable: boolean;
  readonly writable: boolean;
  /** Permission bits. */
  readonly mode: number;
  readonly owner: number;
  /** Name of its group, or its number. */
  readonly group: string;
}

export function lookAt(path: string): SeenPath | undefined {
  try {
    const real = realpathSync(path);
    const seen = statSync(real);
    const kind = seen.isCharacterDevice()
      ? 'device'
      : seen.isDirectory()
        ? 'folder'
        : seen.isFile()
          ? 'file'
          : 'other';
    return {
      real,
      kind,
      readable: may(real, constants.R_OK),
      writable: may(real, constants.W_OK),
      mode: seen.mode & 0o777,
      owner: seen.uid,
      group: groupName(seen.gid),
    };
  } catch {
    return undefined;
  }
}

function may(path: string, how: number): boolean {
  try {
    accessSync(path, how);
    return true;
  } catch {
    return false;
  }
}

function groupName(id: number, file = '/etc/group'): string {
  try {
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .find((each) => each.split(':')[2] === String(id));
    return line?.split(':')[0] ?? String(id);
  } catch {
    return String(id);
  }
}

/** statfs(2): file systems that lose all with the power, and those that lie elsewhere. */
const IN_MEMORY = new Set([0x0102_1994, 0x8584_58f6]);
const ON_NETWORK = new Set([0x6969, 0xff53_4d42, 0xfe53_4d42, 0x517b, 0x0102_1997, 0x6573_5546]);

export function diskOf(
  path: string,
): Looked<{ kind: 'disk' | 'memory' | 'network'; freeBytes: number; totalBytes: number }> {
  try {
    const { type, bavail, blocks, bsize } = statfsSync(path);
    const kind = IN_MEMORY.has(type) ? 'memory' : ON_NETWORK.has(type) ? 'network' : 'disk';
    return { seen: { kind, freeBytes: bavail * bsize, totalBytes: blocks * bsize } };
  } catch (cause) {
    return { unseen: codeOf(cause) };
  }
}

export function memoryOf(file = '/proc/meminfo'): { free: Looked<number>; total: number } {
  try {
    const text = readFileSync(file, 'utf8');
    const figure = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1_024;
    const [free, total] = [figure('MemAvailable'), figure('MemTotal')];
    return Number.isFinite(free)
      ? { free: { seen: free }, total }
      : { free: { unseen: 'meminfo' }, total: 0 };
  } catch (cause) {
    return { free: { unseen: codeOf(cause) }, total: 0 };
  }
}

/** `ENOENT` and its like; never a message, which may hold more than is meant to be told. */
export function codeOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : 'unknown';
}
