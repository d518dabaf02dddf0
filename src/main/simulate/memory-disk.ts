import type { Disk, DiskFile } from '../../ports/index.ts';

/**
 * A disk in memory for the trust caches of simulated gates: a thousand gates on one machine would otherwise measure the
 * syncs of its one disk. It keeps nothing when the process ends.
 */
export function memoryDisk(): Disk {
  const files = new Map<string, Uint8Array[]>();
  return {
    makeFolder: async () => undefined,
    list: async (folder) =>
      [...files.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    read: async (path) => {
      const parts = files.get(path);
      return parts === undefined ? undefined : new Uint8Array(Buffer.concat(parts));
    },
    create: async (path) => {
      const parts: Uint8Array[] = [];
      files.set(path, parts);
      return fileOf(parts);
    },
    rename: async (from, to) => {
      const parts = files.get(from);
      if (parts === undefined) return false;
      files.delete(from);
      files.set(to, parts);
      return true;
    },
    remove: async (path) => void files.delete(path),
    syncFolder: async () => undefined,
  };
}

function fileOf(parts: Uint8Array[]): DiskFile {
  return {
    write: async (bytes) => {
      parts.push(bytes.slice());
      return bytes.length;
    },
    sync: async () => undefined,
    close: async () => undefined,
  };
}
