import type { MonotonicMs } from '../base/index.ts';

/** A source of code texts: scanner, camera, folder. Hostile input: whatever comes is only text until parse has seen it. */
export interface Reader {
  readonly id: string;
  /** Begins to read and goes on until `stop`; survives unplugging. Throws only for a configuration that can never work. */
  start(sink: ScanSink): Promise<void>;
  stop(): Promise<void>;
  health(): ReaderHealth;
}

/** The gate's end of a reader: a bounded queue. */
export interface ScanSink {
  /** @returns false when the queue is full: a patient reader awaits `room()` and offers again, a keyboard calls `dropped` */
  offer(scan: Scan): boolean;
  room(): Promise<void>;
  /** A text that could not be taken or was damaged on its way; it is counted and journaled. */
  dropped(reason: DropReason): void;
  /** Connection state changed; a lost reader raises an alarm. */
  changed(health: ReaderHealth): void;
}

/** Longest text a reader hands on, in UTF-16 units: a link form of kind 2 has about 310. */
export const SCAN_TEXT_MAX = 512;

export interface Scan {
  readonly reader: string;
  /** At most SCAN_TEXT_MAX; longer input arrives as `dropped('too-long')`. */
  readonly text: string;
  /** When the reader's end of line, or the decoded frame, was there. */
  readonly at: MonotonicMs;
}

export type DropReason = 'queue-full' | 'too-long' | 'keys-lost' | 'timed-out';

export interface ReaderHealth {
  readonly reader: string;
  readonly state: 'starting' | 'ready' | 'lost';
  /** One sentence for the installer when not ready. */
  readonly detail?: string;
}
