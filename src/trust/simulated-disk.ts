import type { Disk, DiskFile } from '../ports/index.ts';

/**
 * For tests: a disk in memory that can fail at a chosen operation and lose its power. What was not synced is torn or gone after a cut;
 * renames and removals that no folder sync has made durable may be lost, the last first, as on a journaling file system.
 */

interface Content {
  bytes: Uint8Array;
  synced: Uint8Array | undefined;
}

type Entries = ReadonlyMap<string, Content>;

export interface Failure {
  /** Operation at which it begins, counted from 1. */
  readonly at: number;
  readonly forever: boolean;
  readonly how: 'EIO' | 'ENOSPC' | 'EMFILE' | 'short';
}

export class SimulatedDisk implements Disk {
  /** State of the folder after each change since the last sync, the durable one first. */
  #history: Entries[] = [new Map()];
  #failure: Failure | undefined;
  operations = 0;

  get #now(): Entries {
    return this.#history.at(-1) ?? new Map();
  }

  fail(failure: Failure | undefined): void {
    this.#failure = failure;
    this.operations = 0;
  }

  /** Files as they are now, for a look or to damage one. */
  files(): string[] {
    return [...this.#now.keys()].sort();
  }

  bytesOf(path: string): Uint8Array {
    const content = this.#now.get(path);
    if (content === undefined) throw new Error(`no ${path}`);
    return content.bytes;
  }

  damage(path: string, change: (bytes: Uint8Array) => Uint8Array): void {
    const bytes = change(Uint8Array.from(this.bytesOf(path)));
    this.#set(path, { bytes, synced: bytes });
  }

  /** The disk as it is found after a power cut. @param kept how many unsynced folder changes had reached it */
  afterCut(kept: number): SimulatedDisk {
    const disk = new SimulatedDisk();
    const entries = this.#history[Math.min(kept, this.#history.length - 1)] ?? new Map<string, Content>();
    const found = [...entries].map(([path, { bytes, synced }]): [string, Content] => {
      const left = synced ?? bytes.subarray(0, Math.floor(bytes.length / 2));
      return [path, { bytes: left, synced: left }];
    });
    disk.#history = [new Map(found)];
    return disk;
  }

  get unsyncedChanges(): number {
    return this.#history.length - 1;
  }

  async makeFolder(): Promise<void> {
    this.#operation();
  }

  async list(folder: string): Promise<readonly string[]> {
    this.#operation();
    return [...this.#now.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1));
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    this.#operation();
    const content = this.#now.get(path);
    return content === undefined ? undefined : Uint8Array.from(content.bytes);
  }

  async create(path: string): Promise<DiskFile> {
    this.#operation();
    const content: Content = { bytes: new Uint8Array(), synced: undefined };
    this.#set(path, content);
    return {
      write: async (bytes) => {
        const short = this.#operation() === 'short';
        const taken = short ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;
        content.bytes = Uint8Array.from([...content.bytes, ...taken]);
        return taken.length;
      },
      sync: async () => {
        this.#operation();
        content.synced = content.bytes;
      },
      close: async () => void this.#operation(),
    };
  }

  async rename(from: string, to: string): Promise<boolean> {
    this.#operation();
    const content = this.#now.get(from);
    if (content === undefined) return false;
    const entries = new Map(this.#now).set(to, content);
    entries.delete(from);
    this.#history.push(entries);
    return true;
  }

  async remove(path: string): Promise<void> {
    this.#operation();
    const entries = new Map(this.#now);
    if (entries.delete(path)) this.#history.push(entries);
  }

  async syncFolder(): Promise<void> {
    this.#operation();
    this.#history = [this.#now];
  }

  #set(path: string, content: Content): void {
    this.#history.push(new Map(this.#now).set(path, content));
  }

  /** @returns 'short' when a write must take less than it is given */
  #operation(): 'short' | undefined {
    this.operations += 1;
    const failure = this.#failure;
    if (failure === undefined) return undefined;
    const now = failure.forever ? this.operations >= failure.at : this.operations === failure.at;
    if (!now) return undefined;
    if (failure.how === 'short') return 'short';
    throw Object.assign(new Error(`${failure.how}: simulated`), { code: failure.how });
  }
}
