import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import type { Disk, DiskFile } from '../ports/index.ts';

/** The real disk, through node:fs. */
export function nodeDisk(): Disk {
  return {
    makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
    list: (folder) => readdir(folder),
    read: readFile,
    create: createFile,
    rename: (from, to) =>
      rename(from, to).then(
        () => true,
        (error: unknown) => absent(error, false),
      ),
    remove: (path) => rm(path, { force: true }),
    syncFolder,
  };
}

async function readFile(path: string, bytesMax: number): Promise<Uint8Array | undefined> {
  const file = await open(path, 'r').catch((error: unknown) => absent(error, undefined));
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    if (size > bytesMax) throw new RangeError(`${path} has ${size} bytes, more than ${bytesMax}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function createFile(path: string): Promise<DiskFile> {
  const file = await open(path, 'w', 0o600);
  return {
    write: async (bytes) => (await file.write(bytes)).bytesWritten,
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function absent<Value>(error: unknown, value: Value): Value {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return value;
  throw error;
}
