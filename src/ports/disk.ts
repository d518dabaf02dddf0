/**
 * The few file operations that durable state is made of, so that a test can make any of them fail.
 * Every one may throw; none of them retries. Paths are absolute.
 */
export interface Disk {
  /** With its parents; nothing happens when it is there. */
  makeFolder(path: string): Promise<void>;
  /** Names in it, without their path. */
  list(folder: string): Promise<readonly string[]>;
  /** @returns undefined when there is no such file */
  read(path: string, bytesMax: number): Promise<Uint8Array | undefined>;
  /** A new, empty file that only its owner may read; an old one of that name is emptied. */
  create(path: string): Promise<DiskFile>;
  /** @returns false when there is no such file */
  rename(from: string, to: string): Promise<boolean>;
  /** Nothing happens when there is no such file. */
  remove(path: string): Promise<void>;
  /** Makes creations, renames and removals in it durable. */
  syncFolder(path: string): Promise<void>;
}

export interface DiskFile {
  /** @returns how many bytes were taken: on a full disk fewer than were given, without any error */
  write(bytes: Uint8Array): Promise<number>;
  /** Makes what was written durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
