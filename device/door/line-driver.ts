/** One relay line and the door's inputs, as the relay process drives them. Opening a driver puts the relay to rest. */
export interface LineDriver {
  /** Throws when the line did not take it. */
  set(on: boolean): void;
  /** What the relay's line is read as, where the driver can; it may throw. */
  reads?(): boolean;
  inputs(): Readonly<Record<string, boolean>>;
  /** Changes since the last call, in order. Never waits. */
  changes(): LineChange[];
  /** Leaves the relay at rest. */
  close(): void;
}

export interface LineChange {
  readonly input: string;
  readonly active: boolean;
}
