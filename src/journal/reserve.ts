import { closeSync, fsyncSync, ftruncateSync, openSync, statfsSync, statSync, writeSync } from 'node:fs';

/**
 * A file of zeros beside the journal that keeps disk blocks back for manual openings. It is emptied when a manual row
 * finds the disk full, and written again once there is room for it and half as much besides.
 * While it is not whole, rows for codes are refused. Never throws: a disk that can not hold the reserve is a full disk.
 */
const PIECE_BYTES = 64 * 1024;

export class Reserve {
  readonly #file: string;
  readonly #bytes: number;
  #whole: boolean;

  constructor(journalFile: string, bytes: number) {
    this.#file = `${journalFile}.reserve`;
    this.#bytes = bytes;
    this.#whole = allocatedBytes(this.#file) >= bytes;
  }

  get whole(): boolean {
    return this.#whole;
  }

  /** Writes the reserve again if it is gone and there is room. */
  ensure(): boolean {
    if (this.#whole) return true;
    const free = freeBytes(this.#file);
    if (free === undefined || free < this.#bytes * 1.5) return false;
    this.#whole = fill(this.#file, this.#bytes);
    if (!this.#whole) this.release();
    return this.#whole;
  }

  /** Gives the blocks back to the disk. The sync makes the file system forget them before the next write asks for space. */
  release(): void {
    this.#whole = false;
    attempt(() =>
      withFile(this.#file, (descriptor) => {
        ftruncateSync(descriptor, 0);
        fsyncSync(descriptor);
      }),
    );
  }
}

/** Bytes that this process may still write where the file is; undefined where the file system does not say. */
export function freeBytes(file: string): number | undefined {
  return attempt(() => {
    const { bavail, bsize } = statfsSync(directoryOf(file));
    return bavail * bsize;
  });
}

function directoryOf(file: string): string {
  const cut = file.lastIndexOf('/');
  return cut < 0 ? '.' : file.slice(0, cut + 1);
}

/** Blocks, not length: a sparse file reserves nothing. */
function allocatedBytes(file: string): number {
  const found = attempt(() => statSync(file));
  return found === undefined ? 0 : Math.min(found.size, found.blocks * 512);
}

function fill(file: string, bytes: number): boolean {
  const done = attempt(() =>
    withFile(file, (descriptor) => {
      ftruncateSync(descriptor, 0);
      const piece = new Uint8Array(PIECE_BYTES);
      // A full disk answers with a short count before it answers with an error.
      for (let written = 0; written < bytes; ) {
        const count = writeSync(descriptor, piece, 0, Math.min(PIECE_BYTES, bytes - written));
        if (count === 0) return false;
        written += count;
      }
      fsyncSync(descriptor);
      return true;
    }),
  );
  return done === true;
}

function withFile<Value>(file: string, work: (descriptor: number) => Value): Value {
  const descriptor = openSync(file, 'a+', 0o600);
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
